package io.logplane.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.Lookup;
import io.logplane.schemas.model.ObjectKey;
import java.util.Optional;

/// For which audiences a pod's volumes ask tokens: projected ones by themselves, CSI ones by their driver.
///
/// Shape: "" is this API server's own audience. Source: KEP-4412.
final class NodeAudiences {
    private NodeAudiences() {
    }

    static boolean named(ObjectNode pod, String audience, Lookup lookup) {
        String namespace = pod.path("metadata").path("namespace").asText();
        for (JsonNode volume : pod.path("spec").path("volumes")) {
            for (JsonNode source : volume.path("projected").path("sources")) {
                JsonNode token = source.path("serviceAccountToken");
                if (token.isObject() && token.path("audience").asText().equals(audience)) {
                    return true;
                }
            }
            String claim = volume.has("ephemeral")
                    ? pod.path("metadata").path("name").asText() + "-" + volume.path("name").asText()
                    : volume.path("persistentVolumeClaim").path("claimName").asText();
            String driver = claim.isEmpty()
                    ? volume.path("csi").path("driver").asText()
                    : driver(namespace, claim, lookup);
            if (!driver.isEmpty() && asks(driver, audience, lookup)) {
                return true;
            }
        }
        return false;
    }

    private static String driver(String namespace, String claim, Lookup lookup) {
        return find("", "persistentvolumeclaims", namespace, claim, lookup).map(found -> found.path("spec").path(
                "volumeName").asText()).flatMap(name -> find("", "persistentvolumes", "", name, lookup)).map(
                        volume -> volume.path("spec").path("csi").path("driver").asText())
                .orElse("");
    }

    private static boolean asks(String driver, String audience, Lookup lookup) {
        for (JsonNode request : find("storage.k8s.io", "csidrivers", "", driver, lookup).map(found -> found.path("spec")
                .path("tokenRequests")).orElse(com.fasterxml.jackson.databind.node.MissingNode.getInstance())) {
            if (request.path("audience").asText().equals(audience)) {
                return true;
            }
        }
        return false;
    }

    private static Optional<ObjectNode> find(String group, String resource, String namespace, String name,
            Lookup lookup) {
        try {
            return name.isEmpty() ? Optional.empty() : lookup.tree(ObjectKey.of(group, resource, namespace, name));
        } catch (IllegalArgumentException notAName) {
            return Optional.empty();
        }
    }
}
