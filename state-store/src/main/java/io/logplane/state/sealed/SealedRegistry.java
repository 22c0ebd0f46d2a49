package io.logplane.state.sealed;

import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Refusal;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.topics.Topic;
import io.logplane.schemas.topics.Topics;
import io.logplane.state.Event;
import io.logplane.state.Proposal;
import io.logplane.state.Registry;
import io.logplane.state.StoredObject;
import io.logplane.state.Verdict;
import io.logplane.state.Watch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// A registry that seals what is appended and opens what is read; everybody above it sees plain objects.
///
/// Errors: [Refused] 500 for an object that no key opens, when it is read; 413 for one that is too large once sealed.
/// Thread: any.
public final class SealedRegistry implements Registry {
    private static final String OPENED = "opened";
    private static final String PREVIOUS = "opened-previous";

    private final Registry inner;
    private final Supplier<Sealing> sealing;

    public SealedRegistry(Registry inner, Supplier<Sealing> sealing) {
        this.inner = inner;
        this.sealing = sealing;
    }

    @Override
    public Verdict append(Proposal plain) throws InterruptedException {
        if (plain.object().length == 0) {
            return inner.append(plain);
        }
        byte[] object = sealing.get().seal(plain.key(), plain.object());
        if (object.length > Topics.MAX_OBJECT_BYTES) {
            throw new Refused(Refusal.of(413, "RequestEntityTooLarge", "Request entity too large: limit is "
                    + Topics.MAX_OBJECT_BYTES + " with encryption"));
        }
        return inner.append(new Proposal(plain.key(), plain.remove(), object, plain.expectedRevision(), plain
                .readSet(), plain.requestId(), plain.timestampMillis(), plain.deadlineMillis(), plain.verb(),
                plain
                        .subresource(),
                plain.actor(), plain.cause()));
    }

    @Override
    public boolean wouldRewrite(ObjectKey key) {
        return inner.get(key).map(stored -> sealing.get().stale(key, stored.json())).orElse(false);
    }

    @Override
    public Optional<StoredObject> get(ObjectKey key) {
        return inner.get(key).map(this::open);
    }

    @Override
    public Optional<StoredObject> get(ObjectKey key, long revision) {
        return inner.get(key, revision).map(this::open);
    }

    @Override
    public Scan scan(String prefix, long revision, String startKey) {
        return new OpeningScan(inner.scan(prefix, revision, startKey), sealing.get().covers(prefix));
    }

    @Override
    public Scan ownedBy(String ownerUid) {
        return new OpeningScan(inner.ownedBy(ownerUid), true);
    }

    @Override
    public Scan podsOnNode(String node) {
        return new OpeningScan(inner.podsOnNode(node), true);
    }

    @Override
    public Watch watch(String prefix, long afterRevision) {
        return new OpeningWatch(inner.watch(prefix, afterRevision));
    }

    private StoredObject open(StoredObject stored) {
        byte[] plain = sealing.get().open(stored.key(), stored.json());
        return plain == stored.json()
                ? stored
                : new StoredObject(stored.key(), stored.revision(), stored.createdRevision(), plain);
    }

    private final class OpeningScan implements Scan {
        private final Scan scan;
        private final boolean covered;

        OpeningScan(Scan scan, boolean covered) {
            this.scan = scan;
            this.covered = covered;
        }

        @Override
        public boolean hasNext() {
            return scan.hasNext();
        }

        @Override
        public StoredObject next() {
            return open(scan.next());
        }

        /// Resources that are not encrypted keep their fast way; one that was so once is found by the look of it.
        @Override
        public <E extends Exception> void drain(JsonSink<E> sink) throws E {
            if (covered) {
                Scan.super.drain(sink);
                return;
            }
            scan.drain((revision, buffer, from, to) -> {
                if (SealedForm.looksSo(buffer, from, to)) {
                    throw new Refused(Refusal.of(500, "InternalError",
                            "Internal error occurred: an encrypted object is in the list of a resource that is not "
                                    + "configured to be encrypted"));
                }
                sink.json(revision, buffer, from, to);
            });
        }

        @Override
        public void close() {
            scan.close();
        }
    }

    private final class OpeningWatch implements Watch {
        private final Watch watch;

        OpeningWatch(Watch watch) {
            this.watch = watch;
        }

        @Override
        public List<Event> next(Duration patience) throws InterruptedException {
            List<Event> events = watch.next(patience);
            for (Event event : events) {
                if (SealedForm.looksSo(event.object().json()) || event.previous().filter(previous -> SealedForm
                        .looksSo(previous.json())).isPresent()) {
                    return events.stream().map(this::opened).toList();
                }
            }
            return events;
        }

        /// Opened once for all watchers of an event: the attachment is theirs together.
        private Event opened(Event event) {
            Event.Attachment shared = event.attachment();
            return new Event(event.type(), shared.of(OPENED, () -> open(event.object())), event.previous().map(
                    previous -> shared.of(PREVIOUS, () -> open(previous))), shared);
        }

        @Override
        public long position() {
            return watch.position();
        }

        @Override
        public void close() {
            watch.close();
        }
    }

    @Override
    public long barrier(Topic log, Duration patience) throws InterruptedException {
        return inner.barrier(log, patience);
    }

    @Override
    public boolean awaitRevision(Topic log, long revision, Duration patience) throws InterruptedException {
        return inner.awaitRevision(log, revision, patience);
    }

    @Override
    public long revision(Topic log) {
        return inner.revision(log);
    }

    @Override
    public long oldestRevision(Topic log) {
        return inner.oldestRevision(log);
    }

    @Override
    public long count(String prefix) {
        return inner.count(prefix);
    }

    @Override
    public Optional<String> notReady() {
        return inner.notReady();
    }

    @Override
    public void close() {
        inner.close();
    }
}
