package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Where a pod may go: tolerations, affinity, spreading.
final class SchedulingRules {
    private static final int MAX_WEIGHT = 100;

    private SchedulingRules() {
    }

    static void all(JsonNode spec, String path, Problems problems) {
        tolerations(spec, path, problems);
        ObjectMetaRules.labels(spec.path("nodeSelector"), path + ".nodeSelector", problems);
        JsonNode affinity = spec.path("affinity");
        nodeAffinity(affinity.path("nodeAffinity"), path + ".affinity.nodeAffinity", problems);
        for (String kind : List.of("podAffinity", "podAntiAffinity")) {
            podAffinity(affinity.path(kind), path + ".affinity." + kind, problems);
        }
        spreading(spec, path, problems);
    }

    /// Which nodes will do, by any of its terms; nothing when there is none.
    static void nodeSelector(JsonNode selector, String path, Problems problems) {
        if (selector.isObject()) {
            String at = path + ".nodeSelectorTerms";
            List<ObjectNode> terms = Tree.objects(selector, "nodeSelectorTerms");
            if (terms.isEmpty()) {
                problems.required(at, "must have at least one node selector term");
            }
            for (int i = 0; i < terms.size(); i++) {
                nodeTerm(terms.get(i), at + "[" + i + "]", problems);
            }
        }
    }

    /// One term of a node selector, as nodes and volumes use it too.
    static void nodeTerm(JsonNode term, String path, Problems problems) {
        List<ObjectNode> expressions = Tree.objects(term, "matchExpressions");
        for (int i = 0; i < expressions.size(); i++) {
            nodeExpression(expressions.get(i), path + ".matchExpressions[" + i + "]", problems);
        }
        List<ObjectNode> fields = Tree.objects(term, "matchFields");
        for (int i = 0; i < fields.size(); i++) {
            String at = path + ".matchFields[" + i + "]";
            if (!Set.of("In", "NotIn").contains(Tree.text(fields.get(i), "operator"))) {
                problems.invalid(at + ".operator", Tree.text(fields.get(i), "operator"),
                        "not a valid selector operator");
            } else if (fields.get(i).path("values").size() != 1) {
                problems.required(at + ".values", "must be only one value when `operator` is 'In' or 'NotIn' "
                        + "for node field selector");
            }
            if (!Tree.text(fields.get(i), "key").equals("metadata.name")) {
                problems.invalid(at + ".key", Tree.text(fields.get(i), "key"),
                        "not a valid field selector key");
            }
        }
    }

    private static void tolerations(JsonNode spec, String path, Problems problems) {
        List<ObjectNode> all = Tree.objects(spec, "tolerations");
        for (int i = 0; i < all.size(); i++) {
            toleration(all.get(i), path + ".tolerations[" + i + "]", problems);
        }
    }

