package io.logplane.state.rocks;

import io.logplane.schemas.model.ObjectKey;
import io.logplane.state.Event;
import io.logplane.state.Registry;
import io.logplane.state.RevisionGone;
import io.logplane.state.StoredObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/// The state of one log on disk, with as much history as the window keeps.
///
/// Shape: layout in [Layout]; bound to a log by [Position]. What it holds is always a prefix of the log.
/// Thread: `newBatch`, `commit`, `trim` and `flush` belong to one thread; everything else may be called from any.
/// Errors: [StoreFailed]; [RevisionGone] for reads below the floor.
public final class LogStore implements AutoCloseable {
    /// How long close waits for open scans; one still open then keeps its memory until the process ends.
    private static final int CLOSE_PATIENCE_MILLIS = 5_000;

    private final Families families;
    private final Versions versions;
    private final Remembered remembered = new Remembered();
    private final AtomicInteger users = new AtomicInteger();
    private volatile boolean closed;
    private volatile Optional<Position> position;
    private volatile long floor;
    private volatile long verdictsFrom;

    private LogStore(Families families) {
        this.families = families;
        versions = new Versions(families);
        position = Optional.ofNullable(families.get(families.meta, Layout.POSITION)).map(Position::decode);
        byte[] stored = families.get(families.meta, Layout.FLOOR);
        floor = stored == null ? 0 : Layout.u64(stored, 0);
        byte[] from = families.get(families.meta, Layout.VERDICTS_FROM);
        verdictsFrom = from == null ? 0 : Layout.u64(from, 0);
    }

