package io.logplane.state.rocks;

import io.logplane.schemas.model.ObjectKey;
import io.logplane.state.Event;
import io.logplane.state.StoredObject;
import io.logplane.state.core.Effect;
import io.logplane.state.core.StateDigest;
import io.logplane.state.core.StateView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/// Everything one poll changes, collected and then written as one: data, history, indexes, counts, verdicts, position.
///
/// It is also the state the records of the same poll are judged by: what earlier ones of them did is already seen.
/// Thread: the reader's. Must be closed.
public final class Batch implements StateView, AutoCloseable {
    private final LogStore store;
    private final Families families;
    private final boolean newestOnly;
    private final WriteBatch out = new WriteBatch();
    private final Map<String, Optional<StoredObject>> seen = new HashMap<>();
    private final Map<String, Long> counts = new HashMap<>();
    private final Map<Long, byte[]> verdicts = new HashMap<>();
    private final List<Event> events = new ArrayList<>();

    /// Shape: `newestOnly` leaves out history and indexes, for a store that answers nothing but the newest state of a
    /// key.
    Batch(LogStore store, Families families, boolean newestOnly) {
        this.store = store;
        this.families = families;
        this.newestOnly = newestOnly;
    }

    @Override
    public Optional<Held> held(String key) {
        return object(key).map(StoredHeld::new);
    }

    /// Notes an effect. `offset` and `appendTime` are those of its record.
    public void apply(Effect effect, long offset, long appendTime) {
        ObjectKey key = effect.key();
        String text = key.text();
        byte[] keyBytes = Layout.utf8(text);
        Optional<StoredObject> old = object(text);
        try {
            if (!newestOnly) {
                old.ifPresent(previous -> supersede(keyBytes, previous));
                note(effect, old, appendTime);
            }
            switch (effect) {
                case Effect.Put put -> put(keyBytes, put, old);
                case Effect.Remove remove -> remove(keyBytes, remove, old);
            }
        } catch (RocksDBException failed) {
            throw new StoreFailed("cannot build a batch", failed);
        }
        markAccepted(offset);
    }

    /// The events of this batch so far, in log order.
    public List<Event> events() {
        return events;
    }

    /// Writes an object as it is, without history or event: for building a store from the topic `state`.
    public void load(StoredObject object) {
        String text = object.key().text();
        byte[] keyBytes = Layout.utf8(text);
        Optional<StoredObject> old = object(text);
        try {
            old.ifPresent(previous -> unindex(previous));
            out.put(families.current, keyBytes, Layout.current(object));
            for (byte[] term : terms(object.key(), object.json())) {
                out.put(families.index, term, new byte[0]);
            }
        } catch (RocksDBException failed) {
            throw new StoreFailed("cannot build a batch", failed);
        }
        if (old.isEmpty()) {
            count(object.key(), 1);
        }
        seen.put(text, Optional.of(object));
    }

    /// The opposite of [#load].
    public void unload(ObjectKey key) {
        String text = key.text();
        object(text).ifPresent(previous -> {
            try {
                unindex(previous);
                out.delete(families.current, Layout.utf8(text));
            } catch (RocksDBException failed) {
                throw new StoreFailed("cannot build a batch", failed);
            }
            count(key, -1);
            seen.put(text, Optional.empty());
        });
    }

    /// Keys it changes, and some it has only looked at.
    Set<String> keys() {
        return seen.keySet();
    }

    WriteBatch raw() {
        try {
            for (Map.Entry<String, Long> count : counts.entrySet()) {
                out.put(families.counts, Layout.utf8(count.getKey()), Layout.u64(count.getValue()));
            }
            for (Map.Entry<Long, byte[]> segment : verdicts.entrySet()) {
                out.put(families.verdicts, Layout.u64(segment.getKey()), segment.getValue());
            }
        } catch (RocksDBException failed) {
            throw new StoreFailed("cannot build a batch", failed);
        }
        return out;
    }

    WriteBatch finish(Position position, long floor, long verdictsFrom) {
        raw();
        try {
            out.put(families.meta, Layout.POSITION, position.encode());
            out.put(families.meta, Layout.FLOOR, Layout.u64(floor));
            out.put(families.meta, Layout.VERDICTS_FROM, Layout.u64(verdictsFrom));
        } catch (RocksDBException failed) {
            throw new StoreFailed("cannot build a batch", failed);
        }
        return out;
    }

