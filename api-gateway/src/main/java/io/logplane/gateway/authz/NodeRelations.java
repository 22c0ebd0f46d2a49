package io.logplane.gateway.authz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.state.Registry;
import io.logplane.state.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// What leads from a node to an object, looked up in the state when it is asked:
///
/// ```
/// node ← pod ← Secret, ConfigMap, ServiceAccount, ResourceClaim, claim of a volume ← volume ← Secret
/// node ← VolumeAttachment, ResourceSlice
/// ```
///
/// A mirror pod leads nowhere: a node makes those itself. Upstream keeps this as a graph in memory; here the node index
/// of the state gives the few pods it starts from, and the answer is never behind the state.
/// Thread: any. Source: kubernetes/plugin/pkg/auth/authorizer/node/graph.go.
public final class NodeRelations {
    private static final String MIRROR = "kubernetes.io/config.mirror";
    private final Registry registry;

    public NodeRelations(Registry registry) {
        this.registry = registry;
    }

    boolean lead(String node, String resource, String namespace, String name) {
        return switch (resource) {
            case "pods" -> find("", "pods", namespace, name).filter(pod -> pod.path("spec").path("nodeName").asText()
                    .equals(node)).isPresent();
            case "secrets" -> anyPod(node, pod -> in(pod, namespace) && PodReferences.names(pod, "secret", name))
                    || anyPod(node, pod -> volumes(pod).stream().anyMatch(volume -> PodReferences.volumeSecret(volume,
                            namespace, name)));
            case "configmaps" -> anyPod(node, pod -> in(pod, namespace) && PodReferences.names(pod, "configMap", name));
            case "serviceaccounts" -> anyPod(node, pod -> in(pod, namespace) && pod.path("spec").path(
                    "serviceAccountName").asText().equals(name));
            case "persistentvolumeclaims" -> anyPod(node, pod -> in(pod, namespace) && PodReferences.claims(pod)
                    .contains(name));
            case "persistentvolumes" -> anyPod(node, pod -> volumes(pod).stream().anyMatch(volume -> volume.path(
                    "metadata").path("name").asText().equals(name)));
            case "resourceclaims" -> anyPod(node, pod -> in(pod, namespace) && PodReferences.resourceClaims(pod)
                    .contains(name));
            case "volumeattachments" -> find("storage.k8s.io", resource, "", name).filter(attachment -> attachment.path(
                    "spec").path("nodeName").asText().equals(node)).isPresent();
            case "resourceslices" -> find("resource.k8s.io", resource, "", name).filter(slice -> slice.path("spec")
                    .path("nodeName").asText().equals(node)).isPresent();
            default -> false;
        };
    }

    private static boolean in(JsonNode pod, String namespace) {
        return pod.path("metadata").path("namespace").asText().equals(namespace);
    }

    private boolean anyPod(String node, Predicate<ObjectNode> leads) {
        try (Registry.Scan pods = registry.podsOnNode(node)) {
            while (pods.hasNext()) {
                StoredObject stored = pods.next();
                ObjectNode pod = Json.object(stored.json());
                if (!pod.path("metadata").path("annotations").has(MIRROR) && leads.test(pod)) {
                    return true;
                }
            }
        }
        return false;
    }

    /// The volumes bound to a pod's claims; a volume counts only while it says so itself.
    private List<ObjectNode> volumes(JsonNode pod) {
        String namespace = pod.path("metadata").path("namespace").asText();
        List<ObjectNode> volumes = new ArrayList<>(0);
        for (String claim : PodReferences.claims(pod)) {
            find("", "persistentvolumeclaims", namespace, claim).map(found -> found.path("spec").path("volumeName")
                    .asText()).filter(name -> !name.isEmpty()).flatMap(name -> find("", "persistentvolumes", "", name))
                    .filter(volume -> volume.path("spec").path("claimRef").path("namespace").asText().equals(namespace)
                            && volume.path("spec").path("claimRef").path("name").asText().equals(claim))
                    .ifPresent(volumes::add);
        }
        return volumes;
    }

    private Optional<ObjectNode> find(String group, String resource, String namespace, String name) {
        try {
            return registry.get(ObjectKey.of(group, resource, namespace, name)).map(found -> Json.object(found.json()));
        } catch (IllegalArgumentException notAName) {
            return Optional.empty();
        }
    }
}
