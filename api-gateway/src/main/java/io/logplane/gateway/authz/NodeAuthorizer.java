package io.logplane.gateway.authz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.request.FieldSelector;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.schemas.model.Json;
import io.logplane.state.Registry;
import io.logplane.state.StoredObject;
import java.util.List;
import java.util.function.Predicate;

/// What a node may do: its own node and lease, the pods bound to it, and what those pods need.
///
/// Secrets, config maps, claims and service-account tokens are open to a node only while a pod bound to it names
/// them. Everything
/// else follows the rules of the role `system:node`.
/// Thread: any; reads the node index of the state.
/// Source: kubernetes/plugin/pkg/auth/authorizer/node.
public final class NodeAuthorizer {
    private final Registry registry;
    private final List<PolicyRule> rules;

    /// Shape: `rules` those of the bootstrap role `system:node`.
    public NodeAuthorizer(Registry registry, List<PolicyRule> rules) {
        this.registry = registry;
        this.rules = rules;
    }

    boolean allows(String node, RequestInfo info, FieldSelector fields) {
        if (!info.resourceRequest()) {
            return false;
        }
        return switch (info.group() + "/" + info.resource()) {
            case "/secrets" -> reads(info) && usedBy(node, info.namespace(), pod -> names(pod, "secret", info.name()));
            case "/configmaps" -> reads(info)
                    && usedBy(node, info.namespace(), pod -> names(pod, "configMap", info.name()));
            case "/persistentvolumeclaims" -> info.verb().equals("get") && usedBy(node, info.namespace(),
                    pod -> names(pod, "persistentVolumeClaim", info.name()));
            case "/serviceaccounts" -> account(node, info);
            case "/nodes" -> node(node, info);
            case "/pods" -> pod(node, info, fields);
            case "coordination.k8s.io/leases" -> info.namespace().equals("kube-node-lease")
                    && (info.verb().equals("create") || info.name().equals(node)) && granted(info);
            case "storage.k8s.io/csinodes" -> (info.verb().equals("create") || info.name().equals(node))
                    && granted(info);
            default -> granted(info);
        };
    }

    private boolean granted(RequestInfo info) {
        return rules.stream().anyMatch(rule -> rule.allows(info));
    }

    private boolean account(String node, RequestInfo info) {
        if (info.subresource().equals("token")) {
            return info.verb().equals("create") && usesAccount(node, info);
        }
        return info.verb().equals("get") && usesAccount(node, info);
    }

    private boolean usesAccount(String node, RequestInfo info) {
        return usedBy(node, info.namespace(), pod -> pod.path("spec").path("serviceAccountName").asText("default")
                .equals(info.name()));
    }

    private boolean node(String node, RequestInfo info) {
        return switch (info.verb()) {
            case "create" -> info.subresource().isEmpty();
            case "get", "update", "patch", "list", "watch" -> info.name().equals(node) && granted(info);
            default -> false;
        };
    }

    private boolean pod(String node, RequestInfo info, FieldSelector fields) {
        return switch (info.verb()) {
            case "list", "watch" -> fields.exact("spec.nodeName").map(node::equals).orElse(false);
            case "get" -> usedBy(node, info.namespace(), pod -> pod.path("metadata").path("name").asText().equals(info
                    .name()));
            default -> granted(info);
        };
    }

    /// Only single objects: list and watch must name the object.
    private static boolean reads(RequestInfo info) {
        return !info.name().isEmpty() && info.subresource().isEmpty()
                && (info.verb().equals("get") || info.verb().equals("list") || info.verb().equals("watch"));
    }

    private boolean usedBy(String node, String namespace, Predicate<ObjectNode> uses) {
        try (Registry.Scan pods = registry.podsOnNode(node)) {
            while (pods.hasNext()) {
                StoredObject pod = pods.next();
                if (pod.key().apiNamespace().equals(namespace) && uses.test(Json.object(pod.json()))) {
                    return true;
                }
            }
        }
        return false;
    }

    /// True when a pod names the object, anywhere a pod can: volumes, env, envFrom, image pull secrets.
    private static boolean names(JsonNode pod, String kind, String name) {
        JsonNode spec = pod.path("spec");
        if (kind.equals("secret")) {
            for (JsonNode secret : spec.path("imagePullSecrets")) {
                if (secret.path("name").asText().equals(name)) {
                    return true;
                }
            }
        }
        for (JsonNode volume : spec.path("volumes")) {
            if (volumeNames(volume, kind, name)) {
                return true;
            }
        }
        for (String list : List.of("containers", "initContainers", "ephemeralContainers")) {
            for (JsonNode container : spec.path(list)) {
                if (containerNames(container, kind, name)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean volumeNames(JsonNode volume, String kind, String name) {
        JsonNode source = volume.path(kind);
        if (source.path("name").asText().equals(name) || source.path("secretName").asText().equals(name)
                || source.path("claimName").asText().equals(name)) {
            return true;
        }
        for (JsonNode projected : volume.path("projected").path("sources")) {
            if (projected.path(kind).path("name").asText().equals(name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean containerNames(JsonNode container, String kind, String name) {
        for (JsonNode from : container.path("envFrom")) {
            if (from.path(kind + "Ref").path("name").asText().equals(name)) {
                return true;
            }
        }
        for (JsonNode env : container.path("env")) {
            if (env.path("valueFrom").path(kind + "KeyRef").path("name").asText().equals(name)) {
                return true;
            }
        }
        return false;
    }
}
