package io.logplane.gateway.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.ServiceAddresses;
import io.logplane.gateway.write.Appender.Draft;
import io.logplane.gateway.write.Appender.Outcome;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.topics.Topics;
import io.logplane.state.Registry;
import io.logplane.state.StoredObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives back addresses and ports that no Service has, and claims those a Service has without a claim.
///
/// A claim is written before its Service, so one without a Service may be early or lost: it is lost when it still is
/// alone, at the same revision, one round later, which is longer than a write may take. Every gateway may do so.
/// Thread: one virtual thread; close ends it. Source: kubernetes/pkg/registry/core/service/ipallocator/controller.
public final class AddressRepair implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AddressRepair.class);
    /// Longer than [Appender#WRITE_PATIENCE], after which the log refuses what is late.
    private static final Duration PAUSE = Duration.ofSeconds(60);

    private final Appender appender;
    private final LogClaims claims;
    private final Thread thread;
    private Map<ObjectKey, Long> alone = Map.of();

    public AddressRepair(Appender appender) {
        this.appender = appender;
        this.claims = new LogClaims(appender);
        this.thread = Thread.ofVirtual().name("address-repair").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(PAUSE.toNanos());
            try {
                if (!Thread.currentThread().isInterrupted()) {
                    int unused = sweep();
                }
            } catch (Refused refused) {
                LOG.info("claims of addresses are repaired later: {}", refused.refusal().message());
            }
        }
    }

    /// One round. Shape: how many claims were given back or made.
    public synchronized int sweep() {
        Map<ObjectKey, Long> now = new HashMap<>();
        int repaired = 0;
        List<StoredObject> all = new ArrayList<>(list("networking.k8s.io", "ipaddresses"));
        all.addAll(list("logplane.io", "nodeports"));
        for (StoredObject claim : all) {
            if (held(claim)) {
                continue;
            }
            if (Long.valueOf(claim.revision()).equals(alone.get(claim.key()))) {
                Draft draft = new Draft(claim.key(), true, claim.json(), claim.revision(), List.of(), "delete");
                Outcome unused = appender.append(draft, LogClaims.context(claim.key(), "delete"));
                LOG.info("{} is free again: no Service has had it for a while", claim.key());
                repaired++;
            } else {
                now.put(claim.key(), claim.revision());
            }
        }
        alone = now;
        return repaired + claimMissing();
    }

    private boolean held(StoredObject claim) {
        ObjectNode object = Json.object(claim.json());
        boolean port = claim.key().resource().equals("nodeports");
        String[] named = port
                ? Tree.text(object, "spec.service").split("/", 2)
                : new String[]{Tree.text(object, "spec.parentRef.namespace"), Tree.text(object,
                        "spec.parentRef.name")};
        if (!port && !Tree.text(object, "spec.parentRef.resource").equals("services")) {
            return true; // somebody else's
        }
        Optional<StoredObject> service;
        try {
            service = appender.registry().get(ObjectKey.of("", "services", named[0], named[named.length - 1]));
        } catch (IllegalArgumentException notAName) {
            return false;
        }
        if (service.isEmpty()) {
            return false;
        }
        var spec = Json.object(service.get().json()).path("spec");
        return port
                ? ServiceAddresses.portsOf(spec).contains(Integer.parseInt(claim.key().name()))
                : Tree.texts(spec, "clusterIPs").contains(claim.key().name());
    }

    private int claimMissing() {
        int made = 0;
        for (StoredObject service : list("", "services")) {
            var spec = Json.object(service.json()).path("spec");
            String namespace = service.key().apiNamespace();
            String name = service.key().name();
            for (String address : Tree.texts(spec, "clusterIPs")) {
                if (address.matches("[0-9.]+") && claims.free(ServiceAddresses.key(address)) && claims.claim(
                        ServiceAddresses.key(address), "IPAddress", "networking.k8s.io/v1", ServiceAddresses
                                .addressClaim(namespace, name))) {
                    made++;
                }
            }
            for (int port : ServiceAddresses.portsOf(spec)) {
                if (claims.free(ServiceAddresses.portKey(port)) && claims.claim(ServiceAddresses.portKey(port),
                        "NodePort", "logplane.io/v1", ServiceAddresses.portClaim(namespace, name))) {
                    made++;
                }
            }
        }
        return made;
    }

    private List<StoredObject> list(String group, String plural) {
        List<StoredObject> found = new ArrayList<>();
        Registry registry = appender.registry();
        try (Registry.Scan scan = registry.scan(ObjectKey.prefix(group, plural), registry.revision(Topics.REGISTRY),
                "")) {
            scan.forEachRemaining(found::add);
        }
        return found;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