    public static LogStore open(Path dir, StoreMemory memory) {
        try {
            Files.createDirectories(dir);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return new LogStore(new Families(dir, memory));
    }

    /// Where the store stands; empty: nothing was ever committed.
    public Optional<Position> position() {
        return position;
    }

    /// Oldest revision that can be read.
    public long floor() {
        return floor;
    }

    public Batch newBatch() {
        return new Batch(this, families, false);
    }

    /// For a store that is only ever asked for the newest state of a key: no history, no indexes, nothing to trim.
    public Batch newestOnlyBatch() {
        return new Batch(this, families, true);
    }

    public void commit(Batch batch, Position now) {
        families.write(batch.finish(now, floor, verdictsFrom));
        remembered.forget(batch.keys());
        position = Optional.of(now);
    }

    /// Writes what a batch holds without moving the position: only while the store has none.
    public void write(Batch batch) {
        families.write(batch.raw());
        remembered.forget(batch.keys());
    }

    /// Forgets everything: what a build that was cut short left behind, or a state the log has run away from.
    public void clear() {
        families.clear();
        remembered.clear();
        position = Optional.empty();
        floor = 0;
        verdictsFrom = 0;
    }

    /// As [#commit] for a store whose history starts at this position.
    public void commitFrom(Batch batch, Position now) {
        floor = now.state().revision();
        verdictsFrom = now.state().position();
        commit(batch, now);
    }

    /// Makes everything committed durable.
    public void flush() {
        families.flush(true);
    }

    /// As [#flush], without waiting for it.
    public void flushSoon() {
        families.flush(false);
    }

    public Optional<StoredObject> get(ObjectKey key) {
        return reading(() -> remembered.get(key, this::read));
    }

    public Optional<StoredObject> get(ObjectKey key, long revision) {
        Optional<StoredObject> found = get(key).filter(now -> now.revision() <= revision);
        if (found.isEmpty()) {
            found = reading(() -> versions.at(key, revision));
        }
        requireKept(revision);
        return found;
    }

    public Registry.Scan scan(String prefix, long revision, String startKey) {
        requireKept(revision);
        Registry.Scan scan = new SnapshotScan(this, families, prefix, revision, startKey);
        try {
            requireKept(revision);
        } catch (RevisionGone gone) {
            scan.close();
            throw gone;
        }
        return scan;
    }

    public Registry.Scan ownedBy(String uid) {
        return new IndexScan(this, families, Layout.ownerTerm(uid));
    }

    public Registry.Scan podsOnNode(String node) {
        return new IndexScan(this, families, Layout.nodeTerm(node));
    }

    public long count(String prefix) {
        return reading(() -> {
            byte[] value = families.get(families.counts, Layout.utf8(prefix));
            return value == null ? 0L : Layout.u64(value, 0);
        });
    }

    /// Accepted changes of `prefix` after a revision, from history; at most `limit`, looking at no more than
    /// [Versions#MAX_SCANNED].
    public HistoryPage events(String prefix, long after, int limit) {
        return reading(() -> {
            requireKept(after);
            long reached = position.map(now -> now.state().revision()).orElse(0L);
            HistoryPage page = versions.events(prefix, after, reached, limit);
            requireKept(after);
            return page;
        });
    }

    /// Shape: everything up to `reached` has been looked at.
    public record HistoryPage(List<Event> events, long reached) {
    }

    /// A prefix that ends with a slash means everything below it, any other text one key.
    public static boolean matches(String prefix, String key) {
        return prefix.endsWith("/") ? key.startsWith(prefix) : key.equals(prefix);
    }

    /// The first offset [#accepted] knows about: 0, or where a store built from the topic `state` begins.
    public long verdictsFrom() {
        return verdictsFrom;
    }

    /// Whether the record at this offset was an accepted change; meaningful below the position.
    public boolean accepted(long offset) {
        int bit = (int) (offset % Layout.VERDICT_SEGMENT);
        return (verdictSegment(offset / Layout.VERDICT_SEGMENT)[bit >> 3] >> (bit & 7) & 1) == 1;
    }

    /// Forgets history of changes appended before `cutoff`, at most `limit` of them. Shape: how many were forgotten.
    public int trim(long cutoff, int limit) {
        return reading(() -> {
            try (WriteBatch out = new WriteBatch();
                    RocksIterator at = families.db.newIterator(families.changes)) {
                int count = 0;
                long newFloor = floor;
                for (at.seek(Layout.u64(floor)); at.isValid() && count < limit; at.next(), count++) {
                    Layout.Change change = Layout.change(at.key(), at.value());
                    if (change.appendTime() >= cutoff) {
                        break;
                    }
                    forget(out, change);
                    newFloor = change.revision();
                }
                if (count > 0) {
                    out.put(families.meta, Layout.FLOOR, Layout.u64(newFloor));
                    floor = newFloor;
                    families.write(out);
                }
                return count;
            } catch (RocksDBException failed) {
                throw new StoreFailed("cannot trim history", failed);
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        long until = System.nanoTime() + CLOSE_PATIENCE_MILLIS * 1_000_000L;
        while (users.get() > 0 && System.nanoTime() < until) {
            LockSupport.parkNanos(1_000_000);
        }
        if (users.get() == 0) {
            if (position.isPresent()) {
                families.flush(true);
            }
            families.close();
        }
    }

    byte[] verdictSegment(long segment) {
        return reading(() -> {
            byte[] bits = families.get(families.verdicts, Layout.u64(segment));
            return bits == null ? new byte[Layout.VERDICT_SEGMENT / 8] : bits;
        });
    }

    void acquire() {
        users.incrementAndGet();
        if (closed) {
            users.decrementAndGet();
            throw new StoreFailed("the local state is closed");
        }
    }

    void release() {
        users.decrementAndGet();
    }

    private Optional<StoredObject> read(ObjectKey key) {
        byte[] value = families.get(families.current, Layout.utf8(key.text()));
        return value == null ? Optional.empty() : Optional.of(Layout.current(key, value));
    }

    private void forget(WriteBatch out, Layout.Change change) throws RocksDBException {
        byte[] key = Layout.utf8(change.key());
        if (change.previous() != 0) {
            out.delete(families.history, Layout.historyKey(key, change.previous()));
        }
        if (change.removed()) {
            out.delete(families.history, Layout.historyKey(key, change.revision()));
        }
        out.delete(families.changes, Layout.u64(change.revision()));
    }

    private void requireKept(long revision) {
        if (revision < floor) {
            throw new RevisionGone(revision, floor);
        }
    }

    private <T> T reading(java.util.function.Supplier<T> read) {
        acquire();
        try {
            return read.get();
        } finally {
            release();
        }
    }
}
