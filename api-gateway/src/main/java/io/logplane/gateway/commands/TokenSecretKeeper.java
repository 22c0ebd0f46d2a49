package io.logplane.gateway.commands;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.authn.ServiceAccountTokens;
import io.logplane.gateway.read.StateFeed;
import io.logplane.gateway.write.DeleteOptions;
import io.logplane.gateway.write.Pipeline;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectJson;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.model.Tree;
import io.logplane.state.Registry;
import io.logplane.state.StoredObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps Secrets of type `kubernetes.io/service-account-token`: fills in what is missing (token, namespace, authority),
/// deletes those whose account is gone, notes the day a token was used last.
///
/// In the gateway, because it has the signing key and the Secrets' content. Several gateways come to the same: who is
/// second meets a conflict and finds nothing left to do. Thread: one virtual thread and those of its feed.
/// Source: k8s.io/kubernetes/pkg/controller/serviceaccount/tokens_controller.go.
public final class TokenSecretKeeper implements AutoCloseable {
    static final String TYPE = "kubernetes.io/service-account-token";
    static final String ACCOUNT = "kubernetes.io/service-account.name";
    static final String ACCOUNT_UID = "kubernetes.io/service-account.uid";
    static final String LAST_USED = "kubernetes.io/legacy-token-last-used";
    private static final Logger LOG = LoggerFactory.getLogger(TokenSecretKeeper.class);
    private static final Duration AGAIN = Duration.ofMillis(500);
    /// Looks waiting; more are Secrets that will be met again by the feed's next full read.
    private static final int MAX_WAITING = 100_000;

    private final Registry registry;
    private final Pipeline pipeline;
    private final ServiceAccountTokens tokens;
    private final String authority;
    private final InstantSource clock;
    private final StateFeed feed;
    private final LinkedBlockingQueue<ObjectKey> waiting = new LinkedBlockingQueue<>(MAX_WAITING);
    private final Set<ObjectKey> used;
    /// Secrets of this type, and the account each names.
    private final Map<ObjectKey, ObjectKey> accounts = new ConcurrentHashMap<>();
    private final Thread thread;

    /// Shape: `used` gathers Secrets whose token was accepted; it is emptied here.
    public TokenSecretKeeper(Registry registry, Pipeline pipeline, ServiceAccountTokens tokens, String authority,
            Set<ObjectKey> used, InstantSource clock) {
        this.registry = registry;
        this.pipeline = pipeline;
        this.tokens = tokens;
        this.authority = authority;
        this.used = used;
        this.clock = clock;
        this.feed = new StateFeed(registry, "", java.util.List.of("secrets", "serviceaccounts"), new Seen());
        this.thread = Thread.ofVirtual().name("token-secrets").unstarted(this::run);
    }

    public void start() throws InterruptedException {
        feed.start();
        thread.start();
    }

    private final class Seen implements StateFeed.Sink {
        @Override
        public void put(String resource, ObjectNode object) {
            ObjectKey key = ObjectKey.of("", resource, Tree.text(object, "metadata.namespace"), Tree.text(object,
                    "metadata.name"));
            if (resource.equals("serviceaccounts")) {
                of(key);
                return;
            }
            String account = object.path("metadata").path("annotations").path(ACCOUNT).asText();
            if (Tree.text(object, "type").equals(TYPE) && !account.isEmpty()) {
                try {
                    accounts.put(key, ObjectKey.of("", "serviceaccounts", key.apiNamespace(), account));
                    look(key);
                } catch (IllegalArgumentException notAName) {
                    accounts.remove(key); // no account has such a name: nobody's token
                }
            }
        }

        @Override
        public void remove(String resource, String namespace, String name) {
            ObjectKey key = ObjectKey.of("", resource, namespace, name);
            if (resource.equals("serviceaccounts")) {
                of(key);
            } else {
                accounts.remove(key);
            }
        }

