package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Quantity;
import io.logplane.schemas.model.Tree;
import java.util.List;
import java.util.Map;

/// What of a claim may change, and where its data comes from.
///
/// Source: validation and strategy of PersistentVolumeClaims in kube-apiserver 1.36; KEP 1495.
final class ClaimUpdates {
    private static final String STORAGE = "spec.resources.requests.storage";
    private static final String ATTRIBUTES = "spec.volumeAttributesClassName";
    private static final String CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";
    private static final String[] RESIZES = {"ControllerResizeInProgress", "ControllerResizeInfeasible",
        "NodeResizeInProgress", "NodeResizeInfeasible", "NodeResizePending"};

    private ClaimUpdates() {
    }

    /// A bound claim may ask for another amount or other attributes; an unbound one may be given its volume and, once,
    /// its class.
    static void update(ObjectNode object, ObjectNode old, Problems problems) {
        ObjectNode now = Tree.object(object.deepCopy(), "spec");
        ObjectNode before = Tree.object(old.deepCopy(), "spec");
        if (Tree.text(before, "volumeName").isEmpty()) {
            Tree.copy("volumeName", now, before);
        }
        storageClass(object, old, now, problems);
        if (Tree.text(object, "status.phase").equals("Bound")) {
            if (Tree.at(now, "resources.requests") instanceof ObjectNode wished
                    && Tree.at(before, "resources.requests") instanceof ObjectNode had) {
                Tree.copy("storage", had, wished);
            }
            if (Tree.has(now, "volumeAttributesClassName")) {
                Tree.copy("volumeAttributesClassName", before, now);
            }
        }
        if (!Problems.same(now, before)) {
            problems.forbidden("spec", "spec is immutable after creation except resources.requests and "
                    + "volumeAttributesClassName for bound claims\n"
                    + GoDifference.of("PersistentVolumeClaimSpec", before, now));
        }
        Quantity wished = amount(object, STORAGE);
        if (wished.compareTo(amount(old, STORAGE)) < 0
                && wished.compareTo(amount(old, "status.capacity.storage")) <= 0) {
            problems.forbidden(STORAGE, "field can not be less than status.capacity");
        }
        if (!Problems.same(Tree.at(object, "spec.volumeMode"), Tree.at(old, "spec.volumeMode"))) {
            problems.invalid("volumeMode", Tree.at(object, "spec.volumeMode"), Problems.IMMUTABLE);
        }
        attributes(object, old, problems);
    }

    /// The class was once an annotation: it may move from there, and a claim without class may be given one.
    private static void storageClass(ObjectNode object, ObjectNode old, ObjectNode now, Problems problems) {
        JsonNode before = Tree.at(old, "metadata.annotations").path(CLASS_ANNOTATION);
        JsonNode after = Tree.at(object, "metadata.annotations").path(CLASS_ANNOTATION);
        boolean given = Tree.has(object, "spec.storageClassName") && !Tree.has(old, "spec.storageClassName");
        boolean fits = before.isMissingNode() || before.asText().equals(Tree.text(object, "spec.storageClassName"));
        if (given && fits) {
            now.remove("storageClassName");
        }
        boolean moved = given && fits && !before.isMissingNode() && after.isMissingNode();
        if (!moved && !before.asText().equals(after.asText())) {
            problems.invalid("metadata.annotations." + CLASS_ANNOTATION, after.asText(), Problems.IMMUTABLE);
        }
    }

    private static void attributes(ObjectNode object, ObjectNode old, Problems problems) {
        if (!Tree.has(old, ATTRIBUTES)) {
            return;
        }
        if (!Tree.has(object, ATTRIBUTES)) {
            problems.forbidden(ATTRIBUTES, "update from non-nil value to nil is forbidden");
        } else if (Tree.text(object, ATTRIBUTES).isEmpty() && !Tree.text(old, ATTRIBUTES).isEmpty()) {
            problems.forbidden(ATTRIBUTES, "update from non-nil value to an empty string is forbidden");
        }
    }

    static void status(JsonNode status, Problems problems) {
        for (Map.Entry<String, JsonNode> amount : status.path("capacity").properties()) {
            Quantity.tryParse(amount.getValue().asText()).ifPresent(quantity -> PersistentVolumeRules.basic(quantity,
                    "status.capacity[" + amount.getKey() + "]", problems));
        }
        String resizes = "status.allocatedResourceStatus";
        for (Map.Entry<String, JsonNode> resize : status.path("allocatedResourceStatuses").properties()) {
            resource(resize.getKey(), resizes, problems);
            if (!List.of(RESIZES).contains(resize.getValue().asText())) {
                problems.notSupported(resizes, resize.getKey(), RESIZES);
            }
        }
        for (Map.Entry<String, JsonNode> amount : status.path("allocatedResources").properties()) {
            if (resource(amount.getKey(), "status.allocatedResources", problems)) {
                Quantity.tryParse(amount.getValue().asText()).ifPresent(quantity -> PersistentVolumeRules.basic(
                        quantity, "status.allocatedResources[" + amount.getKey() + "]", problems));
            }
        }
    }

    /// Storage, or a resource of somebody else.
    private static boolean resource(String name, String path, Problems problems) {
        List<String> wrong = NameFormat.QUALIFIED.errors(name);
        wrong.forEach(text -> problems.invalid(path, name, text));
        boolean foreign = name.contains("/") && !name.contains("kubernetes.io/");
        if (wrong.isEmpty() && !foreign && !name.equals("storage")) {
            problems.notSupported(path, name, "storage");
            return false;
        }
        return wrong.isEmpty();
    }

    /// The older field takes claims and snapshots only; whichever of the two is there fills the other one. References
    /// to other namespaces are off.
    static void dataSources(ObjectNode spec, JsonNode before) {
        if (!Tree.text(spec, "dataSourceRef.namespace").isEmpty() && !before.path("dataSourceRef").isObject()) {
            spec.remove("dataSourceRef");
        }
        boolean inUse = before.path("dataSource").isObject() || before.path("dataSourceRef").isObject();
        if (!inUse && !spec.path("dataSourceRef").isObject() && !isClassic(spec.path("dataSource"))) {
            spec.remove("dataSource");
        }
        if (spec.path("dataSource") instanceof ObjectNode older && !spec.path("dataSourceRef").isObject()) {
            spec.set("dataSourceRef", older.deepCopy());
        } else if (spec.path("dataSourceRef") instanceof ObjectNode newer && !spec.path("dataSource").isObject()
                && Tree.text(newer, "namespace").isEmpty()) {
            spec.set("dataSource", newer.deepCopy().without("namespace"));
        }
    }

    private static boolean isClassic(JsonNode source) {
        String group = Tree.text(source, "apiGroup");
        return switch (Tree.text(source, "kind")) {
            case "PersistentVolumeClaim" -> group.isEmpty();
            case "VolumeSnapshot" -> group.equals("snapshot.storage.k8s.io");
            default -> false;
        };
    }

    private static Quantity amount(ObjectNode claim, String path) {
        return Quantity.tryParse(Tree.text(claim, path)).orElse(Quantity.ZERO);
    }
}
