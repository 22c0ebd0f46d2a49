package io.logplane.state;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// One accepted change as a watcher sees it.
///
/// Shape: `object` is the new state; for a removal the last state, its revision being that of the removal. `previous`
/// is the state
/// it replaced (selector transitions need it), empty for a create. `attachment` is a slot for encodings shared by all
/// watchers of
/// the same event (an event is encoded once). Thread: any.
public record Event(Type type, StoredObject object, Optional<StoredObject> previous, Attachment attachment) {

    public enum Type {
        ADDED, MODIFIED, DELETED
    }

    public long revision() {
        return object.revision();
    }

    /// Remembers one encoding per format name, made by whoever needs it first.
    public static final class Attachment {
        private final ConcurrentHashMap<String, Object> slots = new ConcurrentHashMap<>();

        @SuppressWarnings("unchecked")
        public <T> T of(String format, Supplier<T> make) {
            Object known = slots.get(format);
            return (T) (known == null ? slots.computeIfAbsent(format, unused -> make.get()) : known);
        }
    }
}
