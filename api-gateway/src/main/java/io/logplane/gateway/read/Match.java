package io.logplane.gateway.read;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.request.FieldSelector;
import io.logplane.gateway.request.LabelSelector;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.ResourceType;
import io.logplane.state.StoredObject;
import java.util.function.Supplier;

/// Whether an object is among those asked for. Parses it only when the key cannot tell.
record Match(ResourceType type, LabelSelector labels, FieldSelector fields) {

    boolean everything() {
        return labels.matchesEverything() && fields.matchesEverything();
    }

    boolean test(StoredObject object) {
        return test(object, () -> Json.object(object.json()));
    }

    boolean test(StoredObject object, Supplier<ObjectNode> tree) {
        if (!fields.matchesKey(object.key().apiNamespace(), object.key().name())) {
            return false;
        }
        if (labels.matchesEverything() && fields.keyOnly()) {
            return true;
        }
        ObjectNode parsed = tree.get();
        return labels.matches(parsed.path("metadata").path("labels"))
                && (fields.keyOnly() || fields.matches(type.read(parsed), type));
    }
}
