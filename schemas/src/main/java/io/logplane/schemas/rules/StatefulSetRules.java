package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// StatefulSets.
public final class StatefulSetRules implements TemplateRules {
    private static final String ROLLING_UPDATE = "spec.updateStrategy.rollingUpdate";
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
    public void prepareForCreate(ObjectNode object) {
        TemplateRules.super.prepareForCreate(object);
        DisabledFields.unlessInUse(object, Json.newObject(), ROLLING_UPDATE, "maxUnavailable");
    }

    @Override
    public void prepareForUpdate(ObjectNode object, ObjectNode old) {
        TemplateRules.super.prepareForUpdate(object, old);
        DisabledFields.unlessInUse(object, old, ROLLING_UPDATE, "maxUnavailable");
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
        for (String when : List.of("whenDeleted", "whenScaled")) {
            problems.oneOfIfSet(spec.path("persistentVolumeClaimRetentionPolicy"),
                    "spec.persistentVolumeClaimRetentionPolicy", when, "Retain", "Delete");
        }
        problems.notNegative(spec, "spec", "replicas", "minReadySeconds");
        problems.notNegative(spec.path("ordinals"), "spec.ordinals", "start");
        if (SelectorRules.ofWorkload(spec, "statefulset", "", problems)) {
            PodSpecRules.template(withClaims(spec), "spec.template", problems);
        }
        PodSpecRules.lasting(spec.path("template"), "spec.template", "StatefulSet", problems);
        return problems.list();
    }

    /// Claims are checked as if they were made now; later they cannot change. The Service's name becomes the pods'
    /// subdomain.
    @Override
    public List<FieldError> validateCreate(ObjectNode object) {
        Problems problems = new Problems();
        problems.formatIfSet(NameFormat.LABEL, object.path("spec"), "spec", "serviceName");
        List<FieldError> all = new ArrayList<>(problems.list());
        List<ObjectNode> claims = Tree.objects(object, "spec.volumeClaimTemplates");
        for (int i = 0; i < claims.size(); i++) {
            String at = "spec.volumeClaimTemplates[" + i + "].";
            for (FieldError wrong : new ClaimRules.Claims().validate(claims.get(i))) {
                all.add(new FieldError(wrong.type(), at + wrong.field(), wrong.message()));
            }
        }
        return all;
    }

    /// The template as its pods will be: each claim is a volume, instead of one of the same name.
    private static JsonNode withClaims(JsonNode spec) {
        List<ObjectNode> claims = Tree.objects(spec, "volumeClaimTemplates");
        if (claims.isEmpty() || !(spec.path("template").path("spec") instanceof ObjectNode)) {
            return spec.path("template");
        }
        ObjectNode template = spec.path("template").deepCopy();
        ObjectNode pod = Tree.object(template, "spec");
        List<ObjectNode> own = Tree.objects(pod, "volumes");
        ArrayNode volumes = pod.putArray("volumes");
        Set<String> names = new HashSet<>();
        claims.forEach(claim -> names.add(Tree.text(claim, "metadata.name")));
        own.stream().filter(volume -> !names.contains(Tree.text(volume, "name"))).forEach(volumes::add);
        for (ObjectNode claim : claims) {
            String name = Tree.text(claim, "metadata.name");
            if (names.remove(name)) {
                volumes.addObject().put("name", name).putObject("persistentVolumeClaim").put("claimName", name);
            }
        }
        return template;
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        ObjectNode now = Tree.object(object.deepCopy(), "spec").without(MUTABLE);
        ObjectNode before = Tree.object(old.deepCopy(), "spec").without(MUTABLE);
        if (!Problems.same(now, before)) {
            problems.forbidden("spec", "updates to statefulset spec for fields other than 'replicas', 'ordinals', "
                    + "'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' "
                    + "and 'minReadySeconds' are forbidden");
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateSubresource(String subresource, ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        if (subresource.equals("status")) {
            WorkloadStatus.statefulSet(object.path("status"), old.path("status"), problems);
        }
        return problems.list();
    }

    @Override
    public void warn(ObjectNode object, Warnings warnings) {
        List<ObjectNode> claims = Tree.objects(object, "spec.volumeClaimTemplates");
        for (int i = 0; i < claims.size(); i++) {
            VolumeWarnings.claim(claims.get(i), "spec.volumeClaimTemplates[" + i + "].", warnings);
        }
        if (Tree.number(object, "spec.revisionHistoryLimit") < 0) {
            warnings.add("spec.revisionHistoryLimit",
                    "a negative value retains all historical revisions; a value >= 0 is recommended");
        }
    }

    private static void updateStrategy(JsonNode strategy, Problems problems) {
        String type = Tree.text(strategy, "type");
        JsonNode rolling = strategy.path("rollingUpdate");
        switch (type) {
            case "OnDelete" -> {
                if (rolling.isObject()) {
                    problems.invalid(ROLLING_UPDATE,
                            GoStruct.of(rolling, "RollingUpdateStatefulSetStrategy"),
                            "only allowed for updateStrategy 'RollingUpdate'");
                }
            }
            case "RollingUpdate" -> {
                problems.notNegative(rolling, ROLLING_UPDATE, "partition");
                JsonNode unavailable = rolling.path("maxUnavailable");
                problems.countOrPercent(ROLLING_UPDATE + ".maxUnavailable", unavailable);
                if (Tree.has(rolling, "maxUnavailable") && RolloutRules.isZero(unavailable)) {
                    problems.invalid(ROLLING_UPDATE + ".maxUnavailable", unavailable,
                            "cannot be 0");
                }
                RolloutRules.notMoreThanAll(ROLLING_UPDATE + ".maxUnavailable", unavailable,
                        problems);
            }
            default -> problems.invalid("spec.updateStrategy", GoStruct.struct(strategy, "StatefulSetUpdateStrategy"),
                    "must be 'RollingUpdate' or 'OnDelete'");
        }
    }
}
