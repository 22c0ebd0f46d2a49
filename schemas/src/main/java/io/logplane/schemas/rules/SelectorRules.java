package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.LabelSelector;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// Label selectors inside objects (metav1.LabelSelector) and what they must match.
final class SelectorRules {

    private SelectorRules() {
    }

    static void selector(JsonNode selector, String path, Problems problems) {
        ObjectMetaRules.labels(selector.path("matchLabels"), path + ".matchLabels", problems);
        List<ObjectNode> expressions = Tree.objects(selector, "matchExpressions");
        for (int i = 0; i < expressions.size(); i++) {
            expression(expressions.get(i), path + ".matchExpressions[" + i + "]", problems);
        }
    }

    /// The selector of a workload: there, not empty, and matching its own template. Says whether it can be used at all;
    /// where it cannot, `unusable` is said and upstream looks no further into the template.
    static boolean ofWorkload(JsonNode spec, String kind, String unusable, Problems problems) {
        JsonNode selector = spec.path("selector");
        boolean everything = false;
        if (!selector.isObject()) {
            problems.required("spec.selector");
        } else {
            int before = problems.list().size();
            selector(selector, "spec.selector", problems);
            boolean broken = problems.list().size() > before;
            everything = isEmpty(selector);
            if (everything) {
                problems.invalid("spec.selector", GoStruct.of(selector, "LabelSelector"),
                        "empty selector is invalid for " + kind);
            }
            if (broken) {
                problems.invalid("spec.selector", GoStruct.of(selector, "LabelSelector"), unusable);
                return false;
            }
        }
        if (!everything) {
            matches(selector, spec, "spec", problems);
        }
        return true;
    }

    /// What a workload selects never changes.
    static void unchanged(JsonNode object, JsonNode old, Problems problems) {
        problems.unchangedStruct(object, old, "spec.selector", "LabelSelector");
    }

    static boolean isEmpty(JsonNode selector) {
        return selector.path("matchLabels").isEmpty() && selector.path("matchExpressions").isEmpty();
    }

    /// Reports a template that its own selector does not select; an absent selector selects nothing.
    static void matches(JsonNode selector, JsonNode spec, String path, Problems problems) {
        JsonNode labels = spec.path("template").path("metadata").path("labels");
        if (!parsed(selector).matches(labels)) {
            problems.invalid(path + ".template.metadata.labels", GoStruct.map(labels),
                    "`selector` does not match template `labels`");
        }
    }

    static boolean selects(JsonNode selector, JsonNode labels) {
        return parsed(selector).matches(labels);
    }

    private static LabelSelector parsed(JsonNode selector) {
        try {
            return LabelSelector.ofObject(selector);
        } catch (IllegalArgumentException reportedAlready) {
            return LabelSelector.EVERYTHING;
        }
    }

    private static void expression(ObjectNode expression, String path, Problems problems) {
        if (!values(expression, path, problems)) {
            problems.invalid(path + ".operator", Tree.text(expression, "operator"), "not a valid selector operator");
        }
        names(expression, path, problems);
    }

    /// Whether there are values as the operator wants them. False when it is none.
    static boolean values(ObjectNode expression, String path, Problems problems) {
        boolean empty = expression.path("values").isEmpty();
        switch (Tree.text(expression, "operator")) {
            case "In", "NotIn" -> {
                if (empty) {
                    problems.required(path + ".values", "must be specified when `operator` is 'In' or 'NotIn'");
                }
                return true;
            }
            case "Exists", "DoesNotExist" -> {
                if (!empty) {
                    problems.forbidden(path + ".values",
                            "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                }
                return true;
            }
            default -> {
                return false;
            }
        }
    }

    /// The key and the values of an expression about labels.
    static void names(ObjectNode expression, String path, Problems problems) {
        problems.format(NameFormat.QUALIFIED, path + ".key", Tree.text(expression, "key"));
        List<String> values = Tree.texts(expression, "values");
        for (int i = 0; i < values.size(); i++) {
            problems.format(NameFormat.LABEL_VALUE, path + ".values[" + i + "]", values.get(i));
        }
    }
}
