package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Quantity;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Rules;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What bounds others: disruption budgets, resource quotas, limit ranges.
public final class BudgetRules {

    private BudgetRules() {
    }

    /// PodDisruptionBudgets.
    public record Disruptions() implements SpecRules {

        @Override
        public boolean allowsUnconditionalUpdate() {
            return false;
        }

        @Override
        public String zeroStatus() {
            return "{\"disruptionsAllowed\":0,\"currentHealthy\":0,\"desiredHealthy\":0,\"expectedPods\":0}";
        }

        @Override
        public void applyDefaults(ObjectNode object) {
            Tree.object(object, "spec");
            SpecRules.fillStatus(object, zeroStatus());
        }

        @Override
        public List<FieldError> validate(ObjectNode object) {
            Problems problems = new Problems();
            JsonNode spec = object.path("spec");
            if (Tree.has(spec, "minAvailable") && Tree.has(spec, "maxUnavailable")) {
                problems.invalid("spec", spec, "minAvailable and maxUnavailable cannot be both set");
            }
            for (String field : List.of("minAvailable", "maxUnavailable")) {
                problems.countOrPercent("spec." + field, spec.path(field));
                RolloutRules.notMoreThanAll("spec." + field, spec.path(field), problems);
            }
            SelectorRules.selector(spec.path("selector"), "spec.selector", problems);
            problems.oneOfIfSet(spec, "spec", "unhealthyPodEvictionPolicy", "AlwaysAllow", "IfHealthyBudget");
            return problems.list();
        }

        @Override
        public List<FieldError> validateSubresource(String subresource, ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            if (subresource.equals("status")) {
                ConditionRules.check(object.path("status").path("conditions"), "status.conditions", problems);
                problems.notNegative(object.path("status"), "status", "disruptionsAllowed", "currentHealthy",
                        "desiredHealthy", "expectedPods");
            }
            return problems.list();
        }

        /// Upstream asks no more of the name than of any path.
        @Override
        public NameFormat nameFormat() {
            return NameFormat.PATH_SEGMENT;
        }
    }

    /// ResourceQuotas.
    public record Quotas() implements SpecRules {
        private static final Set<String> STANDARD = Set.of("cpu", "memory", "ephemeral-storage", "requests.cpu",
                "requests.memory", "requests.storage", "requests.ephemeral-storage", "limits.cpu", "limits.memory",
                "limits.ephemeral-storage", "pods", "resourcequotas", "services", "replicationcontrollers", "secrets",
                "persistentvolumeclaims", "configmaps", "services.nodeports", "services.loadbalancers");

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
            JsonNode hard = Tree.at(object, "spec.hard");
            ResourceRules.amounts(hard, "spec.hard", problems);
            for (Map.Entry<String, JsonNode> entry : hard.properties()) {
                String name = entry.getKey();
                problems.format(NameFormat.QUALIFIED, "spec.hard[" + name + "]", name);
                boolean known = STANDARD.contains(name) || name.contains("/") || name.contains("hugepages-");
                if (!known) {
                    problems.invalid("spec.hard[" + name + "]", name, "must be a standard resource for quota");
                }
                Optional<Quantity> amount = Quantity.tryParse(entry.getValue().asText());
                if (isCount(name) && amount.isPresent() && amount.get().isFraction()) {
                    problems.invalid("spec.hard[" + name + "]", amount.get().toString(), "must be an integer");
                }
            }
            return problems.list();
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            problems.unchanged(object, old, "spec", "scopes");
            return problems.list();
        }

        @Override
        public boolean hasGeneration() {
            return false;
        }

        private static boolean isCount(String name) {
            return STANDARD.contains(name) && !name.contains("cpu") && !name.contains("memory")
                    && !name.contains("storage") || name.startsWith("count/");
        }
    }

    /// LimitRanges.
    public record Limits() implements Rules {

        @Override
        public boolean allowsCreateOnUpdate() {
            return true;
        }

        private static final List<String> KINDS = List.of("max", "min", "default", "defaultRequest",
                "maxLimitRequestRatio");

        @Override
        public void applyDefaults(ObjectNode object) {
            for (ObjectNode limit : Tree.objects(object, "spec.limits")) {
                for (String kind : KINDS) {
                    if (limit.path(kind) instanceof ObjectNode amounts) {
                        QuantityDefaults.canonical(amounts);
                    }
                }
                if (Tree.text(limit, "type").equals("Container")) {
                    containerDefaults(limit);
                }
            }
        }

        @Override
        public List<FieldError> validate(ObjectNode object) {
            Problems problems = new Problems();
            List<ObjectNode> limits = Tree.objects(object, "spec.limits");
            for (int i = 0; i < limits.size(); i++) {
                String at = "spec.limits[" + i + "]";
                problems.requireText(limits.get(i), at, "type");
                for (Map.Entry<String, JsonNode> min : limits.get(i).path("min").properties()) {
                    String name = min.getKey();
                    Optional<Quantity> low = Quantity.tryParse(min.getValue().asText());
                    Optional<Quantity> high = Quantity.tryParse(limits.get(i).path("max").path(name).asText());
                    if (low.isPresent() && high.isPresent() && low.get().compareTo(high.get()) > 0) {
                        problems.invalid(at + ".min[" + name + "]", low.get().toString(),
                                "min value " + low.get() + " is greater than max value " + high.get());
                    }
                }
            }
            return problems.list();
        }

        /// What is missing follows from what is there: the limit from the maximum, the request from limit or minimum.
        private static void containerDefaults(ObjectNode limit) {
            fill(limit, "default", limit.path("max"));
            fill(limit, "defaultRequest", limit.path("default"));
            fill(limit, "defaultRequest", limit.path("min"));
        }

        private static void fill(ObjectNode limit, String kind, JsonNode from) {
            for (Map.Entry<String, JsonNode> amount : List.copyOf(from.properties())) {
                ObjectNode target = Tree.object(limit, kind);
                if (!target.has(amount.getKey())) {
                    target.set(amount.getKey(), amount.getValue());
                }
            }
        }
    }
}
