package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Quantity;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// PersistentVolumeClaims and PersistentVolumes.
public final class ClaimRules {
    private static final String[] ACCESS_MODES = {"ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce",
        "ReadWriteOncePod"};

    private ClaimRules() {
    }

    /// Defaults of a claim, alone or as a template of a StatefulSet.
    static void claimDefaults(ObjectNode claim) {
        ObjectNode spec = Tree.object(claim, "spec");
        Tree.setDefault(spec, "volumeMode", "Filesystem");
        QuantityDefaults.resources(Tree.object(spec, "resources"));
        Tree.setDefault(Tree.object(claim, "status"), "phase", "Pending");
    }

    private static void accessModes(JsonNode spec, Problems problems) {
        List<String> modes = Tree.texts(spec, "accessModes");
        if (modes.isEmpty()) {
            problems.required("spec.accessModes", "at least 1 access mode is required");
        }
        for (String mode : modes) {
            if (!List.of(ACCESS_MODES).contains(mode)) {
                problems.notSupported("spec.accessModes", mode, ACCESS_MODES);
            }
        }
        if (modes.contains("ReadWriteOncePod") && modes.size() > 1) {
            problems.forbidden("spec.accessModes",
                    "may not use ReadWriteOncePod with other access modes");
        }
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
            JsonNode spec = object.path("spec");
            accessModes(spec, problems);
            if (!Tree.has(spec, "resources.requests.storage")) {
                problems.required("spec.resources[storage]");
            } else if (Quantity.tryParse(Tree.text(spec, "resources.requests.storage")).map(Quantity::signum)
                    .orElse(1) <= 0) {
                problems.invalid("spec.resources[storage]", Tree.text(spec, "resources.requests.storage"),
                        "must be greater than zero");
            }
            problems.formatIfSet(NameFormat.SUBDOMAIN, spec, "spec", "storageClassName");
            problems.oneOfIfSet(spec, "spec", "volumeMode", "Block", "Filesystem");
            SelectorRules.selector(spec.path("selector"), "spec.selector", problems);
            return problems.list();
        }

        /// A bound claim may ask for another amount; an unbound one may be given its volume and, once, its class.
        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            ObjectNode now = Tree.object(object.deepCopy(), "spec");
            ObjectNode before = Tree.object(old.deepCopy(), "spec");
            if (Tree.text(before, "volumeName").isEmpty()) {
                now.remove("volumeName");
                before.remove("volumeName");
            }
            if (!Tree.has(before, "storageClassName")) {
                now.remove("storageClassName");
            }
            if (Tree.text(old, "status.phase").equals("Bound")) {
                List.of(now, before).forEach(spec -> Tree.object(spec, "resources").remove("requests"));
            }
            if (!now.without("volumeAttributesClassName").equals(before.without("volumeAttributesClassName"))) {
                problems.forbidden("spec", "spec is immutable after creation except resources.requests and "
                        + "volumeAttributesClassName for bound claims");
            }
            Quantity wished = amount(object, "spec.resources.requests.storage");
            if (wished.compareTo(amount(old, "spec.resources.requests.storage")) < 0
                    && wished.compareTo(amount(old, "status.capacity.storage")) <= 0) {
                problems.forbidden("spec.resources.requests.storage", "field can not be less than status.capacity");
            }
            return problems.list();
        }

        @Override
        public boolean hasGeneration() {
            return false;
        }

        private static Quantity amount(ObjectNode claim, String path) {
            return Quantity.tryParse(Tree.text(claim, path)).orElse(Quantity.ZERO);
        }
    }

    /// PersistentVolumes.
    public record Volumes() implements SpecRules {
        private static final List<String> ORDINARY = List.of("accessModes", "capacity", "claimRef", "mountOptions",
                "nodeAffinity", "persistentVolumeReclaimPolicy", "storageClassName", "volumeAttributesClassName",
                "volumeMode");

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
            JsonNode spec = object.path("spec");
            accessModes(spec, problems);
            if (spec.path("capacity").isEmpty()) {
                problems.required("spec.capacity");
            } else if (!Tree.has(spec, "capacity.storage")) {
                problems.notSupported("spec.capacity", String.valueOf(spec.path("capacity")), "storage");
            }
            long sources = spec.properties().stream()
                    .filter(e -> !ORDINARY.contains(e.getKey()) && e.getValue().isObject()).count();
            if (sources == 0) {
                problems.required("spec", "must specify a volume type");
            } else if (sources > 1) {
                problems.forbidden("spec", "may not specify more than 1 volume type");
            }
            problems.oneOfIfSet(spec, "spec", "persistentVolumeReclaimPolicy", "Delete", "Recycle", "Retain");
            problems.oneOfIfSet(spec, "spec", "volumeMode", "Block", "Filesystem");
            problems.formatIfSet(NameFormat.SUBDOMAIN, spec, "spec", "storageClassName");
            List<ObjectNode> terms = Tree.objects(spec, "nodeAffinity.required.nodeSelectorTerms");
            for (int i = 0; i < terms.size(); i++) {
                SchedulingRules.nodeTerm(terms.get(i), "spec.nodeAffinity.required.nodeSelectorTerms[" + i + "]",
                        problems);
            }
            return problems.list();
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            ObjectNode now = Tree.object(object.deepCopy(), "spec").without(ORDINARY);
            if (!now.equals(Tree.object(old.deepCopy(), "spec").without(ORDINARY))) {
                problems.forbidden("spec.persistentvolumesource",
                        "spec.persistentvolumesource is immutable after creation");
            }
            problems.unchanged(object, old, "spec", "volumeMode");
            return problems.list();
        }

        @Override
        public boolean hasGeneration() {
            return false;
        }
    }
}
