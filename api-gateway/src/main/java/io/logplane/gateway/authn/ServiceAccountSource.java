package io.logplane.gateway.authn;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.state.Registry;
import io.logplane.state.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// Tokens of service accounts.
///
/// A signature is verified once per token; expiry and the objects the token is bound to are looked at each time, so a
/// token dies with its pod. Thread: any; blocks on state reads only.
public final class ServiceAccountSource implements TokenSource {
    /// Verified tokens kept; a few kilobytes each. When full everything is forgotten and verified anew.
    private static final int CACHED_TOKENS = 4096;
    /// A pod on its way out may use its token for so long after its grace is over, as upstream.
    private static final Duration LEEWAY = Duration.ofMinutes(1);

    private final ServiceAccountTokens tokens;
    private final Registry registry;
    private final InstantSource clock;
    private final Map<String, ServiceAccountTokens.Claims> verified = new ConcurrentHashMap<>();

    public ServiceAccountSource(ServiceAccountTokens tokens, Registry registry, InstantSource clock) {
        this.tokens = tokens;
        this.registry = registry;
        this.clock = clock;
    }

    @Override
    public Answer identify(String token, List<String> audiences) {
        Optional<ServiceAccountTokens.Claims> claims = claims(token);
        if (claims.isEmpty()) {
            return Answer.NOT_MINE;
        }
        ServiceAccountTokens.Claims found = claims.get();
        long now = clock.instant().getEpochSecond();
        if (now >= found.expires()) {
            return new Answer.Refused("service account token has expired");
        }
        if (now < found.notBefore()) {
            return new Answer.Refused("service account token is not valid yet");
        }
        List<String> common = found.audiences().stream().filter(audiences::contains).toList();
        if (common.isEmpty()) {
            return new Answer.Refused("token audiences " + quoted(found.audiences())
                    + " is invalid for the target audiences " + quoted(audiences));
        }
        return alive(found)
                ? new Answer.Known(user(found), common)
                : new Answer.Refused("service account token has been invalidated");
    }

    private static String quoted(List<String> texts) {
        return "[" + String.join(" ", texts.stream().map(text -> "\"" + text + "\"").toList()) + "]";
    }

    private Optional<ServiceAccountTokens.Claims> claims(String token) {
        ServiceAccountTokens.Claims known = verified.get(token);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<ServiceAccountTokens.Claims> read = tokens.read(token);
        read.ifPresent(claims -> {
            if (verified.size() >= CACHED_TOKENS) {
                verified.clear();
            }
            verified.put(token, claims);
        });
        return read;
    }

    private boolean alive(ServiceAccountTokens.Claims claims) {
        return is("serviceaccounts", claims.namespace(), claims.account(), claims.accountUid())
                && (claims.podName().isEmpty() || is("pods", claims.namespace(), claims.podName(), claims.podUid()))
                && (claims.secretName().isEmpty()
                        || is("secrets", claims.namespace(), claims.secretName(), claims.secretUid()))
                && (claims.nodeName().isEmpty() || !claims.podName().isEmpty()
                        || is("nodes", "", claims.nodeName(), claims.nodeUid()));
    }

    private boolean is(String resource, String namespace, String name, String uid) {
        Optional<StoredObject> found;
        try {
            found = registry.get(ObjectKey.of("", resource, namespace, name));
        } catch (IllegalArgumentException notAName) {
            return false;
        }
        if (found.isEmpty()) {
            return false;
        }
        ObjectNode metadata = (ObjectNode) Json.object(found.get().json()).get("metadata");
        return metadata.path("uid").asText().equals(uid) && !longGone(metadata.path("deletionTimestamp").asText());
    }

    private boolean longGone(String deleted) {
        return !deleted.isEmpty() && Instant.parse(deleted).isBefore(clock.instant().minus(LEEWAY));
    }

    private static User user(ServiceAccountTokens.Claims claims) {
        String name = "system:serviceaccount:" + claims.namespace() + ":" + claims.account();
        Map<String, List<String>> extra = new TreeMap<>();
        if (!claims.id().isEmpty()) {
            extra.put(User.CREDENTIAL_ID, List.of("JTI=" + claims.id()));
        }
        if (!claims.podName().isEmpty()) {
            extra.put("authentication.kubernetes.io/pod-name", List.of(claims.podName()));
            extra.put("authentication.kubernetes.io/pod-uid", List.of(claims.podUid()));
        }
        if (!claims.nodeName().isEmpty()) {
            extra.put(User.NODE_NAME, List.of(claims.nodeName()));
            extra.put("authentication.kubernetes.io/node-uid", List.of(claims.nodeUid()));
        }
        return new User(name, claims.accountUid(), User.groupsOf(name), extra);
    }
}
