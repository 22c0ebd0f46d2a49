package io.logplane.node.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The ConfigMaps, Secrets and tokens a pod refers to, fetched before anything is made of them.
///
/// Shape: by name, all of the pod's namespace; one that does not exist is absent. Tokens by [Wanted.Token].
public record Sources(Map<String, ObjectNode> configMaps, Map<String, ObjectNode> secrets,
        Map<Wanted.Token, String> tokens) {
    public static final Sources NONE = new Sources(Map.of(), Map.of(), Map.of());
    /// How long a token lives when the volume does not say.
    private static final long TOKEN_SECONDS = 3600;

    public Sources {
        configMaps = Map.copyOf(configMaps);
        secrets = Map.copyOf(secrets);
        tokens = Map.copyOf(tokens);
    }

    /// What a pod refers to.
    public record Wanted(Set<String> configMaps, Set<String> secrets, Set<Token> tokens) {

        /// Shape: `audience` "" for the API server's own.
        public record Token(String audience, long expirationSeconds) {
        }

        public boolean none() {
            return configMaps.isEmpty() && secrets.isEmpty() && tokens.isEmpty();
        }
    }

    /// Names first, so that the shell can fetch them all before a decision needs one.
    public static Wanted wanted(Pod pod) {
        Wanted wanted = new Wanted(new LinkedHashSet<>(), new LinkedHashSet<>(), new LinkedHashSet<>());
        for (JsonNode volume : pod.spec().path("volumes")) {
            add(wanted.configMaps(), volume.path("configMap").path("name"));
            add(wanted.secrets(), volume.path("secret").path("secretName"));
            for (JsonNode part : volume.path("projected").path("sources")) {
                add(wanted.configMaps(), part.path("configMap").path("name"));
                add(wanted.secrets(), part.path("secret").path("name"));
                if (part.has("serviceAccountToken")) {
                    wanted.tokens().add(token(part.path("serviceAccountToken")));
                }
            }
        }
        for (Pod.Member member : pod.members()) {
            for (JsonNode from : member.json().path("envFrom")) {
                add(wanted.configMaps(), from.path("configMapRef").path("name"));
                add(wanted.secrets(), from.path("secretRef").path("name"));
            }
            for (JsonNode env : member.json().path("env")) {
                add(wanted.configMaps(), env.path("valueFrom").path("configMapKeyRef").path("name"));
                add(wanted.secrets(), env.path("valueFrom").path("secretKeyRef").path("name"));
            }
        }
        return wanted;
    }

    static Wanted.Token token(JsonNode projection) {
        return new Wanted.Token(projection.path("audience").asText(),
                projection.path("expirationSeconds").asLong(TOKEN_SECONDS));
    }

    private static void add(Set<String> names, JsonNode name) {
        if (!name.asText().isEmpty()) {
            names.add(name.asText());
        }
    }

    /// Shape: key to bytes, in key order; empty when the object does not exist.
    public Optional<SortedMap<String, byte[]>> configMap(String name) {
        return Optional.ofNullable(configMaps.get(name)).map(object -> {
            SortedMap<String, byte[]> data = new TreeMap<>();
            object.path("data").properties()
                    .forEach(e -> data.put(e.getKey(), e.getValue().asText().getBytes(StandardCharsets.UTF_8)));
            object.path("binaryData").properties().forEach(e -> data.put(e.getKey(), decode(e.getValue())));
            return data;
        });
    }

    /// Shape: as [#configMap].
    public Optional<SortedMap<String, byte[]>> secret(String name) {
        return Optional.ofNullable(secrets.get(name)).map(object -> {
            SortedMap<String, byte[]> data = new TreeMap<>();
            object.path("data").properties().forEach(e -> data.put(e.getKey(), decode(e.getValue())));
            return data;
        });
    }

    private static byte[] decode(JsonNode base64) {
        try {
            return Base64.getDecoder().decode(base64.asText());
        } catch (IllegalArgumentException refusedByTheGateway) {
            return new byte[0];
        }
    }
}
