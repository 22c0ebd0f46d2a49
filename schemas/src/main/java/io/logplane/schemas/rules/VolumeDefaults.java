package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// Defaults of one volume of a pod.
final class VolumeDefaults {
    /// 0644.
    private static final int FILE_MODE = 420;
    private static final int TOKEN_SECONDS = 3600;

    private VolumeDefaults() {
    }

    static void volume(ObjectNode volume) {
        if (volume.properties().stream().allMatch(e -> e.getKey().equals("name") || e.getValue().isNull())) {
            volume.putObject("emptyDir");
        }
        for (String source : List.of("secret", "configMap", "downwardAPI", "projected")) {
            if (volume.path(source) instanceof ObjectNode node) {
                Tree.setDefault(node, "defaultMode", FILE_MODE);
            }
        }
        downward(volume.path("downwardAPI"));
        for (ObjectNode source : Tree.objects(volume, "projected.sources")) {
            if (source.path("serviceAccountToken") instanceof ObjectNode token) {
                Tree.setDefault(token, "expirationSeconds", TOKEN_SECONDS);
            }
            downward(source.path("downwardAPI"));
        }
        if (volume.path("hostPath") instanceof ObjectNode hostPath) {
            if (!Tree.has(hostPath, "type")) {
                hostPath.put("type", "");
            }
        }
        if (volume.path("emptyDir") instanceof ObjectNode emptyDir) {
            QuantityDefaults.canonical(emptyDir, "sizeLimit");
        }
        if (volume.path("ephemeral").path("volumeClaimTemplate").path("spec") instanceof ObjectNode claim) {
            Tree.setDefault(claim, "volumeMode", "Filesystem");
            QuantityDefaults.resources(Tree.object(claim, "resources"));
        }
        if (volume.path("image") instanceof ObjectNode image) {
            Tree.setDefault(image, "pullPolicy",
                    ContainerDefaults.isLatest(Tree.text(image, "reference")) ? "Always" : "IfNotPresent");
        }
        network(volume);
    }

    private static void network(ObjectNode volume) {
        if (volume.path("iscsi") instanceof ObjectNode iscsi) {
            Tree.setDefault(iscsi, "iscsiInterface", "default");
        }
        if (volume.path("rbd") instanceof ObjectNode rbd) {
            Tree.setDefault(rbd, "pool", "rbd");
            Tree.setDefault(rbd, "user", "admin");
            Tree.setDefault(rbd, "keyring", "/etc/ceph/keyring");
        }
        if (volume.path("azureDisk") instanceof ObjectNode disk) {
            Tree.setDefault(disk, "cachingMode", "ReadWrite");
            Tree.setDefault(disk, "kind", "Shared");
            Tree.setDefault(disk, "fsType", "ext4");
            Tree.setDefault(disk, "readOnly", false);
        }
        if (volume.path("scaleIO") instanceof ObjectNode scaleIo) {
            Tree.setDefault(scaleIo, "storageMode", "ThinProvisioned");
            Tree.setDefault(scaleIo, "fsType", "xfs");
        }
    }

    private static void downward(JsonNode source) {
        for (ObjectNode item : Tree.objects(source, "items")) {
            if (item.path("fieldRef") instanceof ObjectNode ref) {
                Tree.setDefault(ref, "apiVersion", "v1");
            }
            if (item.path("resourceFieldRef") instanceof ObjectNode ref && !Tree.has(ref, "divisor")) {
                ref.put("divisor", "0");
            }
        }
    }
}
