package io.logplane.gateway.admission;

import io.logplane.schemas.types.TypeCatalogue;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.state.StoredObject;
import java.util.List;
import java.util.Optional;

/// Other objects, as admission looks them up. Shape: `newest` waits for everything acknowledged before now.
public interface Lookup {
    Optional<StoredObject> here(ObjectKey key);

    Optional<StoredObject> newest(ObjectKey key);

    /// Objects of a type, in a namespace or everywhere, as this gateway has them. Shape: in key order; `prefix` is one
    /// of [ObjectKey#prefix], nothing longer: those are what is counted.
    List<StoredObject> list(String prefix);

    /// The types there are.
    default TypeCatalogue types() {
        return TypeCatalogue.BUILT_IN;
    }

    /// What this gateway has, or the newest when it has nothing.
    default Optional<StoredObject> find(ObjectKey key) {
        return here(key).or(() -> newest(key));
    }

    default Optional<ObjectNode> tree(ObjectKey key) {
        return find(key).map(found -> Json.object(found.json()));
    }
}
