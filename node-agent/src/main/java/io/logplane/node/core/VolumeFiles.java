package io.logplane.node.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// The files of configMap, secret, downwardAPI and projected volumes. Pure.
///
/// Errors: [CannotStart] for a source that is missing and not optional, or a path that leads out of the volume.
/// Source: https://kubernetes.io/docs/concepts/storage/projected-volumes/
public final class VolumeFiles {
    private static final int DEFAULT_MODE = 0644;
    /// The kind of volume whose files come from the cluster.
    public static final List<String> KINDS = List.of("configMap", "secret", "downwardAPI", "projected");

    private VolumeFiles() {
    }

    /// Shape: `path` is relative, without `..`; `mode` as in chmod.
    public record Entry(String path, byte[] content, int mode) {
    }

    public static List<Entry> of(Pod pod, JsonNode volume, Sources sources, Facts facts) {
        List<Entry> entries = new ArrayList<>();
        for (String kind : KINDS) {
            if (volume.has(kind)) {
                int mode = volume.path(kind).path("defaultMode").asInt(DEFAULT_MODE);
                if (kind.equals("projected")) {
                    volume.path(kind).path("sources").forEach(part -> part.properties()
                            .forEach(p -> add(entries, pod, p.getKey(), p.getValue(), mode, sources, facts)));
                } else {
                    add(entries, pod, kind, volume.path(kind), mode, sources, facts);
                }
            }
        }
        entries.forEach(e -> requireInside(e.path()));
        return entries;
    }

    private static void add(List<Entry> entries, Pod pod, String kind, JsonNode source, int mode, Sources sources,
            Facts facts) {
        switch (kind) {
            case "configMap" -> {
                String name = source.path("name").asText();
                data(entries, source, mode, sources.configMap(name), "configmap \"" + name + "\"");
            }
            case "secret" -> {
                String name = source.path("secretName").asText(source.path("name").asText());
                data(entries, source, mode, sources.secret(name), "secret \"" + name + "\"");
            }
            case "downwardAPI" -> source.path("items").forEach(item -> {
                String text = item.has("resourceFieldRef")
                        ? Fields.resource(pod, container(pod, item.path("resourceFieldRef")),
                                item.path("resourceFieldRef"), facts)
                        : Fields.field(pod, item.path("fieldRef").path("fieldPath").asText(), facts, List.of());
                entries.add(new Entry(item.path("path").asText(), text.getBytes(StandardCharsets.UTF_8),
                        item.path("mode").asInt(mode)));
            });
            case "serviceAccountToken" -> {
                String token = sources.tokens().get(Sources.token(source));
                if (token == null) {
                    throw new CannotStart("FailedMount", "no token could be had for service account "
                            + pod.spec().path("serviceAccountName").asText("default"));
                }
                // As upstream: only the owner, or everybody in the pod's group when it has one.
                int tokenMode = pod.spec().path("securityContext").has("fsGroup") ? 0640 : 0644;
                entries.add(new Entry(source.path("path").asText(), token.getBytes(StandardCharsets.UTF_8),
                        tokenMode));
            }
            default -> throw new CannotStart("FailedMount", "volume source " + kind + " is not supported");
        }
    }

    private static ObjectNode container(Pod pod, JsonNode ref) {
        return pod.member(ref.path("containerName").asText()).map(Pod.Member::json).orElseGet(Json::newObject);
    }

    private static void data(List<Entry> entries, JsonNode source, int mode,
            Optional<SortedMap<String, byte[]>> data, String what) {
        boolean optional = source.path("optional").asBoolean();
        if (data.isEmpty()) {
            if (!optional) {
                throw new CannotStart("FailedMount", what + " not found");
            }
            return;
        }
        if (source.path("items").isEmpty()) {
            data.get().forEach((key, bytes) -> entries.add(new Entry(key, bytes, mode)));
            return;
        }
        for (JsonNode item : source.path("items")) {
            byte[] bytes = data.get().get(item.path("key").asText());
            if (bytes != null) {
                entries.add(new Entry(item.path("path").asText(), bytes, item.path("mode").asInt(mode)));
            } else if (!optional) {
                throw new CannotStart("FailedMount", what + " references non-existent config key: "
                        + item.path("key").asText());
            }
        }
    }

    private static void requireInside(String path) {
        boolean bad = path.isEmpty() || path.startsWith("/") || path.startsWith("..")
                || List.of(path.split("/")).contains("..");
        if (bad) {
            throw new CannotStart("FailedMount", "invalid path in a volume: \"" + path + "\"");
        }
    }
}
