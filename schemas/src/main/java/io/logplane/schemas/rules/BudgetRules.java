package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// PodDisruptionBudgets: what bounds evictions.
public final class BudgetRules implements SpecRules {

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
            problems.invalid("spec", GoStruct.of(spec, "PodDisruptionBudgetSpec"),
                    "minAvailable and maxUnavailable cannot be both set");
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
