package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Tree;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// ResourceQuotas: what they bound, and for which pods and claims.
///
/// Source: k8s.io/kubernetes/pkg/apis/core/validation (ValidateResourceQuotaSpec).
public final class QuotaRules implements SpecRules {
    private static final Set<String> COMPUTE = Set.of("cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu",
            "requests.memory");
    private static final Set<String> VOLUMES = Set.of("persistentvolumeclaims", "requests.storage");
    private static final List<String> OF_PODS = List.of("Terminating", "NotTerminating", "BestEffort",
            "NotBestEffort", "CrossNamespacePodAffinity");
    private static final Set<String> SCOPES = Set.of("Terminating", "NotTerminating", "BestEffort", "NotBestEffort",
            "CrossNamespacePodAffinity", "PriorityClass", "VolumeAttributesClass");
    private static final List<Set<String>> CONFLICTS = List.of(Set.of("BestEffort", "NotBestEffort"), Set.of(
            "Terminating", "NotTerminating"));

    @Override
    public void applyDefaults(ObjectNode object) {
        Tree.object(object, "spec");
        Tree.object(object, "status");
        for (String path : List.of("spec.hard", "status.hard", "status.used")) {
            if (Tree.at(object, path) instanceof ObjectNode amounts) {
                QuantityDefaults.canonical(amounts);
            }
        }
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        Problems problems = new Problems();
        JsonNode spec = object.path("spec");
        ResourceRules.amounts(spec.path("hard"), "spec.hard", ResourceNames::quota, problems);
        Set<String> bounded = new TreeSet<>();
        spec.path("hard").properties().forEach(amount -> bounded.add(amount.getKey()));
        bounded.removeIf(name -> !ResourceNames.isQuota(name));
        scopes(spec, bounded, problems);
        if (spec.path("scopeSelector").isObject()) {
            selector(spec, bounded, problems);
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        Set<String> before = Set.copyOf(Tree.texts(old, "spec.scopes"));
        if (!before.equals(Set.copyOf(Tree.texts(object, "spec.scopes")))) {
            problems.invalid("spec.scopes", Tree.at(object, "spec.scopes"), Problems.IMMUTABLE);
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateSubresource(String subresource, ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        for (String list : List.of("hard", "used")) {
            ResourceRules.amounts(object.path("status").path(list), "status." + list, ResourceNames::quota, problems);
        }
        return problems.list();
    }

    @Override
    public boolean hasGeneration() {
        return false;
    }

    private static void scopes(JsonNode spec, Set<String> bounded, Problems problems) {
        JsonNode shown = spec.path("scopes");
        List<String> scopes = Tree.texts(spec, "scopes");
        for (String scope : scopes) {
            if (!SCOPES.contains(scope)) {
                problems.invalid("spec.scopes", shown, "unsupported scope");
            }
            foreign(scope, bounded, "spec.scopes", shown, problems);
        }
        conflicts(scopes, "spec.scopes", shown, problems);
    }

    private static void selector(JsonNode spec, Set<String> bounded, Problems problems) {
        String path = "spec.scopeSelector.matchExpressions";
        Set<String> scopes = new HashSet<>();
        for (ObjectNode expression : Tree.objects(spec, "scopeSelector.matchExpressions")) {
            String scope = Tree.text(expression, "scopeName");
            String operator = Tree.text(expression, "operator");
            if (!SCOPES.contains(scope)) {
                problems.invalid(path + ".scopeName", scope, "unsupported scope");
            }
            foreign(scope, bounded, path, GoStruct.struct(spec.path("scopeSelector"), "ScopeSelector"), problems);
            if (OF_PODS.contains(scope) && !operator.equals("Exists")) {
                problems.invalid(path + ".operator", operator, "must be 'Exists' when scope is any of "
                        + "ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, "
                        + "ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or "
                        + "ResourceQuotaScopeCrossNamespacePodAffinity");
            }
            values(expression, operator, path, problems);
            scopes.add(scope);
        }
        conflicts(scopes, path, spec.path("scopes"), problems);
    }

    private static void values(ObjectNode expression, String operator, String path, Problems problems) {
        boolean some = !expression.path("values").isEmpty();
        switch (operator) {
            case "In", "NotIn" -> {
                if (!some) {
                    problems.required(path + ".values",
                            "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
                }
            }
            case "Exists", "DoesNotExist" -> {
                if (some) {
                    problems.invalid(path + ".values", expression.path("values"),
                            "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector");
                }
            }
            default -> problems.invalid(path + ".operator", operator, "not a valid selector operator");
        }
    }

    /// A scope bounds only what belongs to the objects it is about.
    private static void foreign(String scope, Set<String> bounded, String path, JsonNode shown, Problems problems) {
        for (String name : bounded) {
            boolean fits = switch (scope) {
                case "Terminating", "NotTerminating", "NotBestEffort", "PriorityClass", "CrossNamespacePodAffinity" ->
                    name.equals("pods") || COMPUTE.contains(name);
                case "BestEffort" -> name.equals("pods");
                case "VolumeAttributesClass" -> VOLUMES.contains(name);
                default -> true;
            };
            if (!fits) {
                problems.invalid(path, shown, "unsupported scope applied to resource");
            }
        }
    }

    private static void conflicts(Collection<String> scopes, String path, JsonNode shown, Problems problems) {
        for (Set<String> pair : CONFLICTS) {
            if (scopes.containsAll(pair)) {
                problems.invalid(path, shown, "conflicting scopes");
            }
        }
    }

}
