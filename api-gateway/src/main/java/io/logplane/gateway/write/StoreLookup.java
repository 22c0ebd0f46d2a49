package io.logplane.gateway.write;

import java.util.function.Supplier;
import io.logplane.schemas.types.TypeCatalogue;
import io.logplane.gateway.admission.Lookup;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.topics.Topics;
import io.logplane.state.Registry;
import io.logplane.state.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Other objects from the state. Thread: any.
public record StoreLookup(Appender appender, Supplier<TypeCatalogue> catalogue) implements Lookup {
    @Override
    public Optional<StoredObject> here(ObjectKey key) {
        return appender.registry().get(key);
    }

    @Override
    public Optional<StoredObject> newest(ObjectKey key) {
        return appender.newest(key);
    }

    @Override
    public TypeCatalogue types() {
        return catalogue.get();
    }

    @Override
    public List<StoredObject> list(String prefix) {
        Registry registry = appender.registry();
        if (registry.count(prefix) == 0) {
            return List.of();
        }
        List<StoredObject> found = new ArrayList<>();
        try (Registry.Scan scan = registry.scan(prefix, registry.revision(Topics.REGISTRY), "")) {
            scan.forEachRemaining(found::add);
        }
        return found;
    }
}
