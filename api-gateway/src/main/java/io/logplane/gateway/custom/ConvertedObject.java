package io.logplane.gateway.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.GoValue;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.rules.ObjectMetaRules;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/// One object a webhook answered, beside the one it was sent: still the same object, and of its metadata only labels
/// and annotations are taken over.
///
/// Errors: 500 with upstream's text. Shape: `about` names what was sent, as errors begin.
/// Source: k8s.io/apiextensions-apiserver/pkg/apiserver/conversion (webhook_converter).
record ConvertedObject(String about, ObjectNode sent, ObjectNode answered) {

    static ConvertedObject of(String about, ObjectNode sent, JsonNode answered) {
        if (answered.isNull()) {
            throw Refusals.unclassified("unexpected end of JSON input");
        }
        if (!(answered instanceof ObjectNode object)) {
            throw Refusals.unclassified("json: cannot unmarshal " + kind(answered)
                    + " into Go value of type unstructured.detector");
        }
        if (Tree.text(object, "kind").isEmpty()) {
            throw Refusals.unclassified("Object 'Kind' is missing in '" + new String(Json.bytes(object),
                    StandardCharsets.UTF_8) + "'");
        }
        return new ConvertedObject(about, sent, object);
    }

    private static String kind(JsonNode node) {
        return node.isTextual() ? "string" : node.isArray() ? "array" : node.isNumber() ? "number" : "bool";
    }

    /// The object as it is used from here on.
    ObjectNode checked(String apiVersion) {
        is("groupVersion", apiVersion, "apiVersion");
        is("kind", Tree.text(sent, "kind"), "kind");
        same("name", "metadata.name");
        same("namespace", "metadata.namespace");
        same("UID", "metadata.uid");
        JsonNode given = answered.path("metadata");
        if (given.isMissingNode()) {
            throw metadata("missing metadata in converted object");
        }
        if (!given.isObject()) {
            throw metadata("invalid metadata of type " + GoValue.type(given) + " in converted object");
        }
        ObjectNode metadata = sent.path("metadata").deepCopy();
        take("labels", given, metadata);
        take("annotations", given, metadata);
        answered.set("metadata", metadata);
        return answered;
    }

    private void is(String what, String expected, String field) {
        String received = Tree.text(answered, field);
        if (!expected.equals(received)) {
            throw Refusals.unclassified(about + " returned invalid object at index 0: invalid " + what + " (expected "
                    + expected + ", received " + received + ")");
        }
    }

    private void same(String what, String path) {
        String before = Tree.text(sent, path);
        String after = Tree.text(answered, path);
        if (!before.equals(after)) {
            throw Refusals.unclassified(about + " returned invalid object: must have the same " + what + ": " + before
                    + " != " + after);
        }
    }

    private void take(String field, JsonNode given, ObjectNode metadata) {
        JsonNode texts = given.path(field);
        if (!texts.isMissingNode() && !texts.isNull() && !texts.isObject()) {
            throw metadata("invalid metadata." + field + " of type " + GoValue.type(texts) + " in converted object");
        }
        texts.properties().forEach(text -> {
            if (!text.getValue().isTextual()) {
                throw metadata("metadata." + field + "[" + text.getKey() + "] must be a string, but is " + GoValue.type(
                        text.getValue()) + " in converted object");
            }
        });
        if (texts.isEmpty()) {
            metadata.remove(field);
            return;
        }
        if (!texts.equals(metadata.path(field))) {
            List<FieldError> wrong = field.equals("labels")
                    ? ObjectMetaRules.labels(texts)
                    : ObjectMetaRules.annotations(texts, "metadata.annotation");
            if (!wrong.isEmpty()) {
                throw metadata(all(wrong));
            }
        }
        metadata.set(field, texts);
    }

    private static String all(List<FieldError> wrong) {
        List<String> texts = wrong.stream().map(error -> error.field() + ": " + error.message()).distinct().toList();
        return texts.size() == 1 ? texts.getFirst() : texts.stream().collect(Collectors.joining(", ", "[", "]"));
    }

    private Refused metadata(String why) {
        return Refusals.unclassified(about + " returned invalid metadata: " + why);
    }
}
