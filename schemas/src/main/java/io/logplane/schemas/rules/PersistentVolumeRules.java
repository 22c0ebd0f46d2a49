package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Quantity;
import io.logplane.schemas.model.Tree;
import java.util.List;
import java.util.Map;

/// The spec of a PersistentVolume, by itself or inline in a VolumeAttachment.
///
/// Source: validation of core/v1 in kube-apiserver 1.36.
final class PersistentVolumeRules {
    /// In the order in which upstream looks for them.
    static final List<String> SOURCES = List.of("hostPath", "gcePersistentDisk", "awsElasticBlockStore", "glusterfs",
            "flocker", "nfs", "rbd", "quobyte", "cephfs", "iscsi", "cinder", "fc", "flexVolume", "azureFile",
            "vsphereVolume", "photonPersistentDisk", "portworxVolume", "azureDisk", "scaleIO", "local", "storageos",
            "csi");
    private static final String AFFINITY = "spec.nodeAffinity";
    private static final String TERMS = "nodeSelectorTerms";
    private static final String NOT_INLINE = "may not be specified in the context of inline volumes";

    private PersistentVolumeRules() {
    }

    static void spec(JsonNode spec, String name, Problems problems) {
        accessModes(spec, "spec", problems);
        capacity(spec, problems);
        problems.oneOfIfSet(spec, "spec", "persistentVolumeReclaimPolicy", "Delete", "Recycle", "Retain");
        affinity(spec, problems);
        sources(spec, name, "spec", true, problems);
        problems.formatIfSet(NameFormat.SUBDOMAIN, spec, "spec", "storageClassName");
        problems.oneOfIfSet(spec, "spec", "volumeMode", "Block", "Filesystem");
        attributes(spec, problems);
    }

    /// A volume nobody claims: only its driver, and how it is used there.
    static void inline(JsonNode spec, String path, Problems problems) {
        if (spec.path("claimRef").isObject()) {
            problems.forbidden(path + ".claimRef", NOT_INLINE);
        }
        if (!spec.path("capacity").isEmpty()) {
            problems.forbidden(path + ".capacity", NOT_INLINE);
        }
        if (!spec.path("csi").isObject()) {
            problems.required(path + ".csi", "has to be specified in the context of inline volumes");
        }
        accessModes(spec, path, problems);
        String policy = Tree.text(spec, "persistentVolumeReclaimPolicy");
        if (!policy.isEmpty() && !policy.equals("Retain")) {
            problems.forbidden(path + ".persistentVolumeReclaimPolicy",
                    "may only be Retain in the context of inline volumes");
        }
        if (spec.path("nodeAffinity").isObject()) {
            problems.forbidden(path + ".nodeAffinity", NOT_INLINE);
        }
        sources(spec, "", path, false, problems);
        if (!Tree.text(spec, "storageClassName").isEmpty()) {
            problems.forbidden(path + ".storageClassName", NOT_INLINE);
        }
        if (Tree.has(spec, "volumeMode") && !Tree.text(spec, "volumeMode").equals("Filesystem")) {
            problems.forbidden(path + ".volumeMode",
                    "may not specify volumeMode other than Filesystem in the context of inline volumes");
        }
    }

    private static void accessModes(JsonNode spec, String path, Problems problems) {
        if (spec.path("accessModes").isEmpty()) {
            problems.required(path + ".accessModes");
        }
        ClaimSpecRules.accessModes(spec, path, problems);
    }

    /// Storage and nothing else.
    private static void capacity(JsonNode spec, Problems problems) {
        JsonNode capacity = spec.path("capacity");
        if (capacity.isEmpty()) {
            problems.required("spec.capacity");
        }
        if (!Tree.has(capacity, "storage") || capacity.size() > 1) {
            problems.notSupported("spec.capacity", GoStruct.map(capacity), "storage");
        }
        for (Map.Entry<String, JsonNode> amount : capacity.properties()) {
            String path = "spec.capacity[" + amount.getKey() + "]";
            Quantity.tryParse(amount.getValue().asText()).ifPresent(quantity -> {
                basic(quantity, path, problems);
                if (quantity.signum() <= 0) {
                    problems.invalid(path, quantity.toString(), "must be greater than zero");
                }
            });
        }
    }

    static void basic(Quantity quantity, String path, Problems problems) {
        if (quantity.value() < 0) {
            problems.invalid(path, quantity.value(), "must be a valid resource quantity");
        }
    }

    private static void affinity(JsonNode spec, Problems problems) {
        JsonNode affinity = spec.path("nodeAffinity");
        if (affinity.isObject() && !affinity.path("required").isObject()) {
            problems.required("spec.nodeAffinity.required", "must specify required node constraints");
        }
        SchedulingRules.nodeSelector(affinity.path("required"), "spec.nodeAffinity.required", problems);
    }

