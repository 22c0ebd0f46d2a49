package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// Pods.
public final class PodRules implements SpecRules {

    @Override
    public void applyDefaults(ObjectNode object) {
        ObjectNode spec = Tree.object(object, "spec");
        PodSpecDefaults.spec(spec);
        PodSpecDefaults.pod(spec);
        Tree.object(object, "status");
    }

    @Override
    public void prepareForCreate(ObjectNode object) {
        PodQos.setStatus(object);
        PodLabelKeys.merge(object);
        PodAnnotationRules.toFields(object);
    }

    @Override
    public void prepareForSubresource(String subresource, ObjectNode object, ObjectNode old) {
        switch (subresource) {
            case "status" -> {
                SpecRules.keepAllBut("status", object, old);
                PodStatusRules.prepare(object, old);
                if (!Tree.has(object, "status.qosClass")) {
                    Tree.copy("qosClass", Tree.object(old, "status"), Tree.object(object, "status"));
                }
            }
            case "ephemeralcontainers" -> {
                ObjectNode wished = Tree.object(object, "spec").deepCopy();
                object.set("spec", old.path("spec").deepCopy());
                Tree.copy("status", old, object);
                keepMetadata(object, old);
                Tree.copy("ephemeralContainers", wished, Tree.object(object, "spec"));
            }
            case "resize" -> PodResizeRules.prepare(object, old);
            default -> {
                // Log, exec and the like change nothing; binding is the gateway's.
            }
        }
    }

    /// A subresource that is about one part of the spec leaves to others what clients write into metadata.
    static void keepMetadata(ObjectNode object, ObjectNode old) {
        for (String field : METADATA) {
            Tree.copy(field, Tree.object(old, "metadata"), Tree.object(object, "metadata"));
        }
    }

    @Override
    public List<String> keepsOfMetadata(String subresource) {
        return subresource.equals("status") ? List.of("ownerReferences") : List.of();
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        Problems problems = new Problems();
        PodAnnotationRules.pod(object, "metadata.annotations", problems);
        PodSpecRules.pod(object.path("spec"), "spec", problems);
        VolumeRules.claimNames(object.path("spec"), Tree.text(object, "metadata.name"), problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateCreate(ObjectNode object) {
        Problems problems = new Problems();
        if (!Tree.objects(object, "spec.ephemeralContainers").isEmpty()) {
            problems.forbidden("spec.ephemeralContainers", "cannot be set on create");
        }
        if (!Tree.objects(object, "spec.schedulingGates").isEmpty() && !Tree.text(object, "spec.nodeName").isEmpty()) {
            problems.forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared");
        }
        PodAnnotationRules.profiles(object.path("metadata"), object.path("spec"), "spec", problems);
        PodAnnotationRules.appArmorProfiles(object.path("metadata"), object.path("spec"), "spec", problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        PodUpdateRules.update(object, old, problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateSubresource(String subresource, ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        switch (subresource) {
            case "status" -> PodStatusRules.update(object, old, problems);
            case "resize" -> {
                if (PodResizeRules.possible(old, problems)) {
                    problems.addAll(validate(object));
                    PodResizeRules.update(object, old, problems);
                }
            }
            case "ephemeralcontainers" -> {
                if (old.path("metadata").path("annotations").has(PodAnnotationRules.MIRROR)) {
                    problems.forbidden("", "static pods do not support ephemeral containers");
                } else {
                    problems.addAll(validate(object));
                    PodAnnotationRules.update(object, old, problems);
                    PodUpdateRules.ephemeral(object, old, problems);
                }
            }
            default -> problems.addAll(validate(object));
        }
        return problems.list();
    }

    @Override
    public List<String> warningsBeforeCreate(ObjectNode object) {
        return PodAnnotationRules.warnings(object);
    }

    @Override
    public List<String> warningsOnCreate(ObjectNode object) {
        return PodWarnings.create(object);
    }

    @Override
    public List<String> warningsOnUpdate(String subresource, ObjectNode object, ObjectNode old) {
        return subresource.equals("status") ? PodWarnings.status(object) : List.of();
    }

    @Override
    public long defaultGraceSeconds(ObjectNode object) {
        return Tree.number(object, "spec.terminationGracePeriodSeconds");
    }
}