    private static void toleration(ObjectNode toleration, String path, Problems problems) {
        String key = Tree.text(toleration, "key");
        String operator = Tree.text(toleration, "operator");
        String value = Tree.text(toleration, "value");
        String effect = Tree.text(toleration, "effect");
        if (!key.isEmpty()) {
            problems.format(NameFormat.QUALIFIED, path + ".key", key);
        } else if (!operator.equals("Exists")) {
            problems.invalid(path + ".operator", operator, "operator must be Exists when `key` is empty, which means "
                    + "\"match all values and all keys\"");
        }
        if (Tree.has(toleration, "tolerationSeconds") && !effect.equals("NoExecute")) {
            problems.invalid(path + ".effect", effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
        }
        switch (operator) {
            case "Equal", "" -> {
                List<String> wrong = NameFormat.LABEL_VALUE.errors(value);
                if (!wrong.isEmpty()) {
                    problems.invalid(path + ".operator", value, String.join(";", wrong));
                }
            }
            case "Exists" -> {
                if (!value.isEmpty()) {
                    problems.invalid(path + ".operator", value, "value must be empty when `operator` is 'Exists'");
                }
            }
            default -> problems.notSupported(path + ".operator", operator, "Equal", "Exists");
        }
        problems.oneOfIfSet(toleration, path, "effect", "NoSchedule", "PreferNoSchedule", "NoExecute");
    }

    private static void nodeAffinity(JsonNode affinity, String path, Problems problems) {
        nodeSelector(affinity.path("requiredDuringSchedulingIgnoredDuringExecution"), path
                + ".requiredDuringSchedulingIgnoredDuringExecution", problems);
        List<ObjectNode> preferred = Tree.objects(affinity, "preferredDuringSchedulingIgnoredDuringExecution");
        for (int i = 0; i < preferred.size(); i++) {
            String at = path + ".preferredDuringSchedulingIgnoredDuringExecution[" + i + "]";
            weight(preferred.get(i), at, problems);
            nodeTerm(preferred.get(i).path("preference"), at + ".preference", problems);
        }
    }

    private static void nodeExpression(ObjectNode expression, String path, Problems problems) {
        String operator = Tree.text(expression, "operator");
        int values = expression.path("values").size();
        switch (operator) {
            case "In", "NotIn" -> {
                if (values == 0) {
                    problems.required(path + ".values", "must be specified when `operator` is 'In' or 'NotIn'");
                }
            }
            case "Exists", "DoesNotExist" -> {
                if (values > 0) {
                    problems.forbidden(path + ".values",
                            "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                }
            }
            case "Gt", "Lt" -> {
                if (values != 1) {
                    problems.required(path + ".values",
                            "must be specified single value when `operator` is 'Lt' or 'Gt'");
                }
            }
            default -> problems.invalid(path + ".operator", operator, "not a valid selector operator");
        }
        problems.format(NameFormat.QUALIFIED, path + ".key", Tree.text(expression, "key"));
    }

    private static void podAffinity(JsonNode affinity, String path, Problems problems) {
        List<ObjectNode> required = Tree.objects(affinity, "requiredDuringSchedulingIgnoredDuringExecution");
        for (int i = 0; i < required.size(); i++) {
            podTerm(required.get(i), path + ".requiredDuringSchedulingIgnoredDuringExecution[" + i + "]", problems);
        }
        List<ObjectNode> preferred = Tree.objects(affinity, "preferredDuringSchedulingIgnoredDuringExecution");
        for (int i = 0; i < preferred.size(); i++) {
            String at = path + ".preferredDuringSchedulingIgnoredDuringExecution[" + i + "]";
            weight(preferred.get(i), at, problems);
            podTerm(preferred.get(i).path("podAffinityTerm"), at + ".podAffinityTerm", problems);
        }
    }

    private static void podTerm(JsonNode term, String path, Problems problems) {
        SelectorRules.selector(term.path("labelSelector"), path + ".labelSelector", problems);
        SelectorRules.selector(term.path("namespaceSelector"), path + ".namespaceSelector", problems);
        String key = Tree.text(term, "topologyKey");
        if (key.isEmpty()) {
            problems.required(path + ".topologyKey", "can not be empty");
        } else {
            problems.format(NameFormat.QUALIFIED, path + ".topologyKey", key);
        }
    }

    private static void weight(ObjectNode preferred, String path, Problems problems) {
        long weight = Tree.number(preferred, "weight");
        if (weight < 1 || weight > MAX_WEIGHT) {
            problems.invalid(path + ".weight", weight, "must be in the range 1-100");
        }
    }

    private static void spreading(JsonNode spec, String path, Problems problems) {
        Set<String> pairs = new HashSet<>();
        List<ObjectNode> all = Tree.objects(spec, "topologySpreadConstraints");
        for (int i = 0; i < all.size(); i++) {
            String at = path + ".topologySpreadConstraints[" + i + "]";
            ObjectNode constraint = all.get(i);
            if (Tree.number(constraint, "maxSkew") <= 0) {
                problems.invalid(at + ".maxSkew", Tree.number(constraint, "maxSkew"), "must be greater than zero");
            }
            String key = Tree.text(constraint, "topologyKey");
            if (key.isEmpty()) {
                problems.required(at + ".topologyKey", "can not be empty");
            }
            String when = Tree.text(constraint, "whenUnsatisfiable");
            if (!Set.of("DoNotSchedule", "ScheduleAnyway").contains(when)) {
                problems.notSupported(at + ".whenUnsatisfiable", when, "DoNotSchedule", "ScheduleAnyway");
            }
            if (!pairs.add(key + ", " + when)) {
                problems.duplicate(at + ".{topologyKey, whenUnsatisfiable}", "{" + key + ", " + when + "}");
            }
            SelectorRules.selector(constraint.path("labelSelector"), at + ".labelSelector", problems);
        }
    }
}
