package io.logplane.state.rocks;

import io.logplane.schemas.model.ObjectKey;
import io.logplane.state.Event;
import io.logplane.state.RevisionGone;
import io.logplane.state.StoredObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.rocksdb.RocksIterator;

/// Reads of superseded versions and of the changes between them. Thread: any; the caller holds the store open.
final class Versions {
    /// Changes looked at by one [#events] call, so that a watcher of a rare key does not hold a read for seconds.
    static final int MAX_SCANNED = 20_000;
    private final Families families;

    Versions(Families families) {
        this.families = families;
    }

    record Version(boolean removed, StoredObject object) {
    }

    /// The object as of a revision at which it was not the newest version.
    Optional<StoredObject> at(ObjectKey key, long revision) {
        try (RocksIterator at = families.db.newIterator(families.history)) {
            return find(at, key, revision).filter(version -> !version.removed()).map(Version::object);
        }
    }

    /// The newest version at or below a revision that is not in `current`.
    static Optional<Version> find(RocksIterator at, ObjectKey key, long revision) {
        byte[] wanted = Layout.historyKey(Layout.utf8(key.text()), revision);
        at.seek(wanted);
        if (!at.isValid()) {
            return Optional.empty();
        }
        byte[] found = at.key();
        int keyEnd = wanted.length - 8;
        if (found.length != wanted.length || !Arrays.equals(found, 0, keyEnd, wanted, 0, keyEnd)) {
            return Optional.empty();
        }
        byte[] value = at.value();
        return Optional.of(new Version(value[0] == Layout.REMOVED,
                Layout.history(key, Layout.historyRevision(found), value)));
    }

    /// Changes of a prefix with revisions above `after`, up to `until`.
    LogStore.HistoryPage events(String prefix, long after, long until, int limit) {
        List<Layout.Change> matching = new ArrayList<>();
        long reached = until;
        try (RocksIterator at = families.db.newIterator(families.changes)) {
            int scanned = 0;
            for (at.seek(Layout.u64(after + 1)); at.isValid(); at.next()) {
                Layout.Change change = Layout.change(at.key(), at.value());
                if (change.revision() > until) {
                    break;
                }
                if (LogStore.matches(prefix, change.key())) {
                    matching.add(change);
                }
                if (matching.size() == limit || ++scanned == MAX_SCANNED) {
                    reached = change.revision();
                    break;
                }
            }
        }
        return new LogStore.HistoryPage(matching.stream().map(this::event).toList(), reached);
    }

    private Event event(Layout.Change change) {
        ObjectKey key = ObjectKey.parse(change.key());
        Optional<StoredObject> previous = change.previous() == 0 ? Optional.empty() : at(key, change.previous());
        Event.Type type = change.removed()
                ? Event.Type.DELETED
                : change.previous() == 0 ? Event.Type.ADDED : Event.Type.MODIFIED;
        return new Event(type, exactly(key, change.revision()), previous, new Event.Attachment());
    }

    /// The version made by the change at this revision, wherever it is by now.
    private StoredObject exactly(ObjectKey key, long revision) {
        byte[] newest = families.get(families.current, Layout.utf8(key.text()));
        if (newest != null && Layout.u64(newest, 0) == revision) {
            return Layout.current(key, newest);
        }
        try (RocksIterator at = families.db.newIterator(families.history)) {
            return find(at, key, revision).map(Version::object).filter(object -> object.revision() == revision)
                    .orElseThrow(() -> new RevisionGone(revision, revision + 1));
        }
    }
}
