package io.logplane.state.rocks;

import io.logplane.schemas.model.ObjectKey;
import io.logplane.state.StoredObject;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/// Namespaces as they were last read: every write into one asks for it.
///
/// A key is looked up and remembered in one step, and forgotten after a batch that changed it was written, so what is
/// remembered is never older than the store's position.
/// Thread: any. Limits: [#MAX_KEYS].
final class Remembered {
    /// All are forgotten when there are more: about 10 MiB.
    static final int MAX_KEYS = 4_096;
    private static final String PREFIX = ObjectKey.prefix("", "namespaces");

    private final ConcurrentMap<String, Optional<StoredObject>> objects = new ConcurrentHashMap<>();

    Optional<StoredObject> get(ObjectKey key, Function<ObjectKey, Optional<StoredObject>> lookup) {
        String text = key.text();
        if (!text.startsWith(PREFIX)) {
            return lookup.apply(key);
        }
        if (objects.size() >= MAX_KEYS) {
            objects.clear();
        }
        return objects.computeIfAbsent(text, unused -> lookup.apply(key));
    }

    /// What stands under these keys has been written anew.
    void forget(Collection<String> keys) {
        for (String key : keys) {
            if (key.startsWith(PREFIX)) {
                objects.remove(key);
            }
        }
    }

    void clear() {
        objects.clear();
    }
}
