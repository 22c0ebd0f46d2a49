package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// PersistentVolumeClaims and PersistentVolumes.
public final class ClaimRules {

    private ClaimRules() {
    }

    /// Defaults of a claim, alone or as a template of a StatefulSet.
    static void claimDefaults(ObjectNode claim) {
        ObjectNode spec = Tree.object(claim, "spec");
        Tree.setDefault(spec, "volumeMode", "Filesystem");
        QuantityDefaults.resources(Tree.object(spec, "resources"));
        Tree.setDefault(Tree.object(claim, "status"), "phase", "Pending");
    }

    /// PersistentVolumeClaims.
    public record Claims() implements SpecRules {

        @Override
        public String zeroStatus() {
            return "{\"phase\":\"Pending\"}";
        }

        @Override
        public void applyDefaults(ObjectNode object) {
            claimDefaults(object);
        }

        @Override
        public List<FieldError> validate(ObjectNode object) {
            Problems problems = new Problems();
            ClaimSpecRules.spec(object.path("spec"), "spec", problems);
            return problems.list();
        }

        @Override
        public List<String> warnings(ObjectNode object) {
            return VolumeWarnings.claim(object);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            ClaimUpdates.update(object, old, problems);
            return problems.list();
        }

        @Override
        public List<FieldError> validateSubresource(String subresource, ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            if (subresource.equals("status")) {
                ClaimUpdates.status(object.path("status"), problems);
            }
            return problems.list();
        }

        @Override
        public void prepareForCreate(ObjectNode object) {
            SpecRules.super.prepareForCreate(object);
            ClaimUpdates.dataSources(Tree.object(object, "spec"), MissingNode.getInstance());
        }

        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode old) {
            SpecRules.super.prepareForUpdate(object, old);
            ClaimUpdates.dataSources(Tree.object(object, "spec"), old.path("spec"));
        }

        @Override
        public boolean hasGeneration() {
            return false;
        }
    }

    /// PersistentVolumes.
    public record Volumes() implements SpecRules {

        @Override
        public String zeroStatus() {
            return "{\"phase\":\"Pending\"}";
        }

        @Override
        public void applyDefaults(ObjectNode object) {
            ObjectNode spec = Tree.object(object, "spec");
            Tree.setDefault(spec, "persistentVolumeReclaimPolicy", "Retain");
            Tree.setDefault(spec, "volumeMode", "Filesystem");
            if (spec.path("capacity") instanceof ObjectNode capacity) {
                QuantityDefaults.canonical(capacity);
            }
            if (spec.path("hostPath") instanceof ObjectNode hostPath && !Tree.has(hostPath, "type")) {
                hostPath.put("type", "");
            }
            Tree.setDefault(Tree.object(object, "status"), "phase", "Pending");
        }

        @Override
        public List<FieldError> validate(ObjectNode object) {
            Problems problems = new Problems();
            PersistentVolumeRules.spec(object.path("spec"), Tree.text(object, "metadata.name"), problems);
            return problems.list();
        }

        /// The time of the last change of phase, unless the client gives one.
        @Override
        public void stamp(String subresource, ObjectNode object, ObjectNode old, String now) {
            ObjectNode status = Tree.object(object, "status");
            String before = Tree.text(old, "status.lastPhaseTransitionTime");
            String given = Tree.text(status, "lastPhaseTransitionTime");
            if (!Tree.text(status, "phase").equals(Tree.text(old, "status.phase"))) {
                status.put("lastPhaseTransitionTime", given.equals(before) || given.isEmpty() ? now : given);
            } else if (given.isEmpty() && !before.isEmpty()) {
                status.put("lastPhaseTransitionTime", before);
            }
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            PersistentVolumeRules.update(object, old, problems);
            return problems.list();
        }

        @Override
        public List<String> warnings(ObjectNode object) {
            return VolumeWarnings.persistent(object);
        }

        @Override
        public boolean hasGeneration() {
            return false;
        }
    }
}
