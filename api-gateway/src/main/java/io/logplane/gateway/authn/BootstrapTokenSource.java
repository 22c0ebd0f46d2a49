package io.logplane.gateway.authn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.Lookup;
import io.logplane.schemas.model.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Tokens with which a machine asks for its first certificate: Secrets of type `bootstrap.kubernetes.io/token` in
/// kube-system.
///
/// Shape: `<id>.<secret>`, 6 and 16 lower-case letters and digits. Thread: any; blocks on state reads only.
/// Source: kubernetes/plugin/pkg/auth/authenticator/token/bootstrap; the documentation of bootstrap tokens.
public final class BootstrapTokenSource implements TokenSource {
    private static final Pattern TOKEN = Pattern.compile("([a-z0-9]{6})\\.([a-z0-9]{16})");
    private static final Pattern GROUP = Pattern.compile("system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]");
    private static final String TYPE = "bootstrap.kubernetes.io/token";
    private static final String GROUP_OF_ALL = "system:bootstrappers";

    private final Lookup lookup;
    private final List<String> ownAudiences;
    private final InstantSource clock;

    public BootstrapTokenSource(Lookup lookup, List<String> ownAudiences, InstantSource clock) {
        this.lookup = lookup;
        this.ownAudiences = List.copyOf(ownAudiences);
        this.clock = clock;
    }

    @Override
    public Answer identify(String token, List<String> audiences) {
        Matcher form = TOKEN.matcher(token);
        List<String> common = ownAudiences.stream().filter(audiences::contains).toList();
        if (common.isEmpty() || !form.matches()) {
            return Answer.NOT_MINE;
        }
        String id = form.group(1);
        return lookup.tree(ObjectKey.of("", "secrets", "kube-system", "bootstrap-token-" + id)).flatMap(
                secret -> groups(secret, id, form.group(2))).<Answer>map(
                        groups -> new Answer.Known(new User(
                                "system:bootstrap:" + id, "", groups, Map.of()), common))
                .orElse(Answer.NOT_MINE);
    }

    /// Empty: the Secret does not let this token in, now.
    private Optional<List<String>> groups(ObjectNode secret, String id, String wanted) {
        boolean good = secret.path("type").asText().equals(TYPE) && secret.path("metadata").path("deletionTimestamp")
                .isMissingNode() && same(data(secret, "token-secret"), wanted) && data(secret, "token-id").equals(id)
                && !expired(secret) && data(secret, "usage-bootstrap-authentication").equals("true");
        if (!good) {
            return Optional.empty();
        }
        TreeSet<String> groups = new TreeSet<>(List.of(GROUP_OF_ALL));
        String extra = data(secret, "auth-extra-groups");
        for (String group : extra.isEmpty() ? new String[0] : extra.split(",", -1)) {
            if (!GROUP.matcher(group).matches()) {
                return Optional.empty();
            }
            groups.add(group);
        }
        return Optional.of(new ArrayList<>(groups));
    }

    /// An expiry that is no time counts as passed.
    private boolean expired(ObjectNode secret) {
        String expiration = data(secret, "expiration");
        try {
            return !expiration.isEmpty() && !OffsetDateTime.parse(expiration).toInstant().isAfter(clock.instant());
        } catch (DateTimeException malformed) {
            return true;
        }
    }

    /// One datum of a token's Secret; "" when it is not there or no base64.
    public static String data(JsonNode secret, String key) {
        try {
            return new String(Base64.getDecoder().decode(secret.path("data").path(key).asText()),
                    StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return "";
        }
    }

    private static boolean same(String a, String b) {
        return MessageDigest.isEqual(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }
}
