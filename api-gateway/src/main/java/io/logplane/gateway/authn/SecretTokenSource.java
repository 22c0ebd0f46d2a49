package io.logplane.gateway.authn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.Lookup;
import io.logplane.schemas.model.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Tokens that live in Secrets of type `kubernetes.io/service-account-token`: good as long as the Secret holds them and
/// its account is the one they were made for.
///
/// Thread: any; blocks on state reads only. Source: k8s.io/kubernetes/pkg/serviceaccount/legacy.go.
public final class SecretTokenSource implements TokenSource {
    /// Set by whoever wants a token refused without deleting its Secret yet.
    static final String INVALID_SINCE = "kubernetes.io/legacy-token-invalid-since";

    private final ServiceAccountTokens tokens;
    private final Lookup lookup;
    private final List<String> ownAudiences;
    private final Consumer<ObjectKey> used;

    /// Shape: `used` hears of the Secret of every token that was accepted; it must not block.
    public SecretTokenSource(ServiceAccountTokens tokens, Lookup lookup, List<String> ownAudiences,
            Consumer<ObjectKey> used) {
        this.tokens = tokens;
        this.lookup = lookup;
        this.ownAudiences = List.copyOf(ownAudiences);
        this.used = used;
    }

    @Override
    public Answer identify(String token, List<String> audiences) {
        Optional<ServiceAccountTokens.SecretClaims> claims = tokens.readSecret(token);
        if (claims.isEmpty()) {
            return Answer.NOT_MINE;
        }
        List<String> common = ownAudiences.stream().filter(audiences::contains).toList();
        if (common.isEmpty()) {
            return new Answer.Refused("token audiences " + ownAudiences + " is invalid for the target audiences "
                    + audiences);
        }
        try {
            return identify(token, claims.get(), common);
        } catch (IllegalArgumentException notNames) {
            return new Answer.Refused("Token has been invalidated");
        }
    }

    private Answer identify(String token, ServiceAccountTokens.SecretClaims claims, List<String> audiences) {
        ObjectKey key = ObjectKey.of("", "secrets", claims.namespace(), claims.secret());
        Optional<ObjectNode> secret = lookup.tree(key);
        if (secret.isEmpty() || deleted(secret.get())) {
            return new Answer.Refused("Token has been invalidated");
        }
        if (!holds(secret.get(), token)) {
            return new Answer.Refused("Token does not match server's copy");
        }
        String account = claims.namespace() + "/" + claims.account();
        Optional<ObjectNode> found = lookup.tree(ObjectKey.of("", "serviceaccounts", claims.namespace(), claims
                .account()));
        if (found.isEmpty() || deleted(found.get())) {
            return new Answer.Refused("ServiceAccount " + account + " has been deleted");
        }
        String uid = found.get().path("metadata").path("uid").asText();
        if (!uid.equals(claims.accountUid())) {
            return new Answer.Refused("ServiceAccount UID (" + uid + ") does not match claim (" + claims.accountUid()
                    + ")");
        }
        if (secret.get().path("metadata").path("labels").has(INVALID_SINCE)) {
            return new Answer.Refused("the token in secret " + claims.namespace() + "/" + claims.secret()
                    + " for service account " + account + " has been marked invalid. Use tokens from the TokenRequest "
                    + "API or manually created secret-based tokens, or remove the '" + INVALID_SINCE
                    + "' label from the secret to temporarily allow use of this token");
        }
        used.accept(key);
        String name = "system:serviceaccount:" + claims.namespace() + ":" + claims.account();
        return new Answer.Known(new User(name, uid, User.groupsOf(name), Map.of()), audiences);
    }

    private static boolean deleted(ObjectNode object) {
        return object.path("metadata").has("deletionTimestamp");
    }

    private static boolean holds(ObjectNode secret, String token) {
        JsonNode stored = secret.path("data").path("token");
        try {
            return MessageDigest.isEqual(Base64.getDecoder().decode(stored.asText()), token.getBytes(
                    StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }
}