    private static void sources(JsonNode spec, String name, String path, boolean whole, Problems problems) {
        VolumeSources sources = new VolumeSources(true, name, problems);
        boolean found = false;
        for (String kind : SOURCES) {
            if (!spec.path(kind).isObject()) {
                continue;
            }
            if (found && !kind.equals("flexVolume")) {
                problems.forbidden(path + "." + (kind.equals("cephfs") ? "cephFS" : kind),
                        "may not specify more than 1 volume type");
                continue;
            }
            found = true;
            sources.check(kind, spec.path(kind), path);
            if (kind.equals("local") && !(whole && spec.path("nodeAffinity").isObject())) {
                problems.required(path + ".nodeAffinity", "Local volume requires node affinity");
            }
        }
        if (!found) {
            problems.required(path, "must specify a volume type");
        }
        String root = Tree.text(spec, "hostPath.path");
        if (isRoot(root) && Tree.text(spec, "persistentVolumeReclaimPolicy").equals("Recycle")) {
            problems.forbidden(path + ".persistentVolumeReclaimPolicy",
                    "may not be 'recycle' for a hostPath mount of '/'");
        }
    }

    private static boolean isRoot(String path) {
        int depth = 0;
        for (String part : path.split("/", -1)) {
            switch (part) {
                case "", "." -> {
                }
                case ".." -> depth = Math.max(0, depth - 1);
                default -> depth++;
            }
        }
        return path.startsWith("/") && depth == 0;
    }

    private static void attributes(JsonNode spec, Problems problems) {
        String field = "volumeAttributesClassName";
        if (Tree.has(spec, field)) {
            if (Tree.text(spec, field).isEmpty()) {
                problems.required("spec." + field, "an empty string is disallowed");
            } else {
                problems.format(NameFormat.SUBDOMAIN, "spec." + field, Tree.text(spec, field));
            }
            if (!spec.path("csi").isObject()) {
                problems.required("spec.csi", "has to be specified when using volumeAttributesClassName");
            }
        }
    }

    /// Where the volume is never changes; only a secret for growing it may be named later.
    static void update(ObjectNode object, ObjectNode old, Problems problems) {
        ObjectNode now = Tree.object(object.deepCopy(), "spec").retain(SOURCES);
        ObjectNode before = Tree.object(old.deepCopy(), "spec").retain(SOURCES);
        if (!Tree.has(before, "csi.controllerExpandSecretRef") && now.path("csi") instanceof ObjectNode csi) {
            csi.remove("controllerExpandSecretRef");
        }
        if (!Problems.same(now, before)) {
            problems.forbidden("spec.persistentvolumesource",
                    "spec.persistentvolumesource is immutable after creation\n"
                            + GoDifference.of("PersistentVolumeSource", before, now));
        }
        if (!Problems.same(Tree.at(object, "spec.volumeMode"), Tree.at(old, "spec.volumeMode"))) {
            problems.invalid("volumeMode", Tree.at(object, "spec.volumeMode"), Problems.IMMUTABLE);
        }
        nodes(object, old, problems);
        String attributes = "spec.volumeAttributesClassName";
        if (Tree.has(old, attributes) && !Tree.has(object, attributes)) {
            problems.forbidden(attributes, "update from non-nil value to nil is forbidden");
        }
    }

    /// Nodes that can use the volume may be named once, and labels called by their new names.
    private static void nodes(ObjectNode object, ObjectNode old, Problems problems) {
        JsonNode now = Tree.at(object, AFFINITY);
        JsonNode before = Tree.at(old, AFFINITY).deepCopy();
        if (!before.isObject()) {
            return;
        }
        JsonNode terms = now.path("required").path(TERMS);
        List<ObjectNode> known = Tree.objects(before, "required." + TERMS);
        for (int t = 0; t < known.size(); t++) {
            List<ObjectNode> labels = Tree.objects(known.get(t), "matchExpressions");
            for (int i = 0; i < labels.size(); i++) {
                String wanted = terms.path(t).path("matchExpressions").path(i).path("key").asText();
                if (NodeLabelWarnings.newName(Tree.text(labels.get(i), "key")).filter(wanted::equals).isPresent()) {
                    labels.get(i).put("key", wanted);
                }
            }
        }
        if (!Problems.same(now, before)) {
            problems.invalid("nodeAffinity", GoStruct.of(now, "VolumeNodeAffinity"), Problems.IMMUTABLE);
        }
    }
}
