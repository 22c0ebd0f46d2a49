package io.logplane.gateway.read;

import io.logplane.gateway.request.ContinueToken;
import io.logplane.gateway.request.ListOptions;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.topics.Topic;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.types.ResourceType;
import io.logplane.state.Registry;
import io.logplane.state.RevisionGone;
import io.logplane.state.StoredObject;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// Get and list.
///
/// Errors: [io.logplane.schemas.model.Refused], [ContinueExpired]. Thread: any.
public final class Reader {
    private final Registry registry;
    private final Revisions revisions;

    public Reader(Registry registry) {
        this.registry = registry;
        this.revisions = new Revisions(registry);
    }

    /// Shape: `revision` empty: newest; 0: any; N: not older than N.
    public StoredObject get(ResourceType type, String namespace, String name, OptionalLong revision) {
        ObjectKey key;
        try {
            key = type.key(namespace, name);
        } catch (IllegalArgumentException notAName) {
            throw Refusals.notFound(type, name);
        }
        Topic log = log(type);
        if (revision.isEmpty()) {
            long unused = revisions.newest(log);
        } else if (revision.getAsLong() > 0) {
            long unused = revisions.notOlderThan(log, revision.getAsLong());
        }
        return registry.get(key).orElseThrow(() -> Refusals.notFound(type, name));
    }

    /// A list being read. Shape: with a limit the items are all here and `continueText` and `remaining` are known at
    /// once; without,
    /// the items stream from a snapshot that is open until closed. `again` opens the same items once more.
    public record Listing(long revision, Iterator<StoredObject> items, Optional<String> continueText,
            OptionalLong remaining, Supplier<Listing> again, Runnable closing) implements AutoCloseable {

        /// Items that are in memory already, all there are.
        public static Listing of(long revision, List<StoredObject> items) {
            return of(revision, items, Optional.empty(), OptionalLong.empty());
        }

        /// The same list with other items, which are in memory already.
        public Listing with(List<StoredObject> others) {
            return of(revision, others, continueText, remaining);
        }

        private static Listing of(long revision, List<StoredObject> items, Optional<String> continueText,
                OptionalLong remaining) {
            return new Listing(revision, items.iterator(), continueText, remaining, () -> of(revision, items,
                    continueText, remaining), () -> {
                    });
        }

        /// Hands over the items left as bytes, which for a whole list saves making objects of them.
        public <E extends Exception> void drain(Registry.JsonSink<E> sink) throws E {
            if (items instanceof Registry.Scan scan) {
                scan.drain(sink);
                return;
            }
            while (items.hasNext()) {
                StoredObject item = items.next();
                sink.json(item.revision(), item.json(), 0, item.json().length);
            }
        }

        @Override
        public void close() {
            closing.run();
        }
    }

    /// Shape: `namespace` "" for all. Whoever takes any revision gets all of it: upstream answers that from its cache,
    /// which knows no pages (and holds no events).
    public Listing list(ResourceType type, String namespace, ListOptions asked) {
        ListOptions options = asked.any() && !type.plural().equals("events") ? asked.whole() : asked;
        options.fields().check(type);
        String prefix = prefix(type, namespace);
        Optional<ContinueToken> token = options.continueText().isEmpty()
                ? Optional.empty()
                : Optional.of(ContinueToken.parse(options.continueText()));
        long revision = revision(log(type), options, token);
        try {
            return open(type, prefix, revision, options, token);
        } catch (RevisionGone gone) {
            if (token.isPresent()) {
                throw new ContinueExpired(new ContinueToken(-1, token.get().start(), -1));
            }
            throw Refusals.expired(gone.asked(), gone.oldest());
        }
    }