        private void of(ObjectKey account) {
            accounts.forEach((secret, named) -> {
                if (named.equals(account)) {
                    look(secret);
                }
            });
        }

        private void look(ObjectKey secret) {
            if (!waiting.offer(secret)) {
                LOG.warn("too many token secrets wait; {} is looked at when it changes", secret.text());
            }
        }
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                ObjectKey next = waiting.poll(AGAIN.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
                if (next != null) {
                    attempt(next, () -> keep(next));
                }
                for (ObjectKey secret : used) {
                    used.remove(secret);
                    attempt(secret, () -> note(secret));
                }
            } catch (InterruptedException stopping) {
                return;
            }
        }
    }

    private void attempt(ObjectKey secret, Runnable work) {
        try {
            work.run();
        } catch (Refused refused) {
            LOG.debug("{} waits: {}", secret.text(), refused.refusal().message());
            if (refused.refusal().code() != 404 && refused.refusal().code() != 422) {
                LockSupport.parkNanos(AGAIN.toNanos());
                boolean again = waiting.offer(secret);
                LOG.trace("looked at again: {}", again);
            }
        } catch (RuntimeException fault) {
            LOG.error("{} was not looked at", secret.text(), fault);
        }
    }

    private void keep(ObjectKey key) {
        Optional<StoredObject> stored = registry.get(key);
        ObjectKey named = accounts.get(key);
        if (stored.isEmpty() || named == null) {
            return;
        }
        ObjectNode secret = ObjectJson.parse(stored.get().json(), stored.get().revision());
        String uid = registry.get(named).map(account -> Tree.text(Json.object(account.json()), "metadata.uid")).orElse(
                "");
        ObjectNode annotations = Tree.object(Tree.object(secret, "metadata"), "annotations");
        String noted = annotations.path(ACCOUNT_UID).asText();
        if (uid.isEmpty() || !noted.isEmpty() && !noted.equals(uid)) {
            delete(key, secret);
            return;
        }
        ObjectNode before = secret.deepCopy();
        annotations.put(ACCOUNT_UID, uid);
        ObjectNode data = Tree.object(secret, "data");
        fill(data, "namespace", key.apiNamespace());
        if (!data.path("ca.crt").asText().equals(base64(authority))) {
            data.put("ca.crt", base64(authority));
        }
        if (data.path("token").asText().isEmpty()) {
            data.put("token", base64(tokens.sign(new ServiceAccountTokens.SecretClaims(key.apiNamespace(), named.name(),
                    uid, key.name()))));
        }
        write(key, before, secret);
    }

    private static void fill(ObjectNode data, String field, String text) {
        if (data.path(field).asText().isEmpty()) {
            data.put(field, base64(text));
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private void note(ObjectKey key) {
        Optional<StoredObject> stored = registry.get(key);
        if (stored.isPresent()) {
            ObjectNode secret = ObjectJson.parse(stored.get().json(), stored.get().revision());
            ObjectNode before = secret.deepCopy();
            Tree.object(Tree.object(secret, "metadata"), "labels").put(LAST_USED, LocalDate.ofInstant(clock.instant(),
                    ZoneOffset.UTC).toString());
            write(key, before, secret);
        }
    }

    private void write(ObjectKey key, ObjectNode before, ObjectNode secret) {
        if (!secret.equals(before)) {
            var unused = pipeline.put(BootstrapTokenKeeper.context("update", "secrets", key.apiNamespace(), key.name(),
                    "tokens-controller"), Json.bytes(secret), "application/json");
        }
    }

    private void delete(ObjectKey key, ObjectNode secret) {
        var unused = pipeline.delete(BootstrapTokenKeeper.context("delete", "secrets", key.apiNamespace(), key.name(),
                "tokens-controller"), DeleteOptions.PLAIN.withUid(Optional.of(Tree.text(secret, "metadata.uid"))));
    }

    @Override
    public void close() {
        thread.interrupt();
        feed.close();
    }
}
