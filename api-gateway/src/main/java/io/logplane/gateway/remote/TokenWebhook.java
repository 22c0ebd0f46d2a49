package io.logplane.gateway.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.authn.TokenSource;
import io.logplane.gateway.authn.User;
import io.logplane.schemas.model.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Asks a webhook whose token it is.
///
/// Shape: answers of both kinds are kept for `cacheTtl`, by the token's hash; failures are not, nor is what the webhook
/// says went wrong. A failed call knows nobody. Thread: any; blocks.
/// Source: k8s.io/apiserver/plugin/pkg/authenticator/token/webhook.
public final class TokenWebhook implements TokenSource {
    private static final String GROUP = "authentication.k8s.io/";
    /// Upstream's default.
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int KEPT = 4096;

    private final ReviewClient client;
    private final String version;
    private final Duration cacheTtl;
    private final ExpiringCache<String, Answer> answers;

    /// Errors: [io.logplane.gateway.identity.SettingsInvalid]. Shape: `version` v1 or v1beta1.
    public TokenWebhook(Path kubeconfig, String version, Duration cacheTtl, InstantSource clock) {
        this.client = new ReviewClient(kubeconfig, TIMEOUT);
        this.version = version;
        this.cacheTtl = cacheTtl;
        this.answers = new ExpiringCache<>(KEPT, clock);
    }

    @Override
    public Answer identify(String token, List<String> audiences) {
        String key = hash(token + "\n" + String.join("\n", audiences));
        Optional<Answer> kept = answers.get(key);
        if (kept.isPresent()) {
            return kept.get();
        }
        Answer answer;
        try {
            answer = answer(client.post(review(token, audiences)).path("status"), audiences);
        } catch (WebhookServer.CallFailed failed) {
            return new Answer.Refused(String.valueOf(failed.getMessage()));
        }
        if (!cacheTtl.isZero() && !(answer instanceof Answer.Refused)) {
            answers.put(key, answer, cacheTtl);
        }
        return answer;
    }

    private ObjectNode review(String token, List<String> audiences) {
        ObjectNode review = Json.newObject();
        review.put("kind", "TokenReview");
        review.put("apiVersion", GROUP + version);
        review.putObject("metadata");
        ObjectNode spec = review.putObject("spec");
        spec.put("token", token);
        ArrayNode wanted = spec.putArray("audiences");
        audiences.forEach(wanted::add);
        review.putObject("status").putObject("user");
        return review;
    }

    /// Shape: a webhook that names no audiences knows none, and speaks for this server's.
    private static Answer answer(JsonNode status, List<String> audiences) {
        if (!status.path("authenticated").asBoolean()) {
            String error = status.path("error").asText();
            return error.isEmpty() ? Answer.NOT_MINE : new Answer.Refused(error);
        }
        List<String> named = texts(status.path("audiences"));
        List<String> common = named.isEmpty() ? audiences : named.stream().filter(audiences::contains).toList();
        if (common.isEmpty()) {
            return Answer.NOT_MINE;
        }
        JsonNode user = status.path("user");
        Map<String, List<String>> extra = new LinkedHashMap<>();
        user.path("extra").properties().forEach(entry -> extra.put(entry.getKey(), texts(entry.getValue())));
        return new Answer.Known(new User(user.path("username").asText(), user.path("uid").asText(), texts(user.path(
                "groups")), extra), common);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(one -> texts.add(one.asText()));
        return texts;
    }

    private static String hash(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(
                    StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
