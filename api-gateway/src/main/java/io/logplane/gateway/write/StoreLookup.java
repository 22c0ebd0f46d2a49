package io.logplane.gateway.write;

import io.logplane.gateway.admission.Lookup;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.state.StoredObject;
import java.util.Optional;

/// Other objects from the state. Thread: any.
public record StoreLookup(Appender appender) implements Lookup {
    @Override
    public Optional<StoredObject> here(ObjectKey key) {
        return appender.registry().get(key);
    }

    @Override
    public Optional<StoredObject> newest(ObjectKey key) {
        return appender.newest(key);
    }
}
