package io.logplane.schemas.columns;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Column;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Volumes, claims, classes, devices.
public final class StorageColumns {
    private static final Map<String, String> MODES = Map.of("ReadWriteOnce", "RWO", "ReadOnlyMany", "ROX",
            "ReadWriteMany", "RWX", "ReadWriteOncePod", "RWOP");

    public static final List<Column> CLAIMS = List.of(Columns.name(), Columns.text("Status", StorageColumns::phase),
            Columns.path("Volume", "spec.volumeName"),
            Columns.text("Capacity", o -> bound(o) ? Tree.text(o, "status.capacity.storage") : ""),
            Columns.text("Access Modes", o -> bound(o) ? modes(o, "status.accessModes") : ""),
            Columns.path("StorageClass", "spec.storageClassName"),
            Columns.text("VolumeAttributesClass",
                    o -> Columns.orElse(Tree.text(o, "spec.volumeAttributesClassName"), Columns.UNSET)),
            Columns.age(), volumeMode());
    public static final List<Column> VOLUMES = List.of(Columns.name(),
            Columns.path("Capacity", "spec.capacity.storage"),
            Columns.text("Access Modes", o -> modes(o, "spec.accessModes")),
            Columns.path("Reclaim Policy", "spec.persistentVolumeReclaimPolicy"),
            Columns.text("Status", StorageColumns::phase), Columns.text("Claim", StorageColumns::claim),
            Columns.path("StorageClass", "spec.storageClassName"),
            Columns.text("VolumeAttributesClass",
                    o -> Columns.orElse(Tree.text(o, "spec.volumeAttributesClassName"), Columns.UNSET)),
            Columns.path("Reason", "status.reason"), Columns.age(), volumeMode());
    public static final List<Column> CLASSES = List.of(
            new Column("Name", "string", "name", 0, (o, now) -> className(o)),
            Columns.path("Provisioner", "provisioner"),
            Columns.text("ReclaimPolicy", o -> Columns.orElse(Tree.text(o, "reclaimPolicy"), "Delete")),
            Columns.text("VolumeBindingMode", o -> Columns.orElse(Tree.text(o, "volumeBindingMode"), "Immediate")),
            Columns.numberAsText("AllowVolumeExpansion", o -> Tree.flag(o, "allowVolumeExpansion")), Columns.age());
    public static final List<Column> ATTACHMENTS = List.of(Columns.name(),
            new Column("Attacher", "string", "name", 0, (o, now) -> Tree.text(o, "spec.attacher")),
            Columns.path("PV", "spec.source.persistentVolumeName"), Columns.path("Node", "spec.nodeName"),
            Columns.bool("Attached", o -> Tree.flag(o, "status.attached")), Columns.age());
    public static final List<Column> ATTRIBUTES_CLASSES = List.of(Columns.name(),
            Columns.path("DriverName", "driverName"), Columns.age());
    public static final List<Column> DRIVERS = List.of(Columns.name(),
            Columns.bool("AttachRequired", o -> !Tree.has(o, "spec.attachRequired")
                    || Tree.flag(o, "spec.attachRequired")),
            Columns.bool("PodInfoOnMount", o -> Tree.flag(o, "spec.podInfoOnMount")),
            Columns.bool("StorageCapacity", o -> Tree.flag(o, "spec.storageCapacity")),
            Columns.text("TokenRequests", o -> Columns.orElse(Columns.joined(o, "spec.tokenRequests", "audience"),
                    Columns.UNSET)),
            Columns.bool("RequiresRepublish", o -> Tree.flag(o, "spec.requiresRepublish")),
            Columns.text("Modes", o -> Columns.orNone(String.join(",", Tree.texts(o, "spec.volumeLifecycleModes")))),
            Columns.age());
    public static final List<Column> DRIVER_NODES = List.of(Columns.name(),
            Columns.integer("Drivers", o -> (long) Tree.at(o, "spec.drivers").size()), Columns.age());
    public static final List<Column> CLAIM_STATES = List.of(Columns.name(),
            Columns.text("State", StorageColumns::deviceState), Columns.age());
    public static final List<Column> DEVICE_SLICES = List.of(Columns.name(), Columns.path("Node", "spec.nodeName"),
            Columns.path("Driver", "spec.driver"), Columns.path("Pool", "spec.pool.name"), Columns.age());
    public static final List<Column> RUNTIME_CLASSES = List.of(Columns.name(), Columns.path("Handler", "handler"),
            Columns.age());

    private StorageColumns() {
    }

    private static String phase(ObjectNode object) {
        return Tree.has(object, "metadata.deletionTimestamp") ? "Terminating" : Tree.text(object, "status.phase");
    }

    private static boolean bound(ObjectNode claim) {
        return !Tree.text(claim, "spec.volumeName").isEmpty();
    }

    private static String modes(ObjectNode object, String path) {
        return Tree.texts(object, path).stream().distinct().map(m -> MODES.getOrDefault(m, m))
                .collect(Collectors.joining(","));
    }

    private static String claim(ObjectNode volume) {
        String name = Tree.text(volume, "spec.claimRef.name");
        return name.isEmpty() ? "" : Tree.text(volume, "spec.claimRef.namespace") + "/" + name;
    }

    private static Column volumeMode() {
        return Columns.wide("VolumeMode", o -> Columns.orElse(Tree.text(o, "spec.volumeMode"), Columns.UNSET));
    }

    private static String className(ObjectNode storageClass) {
        boolean isDefault = Tree.at(storageClass, "metadata.annotations")
                .path("storageclass.kubernetes.io/is-default-class").asText().equals("true");
        return Tree.text(storageClass, "metadata.name") + (isDefault ? " (default)" : "");
    }

    private static String deviceState(ObjectNode claim) {
        StringBuilder state = new StringBuilder();
        if (Tree.has(claim, "metadata.deletionTimestamp")) {
            state.append("deleted,");
        }
        if (!Tree.has(claim, "status.allocation")) {
            return state.append("pending").toString();
        }
        state.append("allocated");
        return state.append(Tree.at(claim, "status.reservedFor").isEmpty() ? "" : ",reserved").toString();
    }
}
