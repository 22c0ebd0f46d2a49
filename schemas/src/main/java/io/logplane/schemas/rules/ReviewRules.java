package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// Questions about access, which are asked by creating them and never stored.
///
/// Source: k8s.io/kubernetes/pkg/apis/authorization/validation.
public final class ReviewRules {
    private static final String RESOURCE = "spec.resourceAttributes";
    private static final String OTHER = "spec.nonResourceAttributes";

    private ReviewRules() {
    }

    /// Shape: `review` with the namespace it was asked in.
    public static List<FieldError> check(String kind, ObjectNode review) {
        Problems problems = new Problems();
        boolean resource = Tree.at(review, RESOURCE).isObject();
        JsonNode other = Tree.at(review, OTHER);
        if (resource && other.isObject()) {
            problems.invalid(OTHER, GoStruct.of(other, "NonResourceAttributes"),
                    "cannot be specified in combination with resourceAttributes");
        } else if (!resource && !other.isObject()) {
            problems.invalid(RESOURCE, other,
                    "exactly one of nonResourceAttributes or resourceAttributes must be specified");
        }
        if (!kind.equals("SelfSubjectAccessReview") && Tree.text(review, "spec.user").isEmpty()
                && Tree.at(review, "spec.groups").isEmpty()) {
            problems.invalid("spec.user", "", "at least one of user or group must be specified");
        }
        for (String selector : List.of("fieldSelector", "labelSelector")) {
            if (Tree.at(review, RESOURCE + "." + selector).isObject()) {
                selector(Tree.at(review, RESOURCE + "." + selector), RESOURCE + "." + selector, problems);
            }
        }
        metadata(kind, review, problems);
        if (kind.equals("LocalSubjectAccessReview")) {
            String namespace = Tree.text(review, RESOURCE + ".namespace");
            if (resource && !namespace.equals(Tree.text(review, "metadata.namespace"))) {
                problems.invalid(RESOURCE + ".namespace", namespace, "must match metadata.namespace");
            }
            if (other.isObject()) {
                problems.invalid(OTHER, GoStruct.of(other, "NonResourceAttributes"),
                        "disallowed on this kind of request");
            }
        }
        return problems.list();
    }

    private static void metadata(String kind, ObjectNode review, Problems problems) {
        boolean local = kind.equals("LocalSubjectAccessReview");
        if (review.path("metadata") instanceof ObjectNode metadata) {
            ObjectNode rest = metadata.deepCopy().without("managedFields");
            if (local) {
                rest.remove("namespace");
            }
            rest.properties().removeIf(field -> field.getValue().isNull() || field.getValue().isEmpty()
                    && field.getValue().asText().isEmpty());
            if (!rest.isEmpty()) {
                problems.invalid("metadata", GoStruct.of(metadata, "ObjectMeta"),
                        local ? "must be empty except for namespace" : "must be empty");
            }
        }
    }

    /// Operators that nobody knows yet are for whoever decides.
    private static void selector(JsonNode selector, String path, Problems problems) {
        boolean raw = !Tree.text(selector, "rawSelector").isEmpty();
        List<ObjectNode> requirements = Tree.objects(selector, "requirements");
        if (raw && !requirements.isEmpty()) {
            problems.invalid(path + ".rawSelector", Tree.text(selector, "rawSelector"),
                    "may not specified at the same time as requirements");
        } else if (!raw && requirements.isEmpty()) {
            problems.required(path + ".requirements", "when " + path
                    + " is specified, requirements or rawSelector is required");
        }
        for (int i = 0; i < requirements.size(); i++) {
            String at = path + ".requirements[" + i + "]";
            if (path.endsWith("labelSelector")) {
                SelectorRules.values(requirements.get(i), at, problems);
                SelectorRules.names(requirements.get(i), at, problems);
            } else {
                if (Tree.text(requirements.get(i), "key").isEmpty()) {
                    problems.required(at + ".key", "must be specified");
                }
                SelectorRules.values(requirements.get(i), at, problems);
            }
        }
    }
}
