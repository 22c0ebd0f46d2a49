package io.logplane.gateway.authz;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/// Which objects a pod or a volume names. Pure.
///
/// Source: kubernetes/pkg/api/v1/pod, pkg/api/v1/persistentvolume.
public final class PodReferences {
    private static final List<String> CONTAINERS = List.of("containers", "initContainers", "ephemeralContainers");
    /// Secrets of a volume that a kubelet needs; those for the controllers are not among them.
    private static final List<String> CSI_SECRETS = List.of("nodePublishSecretRef", "nodeStageSecretRef",
            "nodeExpandSecretRef");
    private static final List<String> PLAIN_SOURCES = List.of("cephfs", "flexVolume", "rbd", "scaleIO", "iscsi");

    private PodReferences() {
    }

    /// True when a pod names the object, anywhere a pod can. Shape: `kind` is `secret` or `configMap`.
    static boolean names(JsonNode pod, String kind, String name) {
        JsonNode spec = pod.path("spec");
        if (kind.equals("secret")) {
            for (JsonNode secret : spec.path("imagePullSecrets")) {
                if (is(secret, "name", name)) {
                    return true;
                }
            }
        }
        for (JsonNode volume : spec.path("volumes")) {
            if (volumeNames(volume, kind, name)) {
                return true;
            }
        }
        for (String list : CONTAINERS) {
            for (JsonNode container : spec.path(list)) {
                if (containerNames(container, kind, name)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean volumeNames(JsonNode volume, String kind, String name) {
        if (is(volume.path(kind), kind.equals("secret") ? "secretName" : "name", name)) {
            return true;
        }
        for (JsonNode projected : volume.path("projected").path("sources")) {
            if (is(projected.path(kind), "name", name)) {
                return true;
            }
        }
        if (!kind.equals("secret")) {
            return false;
        }
        for (String source : PLAIN_SOURCES) {
            if (is(volume.path(source).path("secretRef"), "name", name)) {
                return true;
            }
        }
        return is(volume.path("azureFile"), "secretName", name) || is(volume.path("storageos").path("secretRef"),
                "name", name) || is(volume.path("csi").path("nodePublishSecretRef"), "name", name);
    }

    private static boolean containerNames(JsonNode container, String kind, String name) {
        for (JsonNode from : container.path("envFrom")) {
            if (is(from.path(kind + "Ref"), "name", name)) {
                return true;
            }
        }
        for (JsonNode env : container.path("env")) {
            if (is(env.path("valueFrom").path(kind + "KeyRef"), "name", name)) {
                return true;
            }
        }
        return false;
    }

    /// The claims of a pod's volumes, those made for it among them.
    static List<String> claims(JsonNode pod) {
        List<String> claims = new ArrayList<>(0);
        for (JsonNode volume : pod.path("spec").path("volumes")) {
            if (volume.has("persistentVolumeClaim")) {
                claims.add(volume.path("persistentVolumeClaim").path("claimName").asText());
            } else if (volume.has("ephemeral")) {
                claims.add(pod.path("metadata").path("name").asText() + "-" + volume.path("name").asText());
            }
        }
        return claims;
    }

    /// The claims of devices a pod names or was given.
    static List<String> resourceClaims(JsonNode pod) {
        List<String> claims = new ArrayList<>(0);
        for (JsonNode claim : pod.path("spec").path("resourceClaims")) {
            claims.add(claim.path("resourceClaimName").asText());
        }
        for (JsonNode given : pod.path("status").path("resourceClaimStatuses")) {
            claims.add(given.path("resourceClaimName").asText());
        }
        claims.add(pod.path("status").path("extendedResourceClaimStatus").path("resourceClaimName").asText());
        claims.removeIf(String::isEmpty);
        return claims;
    }

    /// True when a kubelet that mounts the volume needs the Secret.
    static boolean volumeSecret(JsonNode volume, String namespace, String name) {
        JsonNode spec = volume.path("spec");
        String ofClaim = spec.path("claimRef").path("namespace").asText();
        for (String ref : CSI_SECRETS) {
            if (secret(spec.path("csi").path(ref), ofClaim, namespace, name)) {
                return true;
            }
        }
        for (String source : PLAIN_SOURCES) {
            if (secret(spec.path(source).path("secretRef"), ofClaim, namespace, name)) {
                return true;
            }
        }
        JsonNode azure = spec.path("azureFile");
        return is(azure, "secretName", name) && azure.path("secretNamespace").asText(ofClaim).equals(namespace)
                || secret(spec.path("storageos").path("secretRef"), ofClaim, namespace, name);
    }

    private static boolean secret(JsonNode ref, String ofClaim, String namespace, String name) {
        return is(ref, "name", name) && ref.path("namespace").asText(ofClaim).equals(namespace);
    }

    private static boolean is(JsonNode node, String field, String name) {
        return !name.isEmpty() && node.path(field).asText().equals(name);
    }
}
