package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.rules.Expressions.Place;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What webhooks and policies have in common: which requests they are about, and on which conditions.
///
/// Whether expressions are right is for [Expressions] to say.
/// Source: k8s.io/kubernetes/pkg/apis/admissionregistration/validation.
final class HookRules {
    private static final int MAX_CONDITIONS = 64;
    private static final Set<String> OPERATIONS = Set.of("*", "CREATE", "UPDATE", "DELETE", "CONNECT");
    private static final Set<String> SCOPES = Set.of("*", "Cluster", "Namespaced");

    private HookRules() {
    }

    /// Fills `matchConstraints` or `matchResources` when it is there.
    static void applyDefaults(JsonNode match) {
        if (match instanceof ObjectNode object) {
            fill(object, "matchPolicy", "Equivalent");
            Tree.object(object, "namespaceSelector");
            Tree.object(object, "objectSelector");
            for (String list : List.of("resourceRules", "excludeResourceRules")) {
                Tree.objects(object, list).forEach(rule -> fill(rule, "scope", "*"));
            }
        }
    }

    /// A default for a field that may say nothing at all, which an empty text does not.
    static void fill(ObjectNode object, String field, String value) {
        if (!Tree.has(object, field)) {
            object.put(field, value);
        }
    }

    /// As [Problems#oneOf], where an empty text is none of the values.
    static void oneOf(JsonNode parent, String at, String field, Problems problems, String... supported) {
        String value = Tree.text(parent, field);
        if (!Tree.has(parent, field)) {
            problems.required(at + "." + field);
        } else if (!List.of(supported).contains(value)) {
            problems.notSupported(at + "." + field, value, supported);
        }
    }

    static void matchResources(JsonNode match, String at, Problems problems) {
        oneOf(match, at, "matchPolicy", problems, "Equivalent", "Exact");
        SelectorRules.selector(match.path("namespaceSelector"), at + ".namespaceSelector", problems);
        SelectorRules.selector(match.path("objectSelector"), at + ".objectSelector", problems);
        for (String list : List.of("resourceRules", "excludeResourceRules")) {
            List<ObjectNode> rules = Tree.objects(match, list);
            for (int i = 0; i < rules.size(); i++) {
                String path = at + "." + list + "[" + i + "]";
                resourceNames(rules.get(i), path + ".resourceNames", problems);
                rule(rules.get(i), path, problems);
            }
        }
    }

    private static void resourceNames(ObjectNode rule, String at, Problems problems) {
        List<String> names = Tree.texts(rule, "resourceNames");
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            problems.format(NameFormat.PATH_SEGMENT, at + "[" + i + "]", names.get(i));
            if (!seen.add(names.get(i))) {
                problems.duplicate(at + "[" + i + "]", names.get(i));
            }
        }
    }

    static void rule(ObjectNode rule, String at, Problems problems) {
        List<String> operations = Tree.texts(rule, "operations");
        if (operations.isEmpty()) {
            problems.required(at + ".operations");
        }
        alone(rule, at, "operations", "operations", problems);
        for (int i = 0; i < operations.size(); i++) {
            if (!OPERATIONS.contains(operations.get(i))) {
                problems.notSupported(at + ".operations[" + i + "]", operations.get(i), "*", "CONNECT", "CREATE",
                        "DELETE", "UPDATE");
            }
        }
        if (rule.path("apiGroups").isEmpty()) {
            problems.required(at + ".apiGroups");
        }
        alone(rule, at, "apiGroups", "API groups", problems);
        List<String> versions = Tree.texts(rule, "apiVersions");
        if (versions.isEmpty()) {
            problems.required(at + ".apiVersions");
        }
        alone(rule, at, "apiVersions", "API versions", problems);
        for (int i = 0; i < versions.size(); i++) {
            if (versions.get(i).isEmpty()) {
                problems.required(at + ".apiVersions[" + i + "]");
            }
        }
        resources(rule, at + ".resources", problems);
        if (Tree.has(rule, "scope") && !SCOPES.contains(Tree.text(rule, "scope"))) {
            problems.notSupported(at + ".scope", Tree.text(rule, "scope"), "*", "Cluster", "Namespaced");
        }
    }

    /// A star stands for itself.
    private static void alone(ObjectNode rule, String at, String field, String called, Problems problems) {
        List<String> all = Tree.texts(rule, field);
        if (all.size() > 1 && all.contains("*")) {
            problems.invalid(at + "." + field, rule.path(field), "if '*' is present, must not specify other " + called);
        }
    }

    private static void resources(ObjectNode rule, String at, Problems problems) {
        List<String> resources = Tree.texts(rule, "resources");
        if (resources.isEmpty()) {
            problems.required(at);
        }
        Set<String> whole = new HashSet<>();
        Set<String> everywhere = new HashSet<>();
        boolean plain = false;
        for (int i = 0; i < resources.size(); i++) {
            String resource = resources.get(i);
            int slash = resource.indexOf('/');
            if (resource.isEmpty()) {
                problems.required(at + "[" + i + "]");
            } else if (slash < 0) {
                plain = !resource.equals("*"); // the last one decides, as upstream
            } else {
                String name = resource.substring(0, slash);
                String below = resource.substring(slash + 1);
                covered(whole.contains(name), name + "/*", resource, at + "[" + i + "]", problems);
                covered(everywhere.contains(below), "*/" + below, resource, at + "[" + i + "]", problems);
                if (below.equals("*")) {
                    whole.add(name);
                }
                if (name.equals("*")) {
                    everywhere.add(below);
                }
            }
        }
        if (resources.size() > 1 && resources.contains("*/*")) {
            problems.invalid(at, rule.path("resources"), "if '*/*' is present, must not specify other resources");
        }
        if (resources.contains("*") && plain) {
            problems.invalid(at, rule.path("resources"),
                    "if '*' is present, must not specify other resources without subresources");
        }
    }

    private static void covered(boolean is, String by, String resource, String at, Problems problems) {
        if (is) {
            problems.invalid(at, resource, "if '" + by + "' is present, must not specify " + resource);
        }
    }

    /// The conditions of a webhook, or of the spec of a policy.
    static boolean sameConditions(JsonNode holder, JsonNode old) {
        return Problems.same(holder.path("matchConditions"), old.path("matchConditions"));
    }

    /// Shape: `scope` knows the names that conditions may use.
    static void conditions(JsonNode list, String at, Expressions.Scope scope, Problems problems) {
        if (list.size() > MAX_CONDITIONS) {
            problems.tooMany(at, list.size(), MAX_CONDITIONS);
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            String path = at + "[" + i + "]";
            String expression = Tree.text(list.get(i), "expression").strip();
            if (expression.isEmpty()) {
                problems.required(path + ".expression");
            } else {
                Expressions.check(scope, Place.CONDITION, expression, path + ".expression", problems);
            }
            String name = Tree.text(list.get(i), "name");
            if (name.isEmpty()) {
                problems.required(path + ".name");
                continue;
            }
            problems.format(NameFormat.QUALIFIED, path + ".name", name);
            if (!names.add(name)) {
                problems.duplicate(path + ".name", name);
            }
        }
    }
}