    private Listing open(ResourceType type, String prefix, long revision, ListOptions options,
            Optional<ContinueToken> token) {
        Match match = new Match(type, options.labels(), options.fields());
        String start = token.map(t -> prefix + t.start()).orElse("");
        Optional<String> node = options.fields().exact("spec.nodeName");
        boolean newest = token.isEmpty() && options.limit() == 0 && !options.exact(); // all that the index can answer
        if (newest && node.isPresent() && !node.get().isEmpty() && type.plural().equals("pods")) {
            return Listing.of(revision, onNode(node.get(), prefix, match));
        }
        Registry.Scan scan = registry.scan(prefix, revision, start);
        Iterator<StoredObject> items = match.everything() ? scan : new Filtered(scan, match);
        if (options.limit() == 0) {
            return new Listing(revision, items, Optional.empty(), OptionalLong.empty(),
                    () -> open(type, prefix, revision, options, token),
                    scan::close);
        }
        try (scan) {
            return page(prefix, revision, options, token, items);
        }
    }

    private Listing page(String prefix, long revision, ListOptions options, Optional<ContinueToken> token,
            Iterator<StoredObject> items) {
        List<StoredObject> page = new ArrayList<>();
        while (page.size() < options.limit() && items.hasNext()) {
            page.add(items.next());
        }
        if (!items.hasNext()) {
            return Listing.of(revision, page);
        }
        String next = items.next().key().text().substring(prefix.length());
        boolean counted = options.labels().matchesEverything() && options.fields().matchesEverything();
        long left = counted ? token.map(ContinueToken::left).orElseGet(() -> registry.count(prefix)) - page.size() : -1;
        OptionalLong remaining = counted && left > 0 ? OptionalLong.of(left) : OptionalLong.empty();
        return Listing.of(revision, page, Optional.of(new ContinueToken(revision, next, left).text()), remaining);
    }

    private List<StoredObject> onNode(String node, String prefix, Match match) {
        List<StoredObject> found = new ArrayList<>();
        try (Registry.Scan scan = registry.podsOnNode(node)) {
            while (scan.hasNext()) {
                StoredObject pod = scan.next();
                if (pod.key().text().startsWith(prefix) && match.test(pod)) {
                    found.add(pod);
                }
            }
        }
        return found;
    }

    private long revision(Topic log, ListOptions options, Optional<ContinueToken> token) {
        if (token.isPresent()) {
            return token.get().revision() > 0 ? token.get().revision() : revisions.newest(log);
        }
        if (options.revision().isEmpty()) {
            return revisions.newest(log);
        }
        long asked = options.revision().getAsLong();
        if (asked == 0) {
            return revisions.any(log);
        }
        long current = revisions.notOlderThan(log, asked);
        return options.exact() || options.match().isEmpty() && options.limit() > 0 ? asked : current;
    }

    public Revisions revisions() {
        return revisions;
    }

    public static Topic log(ResourceType type) {
        return Topics.logOf(type.storage().group(), type.storage().plural());
    }

    public static String prefix(ResourceType type, String namespace) {
        return namespace.isEmpty() || !type.namespaced()
                ? ObjectKey.prefix(type.storage().group(), type.storage().plural())
                : ObjectKey.prefix(type.storage().group(), type.storage().plural(), namespace);
    }

    /// The items of a scan that match.
    private static final class Filtered implements Iterator<StoredObject> {
        private final Iterator<StoredObject> scan;
        private final Match match;
        private Optional<StoredObject> next = Optional.empty();

        Filtered(Iterator<StoredObject> scan, Match match) {
            this.scan = scan;
            this.match = match;
        }

        @Override
        public boolean hasNext() {
            while (next.isEmpty() && scan.hasNext()) {
                StoredObject candidate = scan.next();
                if (match.test(candidate)) {
                    next = Optional.of(candidate);
                }
            }
            return next.isPresent();
        }

        @Override
        public StoredObject next() {
            if (!hasNext()) {
                throw new java.util.NoSuchElementException();
            }
            StoredObject found = next.orElseThrow();
            next = Optional.empty();
            return found;
        }
    }
}
