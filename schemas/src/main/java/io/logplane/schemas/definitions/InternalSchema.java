package io.logplane.schemas.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;

/// A schema in upstream's internal form, as [InternalForm] is for the rest of a definition.
///
/// Shape: texts and flags are there whether they are said or not, everything else is null when it is not said.
/// Source: k8s.io/apiextensions-apiserver/pkg/apis/apiextensions (types_jsonschema).
public final class InternalSchema {
    /// In the order in which they are printed.
    private static final List<String> WORDS = List.of("id", "$schema", "$ref", "description", "type", "nullable",
            "format", "title", "default", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength",
            "minLength", "pattern", "maxItems", "minItems", "uniqueItems", "multipleOf", "enum", "maxProperties",
            "minProperties", "required", "items", "allOf", "oneOf", "anyOf", "not", "properties",
            "additionalProperties", "patternProperties", "dependencies", "additionalItems", "definitions",
            "externalDocs", "example", "x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource",
            "x-kubernetes-int-or-string", "x-kubernetes-list-map-keys", "x-kubernetes-list-type",
            "x-kubernetes-map-type", "x-kubernetes-validations");
    private static final Set<String> TEXTS = Set.of("id", "$schema", "description", "type", "format", "title",
            "pattern");
    private static final Set<String> FLAGS = Set.of("nullable", "exclusiveMaximum", "exclusiveMinimum", "uniqueItems",
            "x-kubernetes-embedded-resource", "x-kubernetes-int-or-string");
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final JsonNode NULL = NullNode.getInstance();

    private InternalSchema() {
    }

    /// Shape: a whole `openAPIV3Schema`.
    public static JsonNode of(JsonNode schema) {
        ObjectNode shown = JSON.objectNode();
        WORDS.forEach(word -> shown.set(goName(word), word(word, schema.path(word))));
        return shown;
    }

    /// What a schema says by its own words, in upstream's order. Shape: names as [#of] prints them; what is false or an
    /// empty text is not said.
    public static List<String> said(JsonNode schema) {
        return WORDS.stream().filter(word -> {
            JsonNode said = word(word, schema.path(word));
            boolean zero = TEXTS.contains(word) ? said.asText().isEmpty() : FLAGS.contains(word) && !said.asBoolean();
            return !said.isNull() && !zero;
        }).map(InternalSchema::goName).toList();
    }

    private static String goName(String word) {
        if (word.equals("id")) {
            return "ID";
        }
        StringBuilder name = new StringBuilder();
        for (String part : word.replace("$", "").replace("x-kubernetes", "x").split("-")) {
            name.append(Character.toUpperCase(part.charAt(0))).append(part.substring(1));
        }
        return name.toString();
    }

    private static JsonNode word(String word, JsonNode said) {
        if (TEXTS.contains(word)) {
            return JSON.textNode(said.asText(""));
        }
        if (FLAGS.contains(word)) {
            return JSON.booleanNode(said.asBoolean());
        }
        return InternalForm.optional(said, known -> switch (word) {
            case "allOf", "oneOf", "anyOf" -> InternalForm.list(known, InternalSchema::of);
            case "not" -> of(known);
            case "properties", "patternProperties", "definitions" -> InternalForm.named(known, InternalSchema::of);
            case "items" -> either("Schema", known, "JSONSchemas", InternalForm.list(known, InternalSchema::of));
            case "dependencies" -> InternalForm.named(known, one -> either("Schema", one, "Property", one));
            case "additionalProperties", "additionalItems" -> further(known);
            case "externalDocs" -> JSON.objectNode().put("Description", Tree.text(known, "description")).put("URL", Tree
                    .text(known, "url"));
            case "x-kubernetes-validations" -> InternalForm.list(known, InternalSchema::rule);
            default -> value(known);
        });
    }

    private static JsonNode either(String schema, JsonNode said, String list, JsonNode all) {
        ObjectNode shown = JSON.objectNode();
        shown.set(schema, said.isObject() ? of(said) : NULL);
        shown.set(list, said.isArray() ? all : NULL);
        return shown;
    }

    private static JsonNode further(JsonNode said) {
        ObjectNode shown = JSON.objectNode().put("Allows", said.isObject() || said.asBoolean());
        shown.set("Schema", said.isObject() ? of(said) : NULL);
        return shown;
    }

    /// Shape: one of `x-kubernetes-validations`.
    public static JsonNode rule(JsonNode rule) {
        ObjectNode shown = JSON.objectNode();
        for (String field : List.of("Rule", "Message", "MessageExpression")) {
            InternalForm.text(shown, field, rule.path(InternalForm.lower(field)));
        }
        shown.set("Reason", InternalForm.optional(rule.path("reason"), known -> known));
        InternalForm.text(shown, "FieldPath", rule.path("fieldPath"));
        shown.set("OptionalOldSelf", InternalForm.optional(rule.path("optionalOldSelf"), known -> known));
        return shown;
    }

    /// Any value: members in order of their names, numbers without what they do not need.
    private static JsonNode value(JsonNode value) {
        if (value.isObject()) {
            return InternalForm.named(value, InternalSchema::value);
        }
        if (value.isArray()) {
            return InternalForm.list(value, InternalSchema::value);
        }
        return value.isNumber() ? DecimalNode.valueOf(plain(value.decimalValue())) : value;
    }

    private static BigDecimal plain(BigDecimal number) {
        BigDecimal bare = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        return bare.scale() < 0 ? bare.setScale(0) : bare;
    }
}
