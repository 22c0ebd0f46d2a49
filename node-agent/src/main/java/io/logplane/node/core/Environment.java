package io.logplane.node.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/// The environment of a container: service variables, envFrom, env, with `$(NAME)` put in. Pure.
///
/// Errors: [CannotStart] with upstream's message for a source that is missing and not optional.
/// Source: https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/
public final class Environment {

    private Environment() {
    }

    /// Shape: in order of definition; a later definition of a name replaces the earlier one's value.
    public static List<ContainerSpec.EnvVar> of(Pod pod, ObjectNode container, Sources sources, Facts facts,
            List<String> podIps) {
        Map<String, String> env = new LinkedHashMap<>();
        services(env, facts);
        for (JsonNode from : container.path("envFrom")) {
            addAll(env, from, sources);
        }
        for (JsonNode variable : container.path("env")) {
            value(pod, container, variable, sources, facts, podIps, env)
                    .ifPresent(v -> env.put(variable.path("name").asText(), v));
        }
        return env.entrySet().stream().map(e -> new ContainerSpec.EnvVar(e.getKey(), e.getValue())).toList();
    }

    /// `$(NAME)` becomes the value, `$$(NAME)` the text `$(NAME)`; an unknown name stays as it is.
    public static String expand(String text, Map<String, String> env) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '$' && at + 1 < text.length()) {
                char next = text.charAt(at + 1);
                int close = next == '(' ? text.indexOf(')', at + 2) : -1;
                if (next == '$') {
                    out.append('$');
                    at += 2;
                    continue;
                }
                if (close > 0) {
                    String name = text.substring(at + 2, close);
                    out.append(env.containsKey(name) ? env.get(name) : "$(" + name + ")");
                    at = close + 1;
                    continue;
                }
            }
            out.append(c);
            at++;
        }
        return out.toString();
    }

    static Map<String, String> map(List<ContainerSpec.EnvVar> env) {
        Map<String, String> map = new LinkedHashMap<>();
        env.forEach(e -> map.put(e.name(), e.value()));
        return map;
    }

    /// The service every cluster has. Others come with services on the node.
    private static void services(Map<String, String> env, Facts facts) {
        String port = Integer.toString(facts.apiPort());
        String tcp = "tcp://" + facts.apiHost() + ":" + port;
        env.put("KUBERNETES_SERVICE_HOST", facts.apiHost());
        env.put("KUBERNETES_SERVICE_PORT", port);
        env.put("KUBERNETES_SERVICE_PORT_HTTPS", port);
        env.put("KUBERNETES_PORT", tcp);
        env.put("KUBERNETES_PORT_" + port + "_TCP", tcp);
        env.put("KUBERNETES_PORT_" + port + "_TCP_PROTO", "tcp");
        env.put("KUBERNETES_PORT_" + port + "_TCP_PORT", port);
        env.put("KUBERNETES_PORT_" + port + "_TCP_ADDR", facts.apiHost());
    }

    private static void addAll(Map<String, String> env, JsonNode from, Sources sources) {
        boolean secret = from.has("secretRef");
        JsonNode ref = from.path(secret ? "secretRef" : "configMapRef");
        String name = ref.path("name").asText();
        Optional<SortedMap<String, byte[]>> data = secret ? sources.secret(name) : sources.configMap(name);
        if (data.isEmpty()) {
            if (!ref.path("optional").asBoolean()) {
                throw missing(secret, name);
            }
            return;
        }
        String prefix = from.path("prefix").asText();
        data.get().forEach((k, v) -> env.put(prefix + k, new String(v, StandardCharsets.UTF_8)));
    }

    private static Optional<String> value(Pod pod, ObjectNode container, JsonNode variable, Sources sources,
            Facts facts, List<String> podIps, Map<String, String> env) {
        JsonNode from = variable.path("valueFrom");
        if (from.has("fieldRef")) {
            return Optional.of(Fields.field(pod, from.path("fieldRef").path("fieldPath").asText(), facts, podIps));
        }
        if (from.has("resourceFieldRef")) {
            return Optional.of(Fields.resource(pod, container, from.path("resourceFieldRef"), facts));
        }
        if (from.has("secretKeyRef") || from.has("configMapKeyRef")) {
            return key(pod, from, sources);
        }
        return Optional.of(expand(variable.path("value").asText(), env));
    }

    private static Optional<String> key(Pod pod, JsonNode from, Sources sources) {
        boolean secret = from.has("secretKeyRef");
        JsonNode ref = from.path(secret ? "secretKeyRef" : "configMapKeyRef");
        String name = ref.path("name").asText();
        String key = ref.path("key").asText();
        boolean optional = ref.path("optional").asBoolean();
        Optional<SortedMap<String, byte[]>> data = secret ? sources.secret(name) : sources.configMap(name);
        if (data.isEmpty()) {
            if (optional) {
                return Optional.empty();
            }
            throw missing(secret, name);
        }
        byte[] value = data.get().get(key);
        if (value == null) {
            if (optional) {
                return Optional.empty();
            }
            throw CannotStart.config("couldn't find key " + key + " in " + (secret ? "Secret " : "ConfigMap ")
                    + pod.namespace() + "/" + name);
        }
        return Optional.of(new String(value, StandardCharsets.UTF_8));
    }

    private static CannotStart missing(boolean secret, String name) {
        return CannotStart.config((secret ? "secret \"" : "configmap \"") + name + "\" not found");
    }
}
