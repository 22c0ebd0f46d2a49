package io.logplane.gateway.aggregation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.Lookup;
import io.logplane.gateway.discovery.Guest;
import io.logplane.gateway.read.StateFeed;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.KeyManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The APIServices there are, and the clients and documents of those that other servers answer.
///
/// Shape: an APIService with a service takes its whole group version, also one that is served here.
/// Thread: any; one lock for writers, none for readers.
public final class ApiServices implements StateFeed.Sink {
    /// What the feed follows.
    public static final List<String> RESOURCES = List.of(ApiService.PLURAL);
    private static final Logger LOG = LoggerFactory.getLogger(ApiServices.class);

    private final Lookup lookup;
    private final List<KeyManager> identity;
    private volatile Map<String, Entry> known = Map.of();
    private volatile long generation;

    /// Shape: `identity` is what other servers are shown; empty: nothing.
    public ApiServices(Lookup lookup, List<KeyManager> identity) {
        this.lookup = lookup;
        this.identity = List.copyOf(identity);
    }

    /// Shape: `remote` is there exactly when the APIService names a service that can be asked.
    record Entry(ApiService service, Optional<Remote> remote, RemoteDocuments documents) {
        Entry with(RemoteDocuments others) {
            return new Entry(service, remote, others);
        }
    }

    /// Where a request goes. Shape: without a client when the bundle cannot be read.
    public record Route(ApiService service, Optional<Remote> remote) {
    }

    /// Shape: the decoded path. Empty: it is answered here.
    public Optional<Route> route(String path) {
        if (known.isEmpty()) {
            return Optional.empty();
        }
        String[] parts = path.split("/", 5);
        if (parts.length < 3 || parts[1].equals("apis") && parts.length < 4) {
            return Optional.empty();
        }
        String name = switch (parts[1]) {
            case "apis" -> parts[3] + "." + parts[2];
            case "api" -> parts[2] + ".";
            default -> "";
        };
        Entry found = known.get(name);
        return found == null || found.service.service().isEmpty()
                ? Optional.empty()
                : Optional.of(new Route(found.service, found.remote));
    }

    /// Changes whenever an APIService does.
    long generation() {
        return generation;
    }

    /// Which can be asked, by their names.
    public Map<String, Boolean> availability() {
        Map<String, Boolean> available = new TreeMap<>();
        known.forEach((name, entry) -> available.put(name, entry.service.available()));
        return available;
    }

    List<Entry> all() {
        return List.copyOf(known.values());
    }

    Optional<Entry> find(String name) {
        return Optional.ofNullable(known.get(name));
    }

    /// What discovery says of the others.
    public List<Guest> guests() {
        return known.values().stream().filter(entry -> entry.service.service().isPresent())
                .map(entry -> new Guest(entry.service.group(), entry.service.version(), entry.service.groupPriority(),
                        entry.service
                                .versionPriority(),
                        RemoteDocuments.described(entry.documents.discovery(), entry.service.version())))
                .toList();
    }

    /// Keeps what a server said, if the APIService still leads to it.
    synchronized void keep(ApiService of, RemoteDocuments documents) {
        Entry now = known.get(of.name());
        if (now != null && now.service.sameServer(of)) {
            replace(now.with(documents));
        }
    }

    @Override
    public synchronized void put(String resource, ObjectNode object) {
        ApiService service = ApiService.of(object);
        Entry before = known.get(service.name());
        Entry next = before != null && before.service.sameServer(service)
                ? new Entry(service, before.remote, before.documents)
                : new Entry(service, remote(service), RemoteDocuments.NONE);
        replace(next);
        generation++;
    }

    private Optional<Remote> remote(ApiService of) {
        try {
            return of.service().map(service -> new Remote(of, service, lookup, identity));
        } catch (IllegalArgumentException noBundle) {
            LOG.warn("the caBundle of the APIService {} cannot be read: {}", of.name(), noBundle.getMessage());
            return Optional.empty();
        }
    }

    private void replace(Entry entry) {
        Map<String, Entry> next = new TreeMap<>(known);
        next.put(entry.service.name(), entry);
        known = java.util.Collections.unmodifiableMap(next);
    }

    @Override
    public synchronized void remove(String resource, String namespace, String name) {
        Map<String, Entry> next = new TreeMap<>(known);
        next.remove(name);
        known = java.util.Collections.unmodifiableMap(next);
        generation++;
    }
}
