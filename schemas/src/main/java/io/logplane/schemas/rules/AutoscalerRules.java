package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Conversion;
import java.util.List;
import java.util.Optional;

/// HorizontalPodAutoscalers, in the form of autoscaling/v2.
public record AutoscalerRules(Optional<Conversion> conversion) implements SpecRules {
    private static final int CPU_PERCENT = 80;

    @Override
    public String zeroStatus() {
        return "{\"currentMetrics\":null,\"desiredReplicas\":0}";
    }

    @Override
    public void applyDefaults(ObjectNode object) {
        ObjectNode spec = Tree.object(object, "spec");
        Tree.setDefault(spec, "minReplicas", 1);
        if (spec.path("metrics").isEmpty()) {
            ObjectNode metric = spec.putArray("metrics").addObject();
            metric.put("type", "Resource");
            ObjectNode resource = metric.putObject("resource");
            resource.put("name", "cpu");
            resource.putObject("target").put("type", "Utilization").put("averageUtilization", CPU_PERCENT);
        }
        AutoscalerBehavior.applyDefaults(spec);
        SpecRules.fillStatus(object, zeroStatus());
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        Problems problems = new Problems();
        JsonNode spec = object.path("spec");
        long min = Tree.number(spec, "minReplicas");
        long max = Tree.number(spec, "maxReplicas");
        if (min < 1) {
            problems.invalid("spec.minReplicas", min, "must be greater than or equal to 1");
        }
        if (max < 1) {
            problems.invalid("spec.maxReplicas", max, "must be greater than 0");
        }
        if (max < min) {
            problems.invalid("spec.maxReplicas", max, "must be greater than or equal to `minReplicas`");
        }
        JsonNode target = spec.path("scaleTargetRef");
        boolean core = Tree.text(target, "kind").equals("ReplicationController");
        AutoscalerMetrics.reference(target, "spec.scaleTargetRef", core, problems);
        List<ObjectNode> metrics = Tree.objects(spec, "metrics");
        for (int i = 0; i < metrics.size(); i++) {
            AutoscalerMetrics.metric(metrics.get(i), "spec.metrics[" + i + "]", problems);
        }
        AutoscalerBehavior.validate(spec.path("behavior"), problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateSubresource(String subresource, ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        if (subresource.equals("status")) {
            problems.notNegative(object.path("status"), "status", "currentReplicas", "desiredReplicas");
        }
        return problems.list();
    }

    @Override
    public boolean hasGeneration() {
        return false;
    }
}
