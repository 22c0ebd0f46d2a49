package io.logplane.representation.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.rules.ObjectMetaRules;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// What kubectl's client-side apply leaves in an annotation, for kubectl's server-side apply to take over.
///
/// Source: k8s.io/apimachinery/pkg/util/managedfields (last applied).
final class LastApplied {
    private static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";
    private static final String KUBECTL = "kubectl";

    private LastApplied() {
    }

    static boolean concerns(String manager) {
        return manager.equals(KUBECTL);
    }

    /// What was applied by the client and has not been changed since: no reason for a conflict.
    static FieldSet untouched(ObjectNode live, VersionedType type) {
        String text = text(live);
        TypedTree tree = type.subject().tree();
        try {
            ObjectNode said = Json.object(text.getBytes(StandardCharsets.UTF_8));
            if (!said.path("apiVersion").asText().equals(type.type().apiVersion())
                    || !AppliedSchema.check(said, tree).isEmpty()) {
                return FieldSet.EMPTY;
            }
            Comparison since = Comparison.of(said, live, tree);
            return Merging.fields(said, tree).minus(since.changed()).minus(since.removed());
        } catch (IllegalArgumentException | ApplyInvalid unreadable) {
            return FieldSet.EMPTY;
        }
    }

    /// Brings the annotation, where there is one, up to what is applied now. Shape: `object` is changed in place.
    static void renew(ObjectNode object, ObjectNode applied) {
        if (text(object).isEmpty()) {
            return;
        }
        ObjectNode said = applied.deepCopy();
        if (said.path("metadata").path("annotations") instanceof ObjectNode annotations) {
            annotations.remove(ANNOTATION);
        }
        ObjectNode annotations = object.withObjectProperty("metadata").withObjectProperty("annotations");
        annotations.put(ANNOTATION, goJson(said) + "\n");
        if (bytes(annotations) > ObjectMetaRules.MAX_ANNOTATION_BYTES) {
            annotations.remove(ANNOTATION);
        }
    }

    private static String text(ObjectNode object) {
        return object.path("metadata").path("annotations").path(ANNOTATION).asText("");
    }

    private static long bytes(ObjectNode annotations) {
        long sum = 0;
        for (Map.Entry<String, JsonNode> one : annotations.properties()) {
            sum += one.getKey().getBytes(StandardCharsets.UTF_8).length;
            sum += one.getValue().asText().getBytes(StandardCharsets.UTF_8).length;
        }
        return sum;
    }

    /// As Go writes JSON: keys in order, and nothing that HTML could misread.
    private static String goJson(ObjectNode object) {
        try {
            return Json.MAPPER.writer().with(JsonNodeFeature.WRITE_PROPERTIES_SORTED).writeValueAsString(object)
                    .replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
                    .replace("\u2028", "\\u2028").replace("\u2029", "\\u2029");
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
