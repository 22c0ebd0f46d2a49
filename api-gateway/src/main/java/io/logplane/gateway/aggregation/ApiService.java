package io.logplane.gateway.aggregation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Tree;
import java.util.Optional;

/// One APIService, read.
///
/// Shape: `service` empty for a group version served here. Source: kube-aggregator/pkg/apis/apiregistration/v1.
public record ApiService(String name, String group, String version, Optional<Reference> service, String caBundle,
        boolean insecure, int groupPriority, int versionPriority, boolean available) {
    public static final String GROUP = "apiregistration.k8s.io";
    public static final String PLURAL = "apiservices";
    static final String AVAILABLE = "Available";
    private static final int HTTPS = 443;

    /// The service that answers.
    public record Reference(String namespace, String name, int port) {
        /// The name its certificate must carry.
        String serverName() {
            return name + "." + namespace + ".svc";
        }
    }

    static ApiService of(ObjectNode object) {
        JsonNode spec = object.path("spec");
        JsonNode service = spec.path("service");
        return new ApiService(object.path("metadata").path("name").asText(), spec.path("group").asText(), spec.path(
                "version").asText(), service.isObject() ? Optional.of(reference(service)) : Optional.empty(),
                spec.path("caBundle").asText(), spec.path("insecureSkipTLSVerify").asBoolean(), spec.path(
                        "groupPriorityMinimum").asInt(),
                spec.path("versionPriority").asInt(), available(object));
    }

    private static Reference reference(JsonNode service) {
        return new Reference(service.path("namespace").asText(), service.path("name").asText(), service.path("port")
                .asInt(HTTPS));
    }

    private static boolean available(ObjectNode object) {
        return Tree.objects(object, "status.conditions").stream().anyMatch(condition -> Tree.text(condition, "type")
                .equals(AVAILABLE) && Tree.text(condition, "status").equals("True"));
    }

    static ObjectKey key(String name) {
        return ObjectKey.of(GROUP, PLURAL, "", name);
    }

    /// Where its discovery document is.
    String path() {
        return group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
    }

    /// Whether the other's requests go to the same server in the same way.
    boolean sameServer(ApiService other) {
        return service.equals(other.service) && caBundle.equals(other.caBundle) && insecure == other.insecure;
    }
}
