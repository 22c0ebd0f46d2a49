package io.logplane.gateway.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.extension.cel.CelEnvironment;
import io.logplane.extension.cel.DeclaredType;
import io.logplane.extension.cel.DeclaredType.ListOf;
import io.logplane.extension.cel.DeclaredType.MapOf;
import io.logplane.extension.cel.DeclaredType.Scalar;
import io.logplane.extension.cel.DeclaredType.Struct;
import io.logplane.extension.cel.Expression;
import io.logplane.extension.cel.JsonValues;
import io.logplane.schemas.model.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the match conditions of an authorization webhook may name: `request`, the spec of a SubjectAccessReview.
///
/// Source: k8s.io/apiserver/pkg/authorization/cel.
public final class AccessVariables {
    private static final List<String> RESOURCE = List.of("namespace", "verb", "group", "version", "resource",
            "subresource", "name");
    private static final List<String> PATH = List.of("path", "verb");
    private static final Struct REQUEST = request();
    private static final CelEnvironment ENVIRONMENT = CelEnvironment.builder().variable("request", REQUEST).build();

    private AccessVariables() {
    }

    private static Map<String, DeclaredType> fields(List<String> texts) {
        Map<String, DeclaredType> fields = new LinkedHashMap<>();
        texts.forEach(text -> fields.put(text, Scalar.STRING));
        return fields;
    }

    private static Struct request() {
        Map<String, DeclaredType> requirement = fields(List.of("key", "operator"));
        requirement.put("values", new ListOf(Scalar.STRING));
        Struct term = new Struct("SelectorRequirement", requirement, false);
        Map<String, DeclaredType> resource = fields(RESOURCE);
        for (String selector : List.of("FieldSelector", "LabelSelector")) {
            Map<String, DeclaredType> parts = fields(List.of("rawSelector"));
            parts.put("requirements", new ListOf(term));
            resource.put(Character.toLowerCase(selector.charAt(0)) + selector.substring(1), new Struct(selector
                    + "Attributes", parts, false));
        }
        Map<String, DeclaredType> fields = fields(List.of("user", "uid"));
        fields.put("resourceAttributes", new Struct("ResourceAttributes", resource, false));
        fields.put("nonResourceAttributes", new Struct("NonResourceAttributes", fields(PATH), false));
        fields.put("groups", new ListOf(Scalar.STRING));
        fields.put("extra", new MapOf(new ListOf(Scalar.STRING)));
        return new Struct("SubjectAccessReviewSpec", fields, false);
    }

    static Optional<Expression> compile(String source, String path, Section.Problems problems) {
        return ClaimMapping.compiled(ENVIRONMENT, source, path, problems, true, "bool");
    }

    /// Shape: the spec as it is sent, with "" and empty for the texts and lists that it leaves out.
    public static Map<String, Object> of(ObjectNode spec) {
        ObjectNode whole = spec.deepCopy();
        fill(whole, List.of("user", "uid"));
        if (!whole.has("groups")) {
            whole.putArray("groups");
        }
        if (!whole.has("extra")) {
            whole.putObject("extra");
        }
        if (whole.path("resourceAttributes") instanceof ObjectNode resource) {
            fill(resource, RESOURCE);
        }
        if (whole.path("nonResourceAttributes") instanceof ObjectNode other) {
            fill(other, PATH);
        }
        return Map.of("request", JsonValues.of((JsonNode) whole, REQUEST));
    }

    private static void fill(ObjectNode node, List<String> texts) {
        for (String text : texts) {
            if (!node.has(text)) {
                node.set(text, Json.MAPPER.getNodeFactory().textNode(""));
            }
        }
    }
}
