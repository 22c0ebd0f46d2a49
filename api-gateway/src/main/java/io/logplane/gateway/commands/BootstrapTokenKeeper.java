package io.logplane.gateway.commands;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.authn.BootstrapTokenSource;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.gateway.write.DeleteOptions;
import io.logplane.gateway.write.Pipeline;
import io.logplane.gateway.write.WriteContext;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectJson;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.types.ResourceTypes;
import io.logplane.state.Registry;
import io.logplane.state.StoredObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes bootstrap tokens away when their time is over, and signs `kube-public/cluster-info` with those that say so.
///
/// In the gateway, because it needs the Secrets' content, which no processor reads. Looks at everything each time, so
/// what was missed is seen the next time; several gateways come to the same. Thread: one virtual thread; close ends it.
/// Source: kubernetes/pkg/controller/bootstrap; k8s.io/cluster-bootstrap/token/jws.
public final class BootstrapTokenKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BootstrapTokenKeeper.class);
    /// A look is a scan of a handful of keys.
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final String TYPE = "bootstrap.kubernetes.io/token";
    private static final String NAME = "bootstrap-token-";
    private static final String SIGNATURE = "jws-kubeconfig-";
    private static final String TOKENS = ObjectKey.prefix("", "secrets", "kube-system") + NAME;

    private final Registry registry;
    private final Pipeline pipeline;
    private final InstantSource clock;
    private final Thread thread;

    public BootstrapTokenKeeper(Registry registry, Pipeline pipeline, InstantSource clock) {
        this.registry = registry;
        this.pipeline = pipeline;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("bootstrap-tokens").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                sign(tokens());
            } catch (Refused refused) {
                LOG.debug("bootstrap tokens wait: {}", refused.refusal().message());
            } catch (RuntimeException fault) {
                LOG.error("bootstrap tokens were not looked at", fault);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /// The tokens to sign with, by id; those whose time is over are deleted on the way.
    private Map<String, String> tokens() {
        Map<String, String> good = new TreeMap<>();
        try (Registry.Scan scan = registry.scan(TOKENS, registry.revision(Topics.REGISTRY), "")) {
            while (scan.hasNext()) {
                StoredObject stored = scan.next();
                ObjectNode secret = Json.object(stored.json());
                if (!secret.path("type").asText().equals(TYPE)) {
                    continue;
                }
                if (expired(BootstrapTokenSource.data(secret, "expiration"))) {
                    delete(stored);
                    continue;
                }
                String id = BootstrapTokenSource.data(secret, "token-id");
                String key = BootstrapTokenSource.data(secret, "token-secret");
                if (BootstrapTokenSource.data(secret, "usage-bootstrap-signing").equals("true") && !key.isEmpty()
                        && stored.key().name()
                                .equals(NAME + id)) {
                    good.put(id, key);
                }
            }
        }
        return good;
    }

    private void sign(Map<String, String> tokens) {
        Optional<StoredObject> stored = registry.get(ObjectKey.of("", "configmaps", "kube-public", "cluster-info"));
        if (stored.isEmpty()) {
            return;
        }
        ObjectNode object = ObjectJson.parse(stored.get().json(), stored.get().revision());
        if (!(object.path("data") instanceof ObjectNode data) || !data.has("kubeconfig")) {
            return;
        }
        ObjectNode next = data.deepCopy();
        data.fieldNames().forEachRemaining(field -> {
            if (field.startsWith(SIGNATURE)) {
                next.remove(field);
            }
        });
        tokens.forEach((id, key) -> next.put(SIGNATURE + id, signature(data.path("kubeconfig").asText(), id, key)));
        if (!next.equals(data)) {
            object.set("data", next);
            var unused = pipeline.put(context("update", "configmaps", "kube-public", "cluster-info",
                    "bootstrap-signer"), Json.bytes(object), "application/json");
        }
    }

    /// Detached: the content is left out between the dots. Those who join compare it as text.
    static String signature(String content, String id, String key) {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String header = encoder.encodeToString(("{\"alg\":\"HS256\",\"kid\":\"" + id + "\"}").getBytes(
                StandardCharsets.UTF_8));
        String payload = encoder.encodeToString(content.getBytes(StandardCharsets.UTF_8));
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return header + ".." + encoder.encodeToString(mac.doFinal((header + "." + payload).getBytes(
                    StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void delete(StoredObject stored) {
        try {
            var unused = pipeline.delete(context("delete", "secrets", "kube-system", stored.key().name(),
                    "token-cleaner"), DeleteOptions.PLAIN);
        } catch (Refused gone) {
            if (gone.refusal().code() != 404) {
                throw gone;
            }
        }
    }

    static WriteContext context(String verb, String resource, String namespace, String name, String account) {
        RequestInfo info = new RequestInfo(true, "", verb, "", "v1", resource, "", namespace, name, false);
        return WriteContext.own(User.named("system:serviceaccount:kube-system:" + account), info,
                ResourceTypes.require("", resource), "");
    }

    /// What is no time is left to a person, and lets nobody in meanwhile.
    private boolean expired(String expiration) {
        try {
            return !expiration.isEmpty() && !OffsetDateTime.parse(expiration).toInstant().isAfter(clock.instant());
        } catch (DateTimeException malformed) {
            return false;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