    @Override
    public void close() {
        out.close();
    }

    private void note(Effect effect, Optional<StoredObject> old, long appendTime) throws RocksDBException {
        Layout.Change change = new Layout.Change(effect.revision(), effect instanceof Effect.Remove,
                old.map(StoredObject::revision).orElse(0L), appendTime, effect.key().text());
        out.put(families.changes, Layout.u64(effect.revision()), Layout.change(change));
    }

    private Optional<StoredObject> object(String key) {
        Optional<StoredObject> known = seen.get(key);
        if (known == null) {
            known = ObjectKey.tryParse(key).flatMap(store::get);
            seen.put(key, known);
        }
        return known;
    }

    private void put(byte[] keyBytes, Effect.Put put, Optional<StoredObject> old) throws RocksDBException {
        StoredObject now = new StoredObject(put.key(), put.revision(), put.createdRevision(), put.object());
        old.ifPresent(this::unindex);
        for (byte[] term : terms(put.key(), put.object())) {
            out.put(families.index, term, new byte[0]);
        }
        out.put(families.current, keyBytes, Layout.current(now));
        if (old.isEmpty()) {
            count(put.key(), 1);
        }
        seen.put(put.key().text(), Optional.of(now));
        Event.Type type = old.isEmpty() ? Event.Type.ADDED : Event.Type.MODIFIED;
        events.add(new Event(type, now, old, new Event.Attachment()));
    }

    private void remove(byte[] keyBytes, Effect.Remove remove, Optional<StoredObject> old) throws RocksDBException {
        if (old.isEmpty()) {
            return;
        }
        StoredObject before = old.get();
        byte[] last = remove.last().length == 0 ? before.json() : remove.last();
        StoredObject gone = new StoredObject(remove.key(), remove.revision(), before.createdRevision(), last);
        unindex(before);
        out.delete(families.current, keyBytes);
        if (!newestOnly) {
            out.put(families.history, Layout.historyKey(keyBytes, remove.revision()),
                    Layout.history(Layout.REMOVED, gone));
        }
        count(remove.key(), -1);
        seen.put(remove.key().text(), Optional.empty());
        events.add(new Event(Event.Type.DELETED, gone, old, new Event.Attachment()));
    }

    private void supersede(byte[] keyBytes, StoredObject previous) {
        try {
            out.put(families.history, Layout.historyKey(keyBytes, previous.revision()),
                    Layout.history(Layout.VERSION, previous));
        } catch (RocksDBException failed) {
            throw new StoreFailed("cannot build a batch", failed);
        }
    }

    private List<byte[]> terms(ObjectKey key, byte[] json) {
        return newestOnly ? List.of() : IndexTerms.of(key, json);
    }

    private void unindex(StoredObject object) {
        try {
            for (byte[] term : terms(object.key(), object.json())) {
                out.delete(families.index, term);
            }
        } catch (RocksDBException failed) {
            throw new StoreFailed("cannot build a batch", failed);
        }
    }

    private void count(ObjectKey key, long by) {
        for (String prefix : List.of(ObjectKey.prefix(key.apiGroup(), key.resource()),
                ObjectKey.prefix(key.apiGroup(), key.resource(), key.namespace()))) {
            Long now = counts.get(prefix);
            counts.put(prefix, (now == null ? store.count(prefix) : now) + by);
        }
    }

    private void markAccepted(long offset) {
        byte[] bits = verdicts.computeIfAbsent(offset / Layout.VERDICT_SEGMENT, store::verdictSegment);
        int bit = (int) (offset % Layout.VERDICT_SEGMENT);
        bits[bit >> 3] |= (byte) (1 << (bit & 7));
    }

    private record StoredHeld(StoredObject object) implements Held {
        @Override
        public long revision() {
            return object.revision();
        }

        @Override
        public long createdRevision() {
            return object.createdRevision();
        }

        @Override
        public boolean sameBytes(byte[] other) {
            return Arrays.equals(object.json(), other);
        }

        @Override
        public byte[] leaf() {
            return StateDigest.leaf(object.key().text(), object.revision(), object.createdRevision(), object.json());
        }
    }
}
