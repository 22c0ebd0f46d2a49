package io.logplane.node.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.node.core.CannotStart;
import io.logplane.node.core.Pod;
import io.logplane.node.core.Sources;
import io.logplane.node.core.Sources.Wanted;
import io.logplane.node.http.GatewayClient;
import io.logplane.schemas.model.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Fetches what one pod refers to; keeps tokens until four fifths of their life are over.
/// Thread: one pass at a time. Errors: [CannotStart] when the gateway does not give it now.
final class SourceReader {
    private static final int RENEW_AT_PERCENT = 80;

    private final Node node;
    private final Map<Wanted.Token, Held> tokens = new HashMap<>();

    private record Held(String token, Instant renewAt) {
    }

    SourceReader(Node node) {
        this.node = node;
    }

    Sources read(Pod pod) {
        Wanted wanted = Sources.wanted(pod);
        if (node.hollow() || wanted.none()) {
            return Sources.NONE;
        }
        try {
            Map<String, ObjectNode> configMaps = new LinkedHashMap<>();
            Map<String, ObjectNode> secrets = new LinkedHashMap<>();
            Map<Wanted.Token, String> fresh = new LinkedHashMap<>();
            String base = "/api/v1/namespaces/" + pod.namespace();
            for (String name : wanted.configMaps()) {
                node.gateway().get(base + "/configmaps/" + name).ifPresent(o -> configMaps.put(name, o));
            }
            for (String name : wanted.secrets()) {
                node.gateway().get(base + "/secrets/" + name).ifPresent(o -> secrets.put(name, o));
            }
            for (Wanted.Token token : wanted.tokens()) {
                token(pod, token).ifPresent(t -> fresh.put(token, t));
            }
            return new Sources(configMaps, secrets, fresh);
        } catch (GatewayClient.Unavailable away) {
            throw CannotStart.config(String.valueOf(away.getMessage()));
        }
    }

    private Optional<String> token(Pod pod, Wanted.Token wanted) {
        Held held = tokens.get(wanted);
        if (held != null && held.renewAt().isAfter(node.clock().instant())) {
            return Optional.of(held.token());
        }
        ObjectNode request = Json.newObject().put("kind", "TokenRequest").put("apiVersion",
                "authentication.k8s.io/v1");
        ObjectNode spec = request.putObject("spec");
        spec.putArray("audiences");
        if (!wanted.audience().isEmpty()) {
            spec.withArray("audiences").add(wanted.audience());
        }
        spec.put("expirationSeconds", wanted.expirationSeconds());
        spec.putObject("boundObjectRef").put("kind", "Pod").put("apiVersion", "v1").put("name", pod.name())
                .put("uid", pod.uid());
        String account = pod.spec().path("serviceAccountName").asText("default");
        GatewayClient.Answer answer = node.gateway().send("POST", "/api/v1/namespaces/" + pod.namespace()
                + "/serviceaccounts/" + account + "/token", GatewayClient.JSON, Optional.of(request));
        if (!answer.ok()) {
            return Optional.empty();
        }
        String token = Json.object(answer.body()).path("status").path("token").asText();
        Duration life = Duration.ofSeconds(wanted.expirationSeconds() * RENEW_AT_PERCENT / 100);
        tokens.put(wanted, new Held(token, node.clock().instant().plus(life)));
        return Optional.of(token);
    }
}
