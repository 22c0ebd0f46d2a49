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

    static void affinity(JsonNode spec, String path, Problems problems) {
        JsonNode affinity = spec.path("affinity");
        nodeAffinity(affinity.path("nodeAffinity"), path + ".affinity.nodeAffinity", problems);
        for (String kind : List.of("podAffinity", "podAntiAffinity")) {
            podAffinity(affinity.path(kind), path + ".affinity." + kind, problems);
        }
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
                nodeTerm(terms.get(i), at + "[" + i + "]", true, problems);
            }
        }
    }

    /// One term of a node selector, as nodes and volumes use it too.
    static void nodeTerm(JsonNode term, String path, Problems problems) {
        nodeTerm(term, path, false, problems);
    }

    /// Only what a pod insists on must be values that labels can have.
    private static void nodeTerm(JsonNode term, String path, boolean strict, Problems problems) {
        List<ObjectNode> expressions = Tree.objects(term, "matchExpressions");
        for (int i = 0; i < expressions.size(); i++) {
            String at = path + ".matchExpressions[" + i + "]";
            nodeExpression(expressions.get(i), at, problems);
            List<String> values = strict ? Tree.texts(expressions.get(i), "values") : List.of();
            for (int j = 0; j < values.size(); j++) {
                problems.format(NameFormat.LABEL_VALUE, at + ".values[" + j + "]", values.get(j));
            }
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
                continue;
            }
            List<String> names = Tree.texts(fields.get(i), "values");
            for (int j = 0; j < names.size(); j++) {
                problems.format(NameFormat.SUBDOMAIN, at + ".values[" + j + "]", names.get(j));
            }
        }
    }

    static void tolerations(JsonNode spec, String path, Problems problems) {
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
            case "Lt", "Gt" -> problems.notSupported(path + ".operator", operator, "Equal", "Exists", "Lt", "Gt");
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
        for (String namespace : Tree.texts(term, "namespaces")) {
            problems.format(NameFormat.LABEL, path + ".namespace", namespace);
        }
        labelKeys(term, path, problems);
        String key = Tree.text(term, "topologyKey");
        if (key.isEmpty()) {
            problems.required(path + ".topologyKey", "can not be empty");
        }
        problems.format(NameFormat.QUALIFIED, path + ".topologyKey", key);
    }

    /// Keys whose values are taken from the pod itself: good names, with a selector to add to, in one list only.
    private static void labelKeys(JsonNode term, String path, Problems problems) {
        List<String> match = Tree.texts(term, "matchLabelKeys");
        List<String> mismatch = Tree.texts(term, "mismatchLabelKeys");
        for (String field : List.of("matchLabelKeys", "mismatchLabelKeys")) {
            List<String> keys = Tree.texts(term, field);
            if (!keys.isEmpty() && !Tree.has(term, "labelSelector")) {
                problems.forbidden(path + "." + field, "must not be specified when labelSelector is not set");
                continue;
            }
            for (int i = 0; i < keys.size(); i++) {
                problems.format(NameFormat.QUALIFIED, path + "." + field + "[" + i + "]", keys.get(i));
            }
        }
        twice(term, match, path, problems);
        for (int i = 0; i < match.size(); i++) {
            if (mismatch.contains(match.get(i))) {
                problems.invalid(path + ".matchLabelKeys[" + i + "]", match.get(i),
                        "exists in both matchLabelKeys and mismatchLabelKeys");
            }
        }
    }

    private static void weight(ObjectNode preferred, String path, Problems problems) {
        long weight = Tree.number(preferred, "weight");
        if (weight < 1 || weight > MAX_WEIGHT) {
            problems.invalid(path + ".weight", weight, "must be in the range 1-100");
        }
    }

    static void spreading(JsonNode spec, String path, Problems problems) {
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
            if (repeated(key, when, all.subList(i + 1, all.size()))) {
                problems.duplicate(at + ".{topologyKey, whenUnsatisfiable}", "{" + key + ", " + when + "}");
            }
            if (Tree.has(constraint, "minDomains")) {
                long domains = Tree.number(constraint, "minDomains");
                if (domains <= 0) {
                    problems.invalid(at + ".minDomains", domains, "must be greater than zero");
                }
                if (!when.equals("DoNotSchedule")) {
                    problems.invalid(at + ".minDomains", domains,
                            "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not " + when);
                }
            }
            problems.oneOfIfSet(constraint, at, "nodeAffinityPolicy", "Honor", "Ignore");
            problems.oneOfIfSet(constraint, at, "nodeTaintsPolicy", "Honor", "Ignore");
            spreadKeys(constraint, at + ".matchLabelKeys", problems);
            SelectorRules.selector(constraint.path("labelSelector"), at + ".labelSelector", problems);
        }
    }

    private static boolean repeated(String key, String when, List<ObjectNode> rest) {
        return rest.stream().anyMatch(other -> Tree.text(other, "topologyKey").equals(key)
                && Tree.text(other, "whenUnsatisfiable").equals(when));
    }

    /// Preparation has added the keys to a pod's selector; what is there twice, a client has put there too.
    private static void spreadKeys(JsonNode constraint, String path, Problems problems) {
        List<String> keys = Tree.texts(constraint, "matchLabelKeys");
        if (!keys.isEmpty() && !Tree.has(constraint, "labelSelector")) {
            problems.forbidden(path, "must not be specified when labelSelector is not set");
        }
        for (int i = 0; i < keys.size(); i++) {
            problems.format(NameFormat.QUALIFIED, path + "[" + i + "]", keys.get(i));
        }
        twice(constraint, keys, path, problems);
    }

    private static void twice(JsonNode owner, List<String> keys, String path, Problems problems) {
        Set<String> selected = new HashSet<>();
        owner.path("labelSelector").path("matchLabels").properties().forEach(label -> selected.add(label.getKey()));
        for (ObjectNode expression : Tree.objects(owner, "labelSelector.matchExpressions")) {
            String key = Tree.text(expression, "key");
            if (!selected.add(key) && keys.contains(key)) {
                problems.invalid(path + "[" + keys.lastIndexOf(key) + "]", key,
                        "exists in both matchLabelKeys and labelSelector");
            }
        }
    }
}
