package io.logplane.gateway.read;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.request.ListOptions;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.topics.Topic;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.Rules;
import io.logplane.state.Event;
import io.logplane.state.Registry;
import io.logplane.state.RevisionGone;
import io.logplane.state.StoredObject;
import io.logplane.state.Watch;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/// One watch: what exists, if asked for, then every change, until its time is up or its reader is gone.
///
/// It ends, too, when the definition of its type asks for something else: its reader starts again with the new one.
/// A bookmark says that everything up to its revision was delivered; so it is sent only when all events up to the
/// position of the
/// subscription have been written. Thread: one virtual thread per watch; one flush per batch.
public final class Watcher {
    /// How often a quiet watch gets a bookmark; also how soon a gone HTTP/1.1 client is noticed.
    private static final Duration BOOKMARKS = Duration.ofSeconds(60);
    /// How soon a quiet watch of a custom type notices that its definition has changed.
    private static final Duration CHANGES = Duration.ofSeconds(5);
    /// A watch without timeoutSeconds lives this long, up to twice; upstream's figures.
    private static final long MIN_SECONDS = 1800;

    private final Registry registry;
    private final Revisions revisions;
    private final InstantSource clock;
    private final Function<ResourceType, Optional<ResourceType>> served;

    /// Shape: `served` says how a type is served now; empty when it is not.
    public Watcher(Registry registry, InstantSource clock, Function<ResourceType, Optional<ResourceType>> served) {
        this.registry = registry;
        this.revisions = new Revisions(registry);
        this.clock = clock;
        this.served = served;
    }

    /// Where frames go. Errors: IOException ends the watch: the reader is gone.
    public interface Sink {
        void event(Event.Type type, StoredObject object, Optional<Event.Attachment> shared) throws IOException;

        void bookmark(long revision, boolean initialEventsEnd) throws IOException;

        void error(Refused refusal) throws IOException;

        void flush() throws IOException;
    }

    /// A watch ready to run. Shape: `initial` are sent first, as ADDED.
    private record Start(long after, Optional<Reader.Listing> initial, boolean endMark) {
    }

    /// Errors: before the first byte, [Refused]; afterwards they go into the stream.
    public void run(ResourceType type, String namespace, ListOptions options, Sink sink) throws IOException {
        options.fields().check(type);
        Instant end = clock.instant().plusSeconds(options.timeoutSeconds().orElseGet(() -> MIN_SECONDS
                + ThreadLocalRandom.current().nextLong(MIN_SECONDS)));
        Match match = new Match(type, options.labels(), options.fields());
        Start start = start(type, namespace, options);
        try {
            initial(start, sink);
            follow(type, namespace, start.after(), match, options.bookmarks(), end, sink);
        } catch (RevisionGone gone) {
            sink.error(Refusals.expired(gone.asked(), gone.oldest()));
            sink.flush();
        } catch (Refused unreadable) { // an object that no key opens
            sink.error(unreadable);
            sink.flush();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private Start start(ResourceType type, String namespace, ListOptions options) {
        Topic log = Reader.log(type);
        boolean unspecified = options.revision().isEmpty() || options.any();
        boolean initial = options.sendInitialEvents().orElse(unspecified);
        if (!initial) {
            long after = options.revision().isEmpty()
                    ? revisions.newest(log)
                    : options.any() ? revisions.any(log) : options.revision().getAsLong();
            return new Start(after, Optional.empty(), false);
        }
        boolean list = options.sendInitialEvents().isPresent();
        OptionalLong at = options.revision();
        ListOptions whole = new ListOptions(options.labels(), options.fields(), at, "", 0, "", Optional.empty(), false,
                OptionalLong.empty());
        Reader.Listing listing = new Reader(registry).list(type, namespace, whole);
        return new Start(listing.revision(), Optional.of(listing), list && options.bookmarks());
    }

    private static void initial(Start start, Sink sink) throws IOException {
        sink.flush();
        if (start.initial().isEmpty()) {
            return;
        }
        try (Reader.Listing listing = start.initial().get()) {
            while (listing.items().hasNext()) {
                sink.event(Event.Type.ADDED, listing.items().next(), Optional.empty());
            }
        }
        if (start.endMark()) {
            sink.bookmark(start.after(), true);
        }
        sink.flush();
    }

    /// Whether objects of this type are still served in this form.
    private boolean same(ResourceType type) {
        Optional<ResourceType> now = served.apply(type);
        return now.isPresent() && (now.get() == type || now.get().rules().edition().equals(type.rules().edition()));
    }

    private void follow(ResourceType type, String namespace, long after, Match match, boolean bookmarks, Instant end,
            Sink sink) throws IOException, InterruptedException {
        boolean custom = !type.rules().edition().equals(Rules.NONE.edition());
        try (Watch watch = registry.watch(Reader.prefix(type, namespace), after)) {
            long marked = after;
            Instant nextMark = clock.instant().plus(BOOKMARKS);
            while (true) {
                Instant now = clock.instant();
                Instant wake = end.isBefore(nextMark) ? end : nextMark;
                if (custom && now.plus(CHANGES).isBefore(wake)) {
                    wake = now.plus(CHANGES);
                }
                List<Event> events = watch.next(Duration.between(now, wake).isNegative()
                        ? Duration.ZERO
                        : Duration.between(now, wake));
                boolean changed = custom && !same(type);
                boolean wrote = false;
                for (Event event : events) {
                    boolean fits = !changed || event.type() == Event.Type.DELETED; // what went with its definition
                    wrote |= fits && event.revision() > after && deliver(event, match, sink);
                }
                now = clock.instant();
                boolean over = changed || !now.isBefore(end);
                if (bookmarks && !changed && watch.position() > marked && (over || !now.isBefore(nextMark))) {
                    marked = watch.position();
                    sink.bookmark(marked, false);
                    wrote = true;
                }
                if (!now.isBefore(nextMark)) {
                    nextMark = now.plus(BOOKMARKS);
                }
                if (wrote) {
                    sink.flush();
                }
                if (over) {
                    return;
                }
            }
        }
    }

    /// Selector transitions: an object that enters is ADDED, one that leaves DELETED with its old state and the new
    /// revision.
    private static boolean deliver(Event event, Match match, Sink sink) throws IOException {
        if (match.everything()) {
            sink.event(event.type(), event.object(), Optional.of(event.attachment()));
            return true;
        }
        boolean is = match.test(event.object(), () -> tree(event, "tree", event.object()));
        boolean was = event.previous().isPresent() && match.test(event.previous().get(), () -> tree(event,
                "previous-tree", event.previous().get()));
        switch (event.type()) {
            case ADDED -> {
                if (!is) {
                    return false;
                }
                sink.event(Event.Type.ADDED, event.object(), Optional.of(event.attachment()));
            }
            case MODIFIED -> {
                if (!is && !was) {
                    return false;
                }
                if (is) {
                    sink.event(was ? Event.Type.MODIFIED : Event.Type.ADDED, event.object(), Optional.of(event
                            .attachment()));
                } else {
                    StoredObject left = event.previous().get();
                    sink.event(Event.Type.DELETED, new StoredObject(left.key(), event.revision(), left
                            .createdRevision(), left.json()), Optional.empty());
                }
            }
            case DELETED -> {
                if (!is && !was) {
                    return false;
                }
                sink.event(Event.Type.DELETED, event.object(), Optional.of(event.attachment()));
            }
        }
        return true;
    }

    private static ObjectNode tree(Event event, String slot, StoredObject object) {
        return event.attachment().of(slot, () -> Json.object(object.json()));
    }
}
