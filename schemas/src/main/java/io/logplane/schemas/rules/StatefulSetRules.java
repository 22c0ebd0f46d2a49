package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// StatefulSets.
public final class StatefulSetRules implements SpecRules {
    private static final int HISTORY = 10;
    private static final List<String> MUTABLE = List.of("replicas", "ordinals", "template", "updateStrategy",
            "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy", "minReadySeconds");

    /// Pods are named after it, with an index.
    @Override
    public NameFormat nameFormat() {
        return NameFormat.LABEL;
    }

    @Override
    public String zeroStatus() {
        return "{\"replicas\":0,\"availableReplicas\":0}";
    }

    @Override
    public void applyDefaults(ObjectNode object) {
        ObjectNode spec = Tree.object(object, "spec");
        Tree.setDefault(spec, "podManagementPolicy", "OrderedReady");
        ObjectNode strategy = Tree.object(spec, "updateStrategy");
        if (Tree.text(strategy, "type").isEmpty()) {
            strategy.put("type", "RollingUpdate");
        }
        if (Tree.text(strategy, "type").equals("RollingUpdate")) {
            Tree.setDefault(Tree.object(strategy, "rollingUpdate"), "partition", 0);
        }
        ObjectNode retention = Tree.object(spec, "persistentVolumeClaimRetentionPolicy");
        Tree.setDefault(retention, "whenDeleted", "Retain");
        Tree.setDefault(retention, "whenScaled", "Retain");
        Tree.setDefault(spec, "replicas", 1);
        Tree.setDefault(spec, "revisionHistoryLimit", HISTORY);
        PodSpecDefaults.template(spec);
        for (ObjectNode claim : Tree.objects(spec, "volumeClaimTemplates")) {
            Tree.setDefault(claim, "apiVersion", "v1");
            Tree.setDefault(claim, "kind", "PersistentVolumeClaim");
            ClaimRules.claimDefaults(claim);
        }
        SpecRules.fillStatus(object, zeroStatus());
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        Problems problems = new Problems();
        JsonNode spec = object.path("spec");
        String policy = Tree.text(spec, "podManagementPolicy");
        if (!policy.equals("OrderedReady") && !policy.equals("Parallel")) {
            problems.invalid("spec.podManagementPolicy", policy, "must be 'OrderedReady' or 'Parallel'");
        }
        updateStrategy(spec.path("updateStrategy"), problems);
        problems.notNegative(spec, "spec", "replicas", "minReadySeconds", "revisionHistoryLimit");
        problems.notNegative(spec.path("ordinals"), "spec.ordinals", "start");
        for (String when : List.of("whenDeleted", "whenScaled")) {
            problems.oneOfIfSet(spec.path("persistentVolumeClaimRetentionPolicy"),
                    "spec.persistentVolumeClaimRetentionPolicy", when, "Retain", "Delete");
        }
        SelectorRules.ofWorkload(spec, "statefulset", problems);
        PodSpecRules.lastingTemplate(spec.path("template"), "spec.template", "StatefulSet", problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        ObjectNode now = Tree.object(object.deepCopy(), "spec").without(MUTABLE);
        ObjectNode before = Tree.object(old.deepCopy(), "spec").without(MUTABLE);
        if (!now.equals(before)) {
            problems.forbidden("spec", "updates to statefulset spec for fields other than 'replicas', 'ordinals', "
                    + "'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' "
                    + "and 'minReadySeconds' are forbidden");
        }
        return problems.list();
    }

    private static void updateStrategy(JsonNode strategy, Problems problems) {
        String type = Tree.text(strategy, "type");
        JsonNode rolling = strategy.path("rollingUpdate");
        switch (type) {
            case "OnDelete" -> {
                if (rolling.isObject()) {
                    problems.invalid("spec.updateStrategy.rollingUpdate", rolling,
                            "only allowed for updateStrategy 'RollingUpdate'");
                }
            }
            case "RollingUpdate" -> {
                problems.notNegative(rolling, "spec.updateStrategy.rollingUpdate", "partition");
                JsonNode unavailable = rolling.path("maxUnavailable");
                problems.countOrPercent("spec.updateStrategy.rollingUpdate.maxUnavailable", unavailable);
                if (Tree.has(rolling, "maxUnavailable") && RolloutRules.isZero(unavailable)) {
                    problems.invalid("spec.updateStrategy.rollingUpdate.maxUnavailable", unavailable,
                            "cannot be 0");
                }
            }
            default -> problems.invalid("spec.updateStrategy", strategy, "must be 'RollingUpdate' or 'OnDelete'");
        }
    }
}
