package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// DaemonSets. The annotation that counts template changes is upstream's old `templateGeneration` field.
public final class DaemonSetRules implements TemplateRules {
    private static final String TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";
    private static final int HISTORY = 10;

    @Override
    public String zeroStatus() {
        return "{\"currentNumberScheduled\":0,\"numberMisscheduled\":0,\"desiredNumberScheduled\":0,\"numberReady\":0}";
    }

    @Override
    public void applyDefaults(ObjectNode object) {
        ObjectNode spec = Tree.object(object, "spec");
        ObjectNode strategy = Tree.object(spec, "updateStrategy");
        Tree.setDefault(strategy, "type", "RollingUpdate");
        if (Tree.text(strategy, "type").equals("RollingUpdate")) {
            ObjectNode rolling = Tree.object(strategy, "rollingUpdate");
            Tree.setDefault(rolling, "maxUnavailable", 1);
            Tree.setDefault(rolling, "maxSurge", 0);
        }
        Tree.setDefault(spec, "revisionHistoryLimit", HISTORY);
        PodSpecDefaults.template(spec);
        SpecRules.fillStatus(object, zeroStatus());
    }

    @Override
    public void prepareForCreate(ObjectNode object) {
        TemplateRules.super.prepareForCreate(object);
        setTemplateGeneration(object, 1);
    }

    @Override
    public void prepareForUpdate(ObjectNode object, ObjectNode old) {
        TemplateRules.super.prepareForUpdate(object, old);
        long before = templateGeneration(old);
        boolean changed = !Problems.same(Tree.at(object, "spec.template"), Tree.at(old, "spec.template"));
        setTemplateGeneration(object, changed ? before + 1 : before);
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        Problems problems = new Problems();
        JsonNode spec = object.path("spec");
        selector(spec, problems);
        PodSpecRules.lastingTemplate(spec.path("template"), "spec.template", "DaemonSet", problems);
        problems.notNegative(spec, "spec", "minReadySeconds", "revisionHistoryLimit");
        updateStrategy(spec.path("updateStrategy"), problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        SelectorRules.unchanged(object, old, problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateSubresource(String subresource, ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        if (subresource.equals("status")) {
            WorkloadStatus.daemonSet(object.path("status"), old.path("status"), problems);
        }
        return problems.list();
    }

    @Override
    public boolean namesHosts() {
        return false;
    }

    /// An absent selector is only said not to match.
    private static void selector(JsonNode spec, Problems problems) {
        JsonNode selector = spec.path("selector");
        SelectorRules.selector(selector, "spec.selector", problems);
        if (problems.isEmpty()) {
            SelectorRules.matches(selector, spec, "spec", problems);
        }
        if (selector.isObject() && SelectorRules.isEmpty(selector)) {
            problems.invalid("spec.selector", GoStruct.of(selector, "LabelSelector"),
                    "empty selector is invalid for daemonset");
        }
    }

    private static void updateStrategy(JsonNode strategy, Problems problems) {
        String path = "spec.updateStrategy.rollingUpdate";
        switch (Tree.text(strategy, "type")) {
            case "OnDelete" -> {
                // Nothing rolls.
            }
            case "RollingUpdate" -> {
                JsonNode unavailable = Tree.at(strategy, "rollingUpdate.maxUnavailable");
                JsonNode surge = Tree.at(strategy, "rollingUpdate.maxSurge");
                problems.countOrPercent(path + ".maxUnavailable", unavailable);
                problems.countOrPercent(path + ".maxSurge", surge);
                RolloutRules.notMoreThanAll(path + ".maxUnavailable", unavailable, problems);
                RolloutRules.notMoreThanAll(path + ".maxSurge", surge, problems);
                if (!RolloutRules.isZero(unavailable) && !RolloutRules.isZero(surge)) {
                    problems.invalid(path + ".maxSurge", surge, "may not be set when maxUnavailable is non-zero");
                } else if (RolloutRules.isZero(unavailable) && RolloutRules.isZero(surge)) {
                    problems.required(path + ".maxUnavailable", "cannot be 0 when maxSurge is 0");
                }
            }
            default ->
                problems.notSupported("spec.updateStrategy", GoStruct.struct(strategy, "DaemonSetUpdateStrategy"),
                        "RollingUpdate", "OnDelete");
        }
    }

    private static long templateGeneration(ObjectNode object) {
        return Tree.object(Tree.object(object, "metadata"), "annotations").path(TEMPLATE_GENERATION).asLong(1);
    }

    private static void setTemplateGeneration(ObjectNode object, long generation) {
        Tree.object(Tree.object(object, "metadata"), "annotations").put(TEMPLATE_GENERATION,
                Long.toString(generation));
    }
}
