package io.logplane.gateway.aggregation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.Lookup;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.types.TypeCatalogue;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks after APIServices: those of the groups served here are there, and each says whether it is available.
///
/// Whether a server answers depends on the network, so every gateway asks, and writes when what it found is not what
/// the log says; requests go by the log, so all gateways send or refuse alike. What a server says of itself is asked
/// before it is declared available. Thread: one virtual thread, and one for each server being asked; close ends it.
/// Source: kube-aggregator/pkg/controllers/{autoregister,status}; ADR 0028.
public final class ApiServiceKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServiceKeeper.class);
    /// Between two looks at what is in memory.
    private static final Duration TICK = Duration.ofMillis(200);
    /// A server that answers is asked again after this time, and one that does not, at the latest.
    private static final Duration AGAIN = Duration.ofSeconds(30);
    private static final Duration FIRST_AGAIN = Duration.ofMillis(500);
    /// Upstream asks five times at once; one answer is enough.
    private static final int ATTEMPTS = 3;
    private static final int OK = 200;
    private static final int NOT_OK = 300;

    private final ApiServices services;
    private final Lookup lookup;
    private final ApiServiceWrites writes;
    private final Registrations registrations;
    private final BooleanSupplier ready;
    private final Supplier<TypeCatalogue> types;
    private final Map<String, Check> checks = new ConcurrentHashMap<>();
    private final Set<String> asking = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean closed;

    /// The last time a server was asked. Shape: `of` what it was asked as, `next` when again, in nanoseconds.
    private record Check(ApiService of, String address, Duration pause, long next) {
    }

    /// What it looks at and how it writes. Shape: `ready` once the state is there; `types` those known now.
    public record Ground(Lookup lookup, ApiServiceWrites writes, BooleanSupplier ready, Supplier<TypeCatalogue> types,
            Supplier<TypeCatalogue> fresh) {
    }

    public ApiServiceKeeper(ApiServices services, Ground ground) {
        this.services = services;
        this.lookup = ground.lookup();
        this.writes = ground.writes();
        this.ready = ground.ready();
        this.types = ground.types();
        this.registrations = new Registrations(services, ground.writes(), ground.fresh());
        this.thread = Thread.ofVirtual().name("apiservices").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            if (ready.getAsBoolean()) {
                attempt();
            }
            LockSupport.parkNanos(TICK.toNanos());
        }
    }

    private void attempt() {
        try {
            registrations.keep(types.get());
            for (ApiServices.Entry entry : services.all()) {
                look(entry);
            }
            checks.keySet().removeIf(name -> services.find(name).isEmpty());
        } catch (Refused refused) { // another gateway was faster, or the log is away: the next look tells
            LOG.debug("APIServices are looked after later: {}", refused.refusal().message());
        } catch (RuntimeException fault) {
            if (!Thread.currentThread().isInterrupted()) {
                LOG.error("APIServices cannot be looked after", fault);
            }
        }
    }

    private void look(ApiServices.Entry entry) {
        ApiService service = entry.service();
        if (service.service().isEmpty()) {
            if (!service.available()) {
                writes.available(service.name(), Availability.LOCAL);
            }
            return;
        }
        ApiService.Reference reference = service.service().get();
        Optional<Availability> said = Availability.withoutAsking(reference, lookup.here(ObjectKey.of("", "services",
                reference.namespace(), reference.name())).map(found -> Json.object(found.json())), slices(reference));
        if (said.isPresent()) {
            RemoteDocuments stale = entry.documents().stale(service.version());
            if (!stale.equals(entry.documents())) {
                services.keep(service, stale);
            }
            checks.remove(service.name());
            writes.available(service.name(), said.get());
        } else if (due(entry) && asking.add(service.name())) {
            Thread.ofVirtual().name("apiservice-" + service.name()).start(() -> ask(entry));
        }
    }

    private List<ObjectNode> slices(ApiService.Reference of) {
        return lookup.list(ObjectKey.prefix("discovery.k8s.io", "endpointslices", of.namespace())).stream().map(
                stored -> Json.object(stored.json())).filter(
                        slice -> slice.path("metadata").path("labels").path(
                                "kubernetes.io/service-name").asText().equals(of.name()))
                .toList();
    }

    private boolean due(ApiServices.Entry entry) {
        Check last = checks.get(entry.service().name());
        return last == null || System.nanoTime() - last.next >= 0 || !last.of.sameServer(entry.service())
                || !last.address.equals(address(entry));
    }

    private static String address(ApiServices.Entry entry) {
        return entry.remote().flatMap(remote -> remote.address("/")).map(Object::toString).orElse("");
    }

    private void ask(ApiServices.Entry entry) {
        ApiService service = entry.service();
        String address = address(entry);
        Optional<Check> before = Optional.ofNullable(checks.get(service.name()));
        try {
            Availability found = probe(entry);
            documents(entry, found);
            Duration pause = pause(before, found);
            checks.put(service.name(), new Check(service, address, pause, System.nanoTime() + pause.toNanos()));
            writes.available(service.name(), found);
        } catch (Refused refused) {
            LOG.debug("{} is looked after later: {}", service.name(), refused.refusal().message());
            checks.remove(service.name());
        } catch (RuntimeException fault) {
            if (!closed) { // a server may still be asked while the state is taken away
                LOG.error("the APIService {} cannot be looked after", service.name(), fault);
            }
        } finally {
            asking.remove(service.name());
        }
    }

    /// Longer and longer while nobody answers.
    private static Duration pause(Optional<Check> before, Availability found) {
        if (found.available()) {
            return AGAIN;
        }
        Duration longer = before.map(Check::pause).filter(pause -> !pause.equals(AGAIN)).map(pause -> pause
                .multipliedBy(2)).orElse(FIRST_AGAIN);
        return longer.compareTo(AGAIN) < 0 ? longer : AGAIN.minusMillis(1);
    }

    private static Availability probe(ApiServices.Entry entry) {
        if (entry.remote().isEmpty()) {
            return Availability.failedCheck("the caBundle cannot be read");
        }
        Remote remote = entry.remote().get();
        String path = entry.service().path();
        String last = "";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            String where = remote.address(path).map(Object::toString).orElse(path);
            try {
                int code = remote.probe(path).code();
                if (code >= OK && code < NOT_OK) {
                    return Availability.PASSED;
                }
                last = "failing or missing response from " + where + ": bad status from " + where + ": " + code;
            } catch (IOException away) {
                last = "failing or missing response from " + where + ": Get \"" + where + "\": " + words(away, where);
            }
        }
        return Availability.failedCheck(last);
    }

    private static String words(IOException away, String where) {
        if (away instanceof ConnectException) {
            return "dial tcp " + java.net.URI.create(where).getAuthority() + ": connect: connection refused";
        }
        return away instanceof HttpTimeoutException ? "context deadline exceeded" : String.valueOf(away.getMessage());
    }

    private void documents(ApiServices.Entry entry, Availability found) {
        ApiService service = entry.service();
        RemoteDocuments known = services.find(service.name()).orElse(entry).documents();
        try {
            services.keep(service, found.available() && entry.remote().isPresent()
                    ? RemoteDocuments.fetch(service, entry.remote().get(), known)
                    : known.stale(service.version()));
        } catch (IOException away) {
            LOG.info("the server of {} does not say what it serves: {}", service.name(), away.getMessage());
            services.keep(service, known.stale(service.version()));
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
