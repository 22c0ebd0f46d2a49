package io.logplane.state.rocks;

import io.logplane.schemas.model.ObjectKey;
import io.logplane.state.Registry;
import io.logplane.state.StoredObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeSet;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/// All objects of a prefix as of one revision, in key order, from one RocksDB snapshot.
///
/// The newest state is read straight through; only keys changed after the revision are looked up in history. Those
/// come from
/// `changes` while they are few, else from walking the keys of `history`.
/// Thread: one at a time. Holds the snapshot until closed.
final class SnapshotScan implements Registry.Scan {
    /// Changed keys kept in memory, about 20 MiB; a read further back walks history instead.
    static final int MAX_CHANGED = 100_000;
    private static final byte[] END = {(byte) 0xff};
    /// First size of the buffer of [#drain]; it grows to the largest object met.
    private static final int BUFFER = 16 * 1024;

    private final LogStore store;
    private final Families families;
    private final Snapshot snapshot;
    private final List<AutoCloseable> natives = new ArrayList<>();
    private final long revision;
    private final RocksIterator now;
    private final Optional<RocksIterator> past;
    private final Optional<TreeSet<String>> changed;
    private final String prefix;
    private byte[] nowKey = END;
    private byte[] pastKey = END;
    private Optional<StoredObject> next = Optional.empty();
    private byte[] buffer = {};
    private boolean open = true;

    SnapshotScan(LogStore store, Families families, String prefix, long revision, String startKey) {
        store.acquire();
        this.store = store;
        this.families = families;
        this.prefix = prefix;
        this.revision = revision;
        snapshot = families.db.getSnapshot();
        Slice end = owned(new Slice(Layout.behind(Layout.utf8(prefix))));
        ReadOptions options = owned(new ReadOptions().setSnapshot(snapshot).setIterateUpperBound(end));
        now = owned(families.db.newIterator(families.current, options));
        changed = changedKeys();
        boolean any = changed.isEmpty() || !changed.get().isEmpty();
        past = any ? Optional.of(owned(families.db.newIterator(families.history, options))) : Optional.empty();
        String start = startKey.compareTo(prefix) > 0 ? startKey : prefix;
        now.seek(Layout.utf8(start));
        nowKey = now.isValid() ? now.key() : END;
        pastKey = nextPast(start, true);
    }

    @Override
    public boolean hasNext() {
        if (next.isEmpty()) {
            advance();
        }
        return next.isPresent();
    }

    @Override
    public StoredObject next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        StoredObject result = next.orElseThrow();
        next = Optional.empty();
        return result;
    }

    @Override
    public <E extends Exception> void drain(Registry.JsonSink<E> sink) throws E {
        while (hasNext()) {
            StoredObject object = next();
            sink.json(object.revision(), object.json(), 0, object.json().length);
            drainUnchanged(sink);
        }
    }

    /// What comes before the next key that may have changed since the revision: its newest version is the one.
    private <E extends Exception> void drainUnchanged(Registry.JsonSink<E> sink) throws E {
        while (nowKey != END && (pastKey == END || Arrays.compareUnsigned(nowKey, pastKey) < 0)) {
            int length = valueToBuffer();
            long version = Layout.u64(buffer, 0);
            if (version > revision) {
                nowKey = now.key();
                return;
            }
            sink.json(version, buffer, Layout.CURRENT_HEADER, length);
            now.next();
            // Without a changed key ahead, keys are not needed any more: not read.
            nowKey = !now.isValid() ? END : pastKey == END ? nowKey : now.key();
        }
    }

    private int valueToBuffer() {
        int length = now.value(buffer, 0, buffer.length);
        if (length > buffer.length) {
            buffer = new byte[Math.max(BUFFER, 2 * length)];
            length = now.value(buffer, 0, buffer.length);
        }
        return length;
    }

    @Override
    public void close() {
        if (!open) {
            return;
        }
        open = false;
        for (AutoCloseable part : natives.reversed()) {
            try {
                part.close();
            } catch (Exception failed) {
                throw new StoreFailed("cannot close a scan", failed);
            }
        }
        families.db.releaseSnapshot(snapshot);
        store.release();
    }

    private void advance() {
        next = Optional.empty();
        while (next.isEmpty() && (nowKey != END || pastKey != END)) {
            int order = Arrays.compareUnsigned(nowKey, pastKey);
            byte[] key = order <= 0 ? nowKey : pastKey;
            next = resolve(key, order <= 0);
            if (order <= 0) {
                now.next();
                nowKey = now.isValid() ? now.key() : END;
            }
            if (order >= 0) {
                pastKey = nextPast(Layout.text(key, 0, key.length), false);
            }
        }
    }

    private Optional<StoredObject> resolve(byte[] keyBytes, boolean live) {
        ObjectKey key = ObjectKey.parse(Layout.text(keyBytes, 0, keyBytes.length));
        if (live) {
            byte[] value = now.value();
            if (Layout.u64(value, 0) <= revision) {
                return Optional.of(Layout.current(key, value));
            }
        }
        return past.flatMap(history -> Versions.find(history, key, revision))
                .filter(version -> !version.removed()).map(Versions.Version::object);
    }

    /// The first key at (or only behind) `from` that has changed since the revision, or may have.
    private byte[] nextPast(String from, boolean inclusive) {
        if (past.isEmpty()) {
            return END;
        }
        if (changed.isPresent()) {
            String key = inclusive ? changed.get().ceiling(from) : changed.get().higher(from);
            return key == null ? END : Layout.utf8(key);
        }
        RocksIterator history = past.get();
        history.seek(Layout.utf8(inclusive ? from : from + "\u0001"));
        if (!history.isValid()) {
            return END;
        }
        byte[] found = history.key();
        return Arrays.copyOf(found, found.length - 9);
    }

    /// Keys under the prefix changed after the revision; empty when there are too many to keep.
    private Optional<TreeSet<String>> changedKeys() {
        TreeSet<String> keys = new TreeSet<>();
        try (ReadOptions all = new ReadOptions().setSnapshot(snapshot);
                RocksIterator at = families.db.newIterator(families.changes, all)) {
            int scanned = 0;
            for (at.seek(Layout.u64(revision + 1)); at.isValid(); at.next()) {
                if (++scanned > MAX_CHANGED) {
                    return Optional.empty();
                }
                String key = Layout.change(at.key(), at.value()).key();
                if (key.startsWith(prefix)) {
                    keys.add(key);
                }
            }
        }
        return Optional.of(keys);
    }

    private <T extends AutoCloseable> T owned(T part) {
        natives.add(part);
        return part;
    }
}
