package io.logplane.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.AddressRange;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.authz.PolicyRule;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.gateway.write.Pipeline;
import io.logplane.gateway.write.WriteContext;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.ResourceTypes;
import io.logplane.state.Registry;
import io.logplane.state.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// What a cluster has from its first moment: namespaces, roles and bindings, priority classes, the `kubernetes`
/// Service.
///
/// Run at every start: what is missing is created, roles that were made poorer get their rules back. Everything goes
/// through the
/// pipeline as the gateway itself, so it is in the log like anything else.
/// Source: kubernetes/plugin/pkg/auth/authorizer/rbac/bootstrappolicy (facts in `bootstrap-rbac.json`).
final class Bootstrap {
    private static final String AUTO_UPDATE = "rbac.authorization.kubernetes.io/autoupdate";
    private static final User SELF = new User("system:apiserver", "", List.of(User.MASTERS), Map.of());
    private static final List<String> NAMESPACES = List.of("default", "kube-system", "kube-public", "kube-node-lease");

    private final Pipeline pipeline;
    private final Registry registry;
    private final AddressRange services;
    private final Map<String, String> trust;

    /// Shape: `trust` with what clients are authenticated, see [ClusterTrust].
    Bootstrap(Pipeline pipeline, Registry registry, AddressRange services, Map<String, String> trust) {
        this.trust = Map.copyOf(trust);
        this.pipeline = pipeline;
        this.registry = registry;
        this.services = services;
    }

    /// Rules of the role `system:node`, for the node authorizer.
    static List<PolicyRule> nodeRules() {
        for (JsonNode object : policy()) {
            if (object.path("metadata").path("name").asText().equals("system:node") && object.path("kind").asText()
                    .equals("ClusterRole")) {
                return PolicyRule.listOf(object.path("rules"));
            }
        }
        throw new IllegalStateException("the bootstrap policy has no role system:node");
    }

    void run() {
        for (String name : NAMESPACES) {
            create("", "v1", "namespaces", object("Namespace", "v1", name, ""));
        }
        for (JsonNode object : policy()) {
            ensure((ObjectNode) object);
        }
        priorityClass("system-node-critical", 2_000_001_000,
                "Used for system critical pods that must not be moved from their current node.");
        priorityClass("system-cluster-critical", 2_000_000_000,
                "Used for system critical pods that must run in the cluster, but can be moved to another node if "
                        + "necessary.");
        ObjectNode range = object("ServiceCIDR", "networking.k8s.io/v1", "kubernetes", "");
        range.putObject("spec").putArray("cidrs").add(services.text());
        create("networking.k8s.io", "v1", "servicecidrs", range);
        service();
        authentication();
    }

    private void authentication() {
        ObjectNode object = object("ConfigMap", "v1", "extension-apiserver-authentication", "kube-system");
        ResourceType type = ResourceTypes.require("", "configmaps");
        Optional<StoredObject> present = registry.get(type.key("kube-system", "extension-apiserver-authentication"));
        ObjectNode whole = present.map(found -> Json.object(found.json())).orElse(object);
        ObjectNode data = whole.path("data") instanceof ObjectNode found ? found : whole.putObject("data");
        if (!ClusterTrust.grow(data, trust)) {
            return;
        }
        if (present.isEmpty()) {
            create("", "v1", "configmaps", object);
            return;
        }
        RequestInfo info = info("update", type, "kube-system", "extension-apiserver-authentication");
        attempt(() -> pipeline.put(context(type, info), Json.bytes(whole), "application/json"));
    }

    private void ensure(ObjectNode wanted) {
        ResourceType type = ResourceTypes.byKind(wanted.path("apiVersion").asText(), wanted.path("kind").asText())
                .orElseThrow(() -> new IllegalStateException("the catalogue has no " + wanted.path("kind").asText()));
        JsonNode metadata = wanted.path("metadata");
        ObjectKey key = type.key(metadata.path("namespace").asText(), metadata.path("name").asText());
        Optional<StoredObject> present = registry.get(key);
        if (present.isEmpty()) {
            create(type.group(), type.version(), type.plural(), wanted);
            return;
        }
        ObjectNode object = Json.object(present.get().json());
        boolean ours = object.path("metadata").path("annotations").path(AUTO_UPDATE).asText().equals("true");
        if (ours && grow(object, wanted)) {
            RequestInfo info = info("update", type, metadata.path("namespace").asText(), metadata.path("name")
                    .asText());
            attempt(() -> pipeline.put(context(type, info), Json.bytes(object), "application/json"));
        }
    }

    /// Adds what the wanted object has and the present one lacks. True: something was added.
    private static boolean grow(ObjectNode present, ObjectNode wanted) {
        boolean grown = false;
        boolean aggregated = wanted.has("aggregationRule");
        for (String field : List.of("rules", "subjects")) {
            if (aggregated || !wanted.has(field)) {
                continue;
            }
            ArrayNode have = present.path(field) instanceof ArrayNode found ? found : present.putArray(field);
            List<JsonNode> all = new ArrayList<>();
            have.forEach(all::add);
            for (JsonNode one : wanted.path(field)) {
                if (all.stream().noneMatch(p -> same(p, one))) {
                    have.add(one);
                    grown = true;
                }
            }
        }
        return grown;
    }

    private static boolean same(JsonNode a, JsonNode b) {
        return Objects.equals(a, b);
    }

    private void priorityClass(String name, int value, String description) {
        ObjectNode object = object("PriorityClass", "scheduling.k8s.io/v1", name, "");
        object.put("value", value);
        object.put("description", description);
        create("scheduling.k8s.io", "v1", "priorityclasses", object);
    }

    private void service() {
        ObjectNode object = object("Service", "v1", "kubernetes", "default");
        ObjectNode labels = ((ObjectNode) object.get("metadata")).putObject("labels");
        labels.put("component", "apiserver");
        labels.put("provider", "kubernetes");
        ObjectNode spec = object.putObject("spec");
        spec.put("clusterIP", services.at(1));
        spec.put("type", "ClusterIP");
        ObjectNode port = spec.putArray("ports").addObject();
        port.put("name", "https");
        port.put("protocol", "TCP");
        port.put("port", 443);
        port.put("targetPort", 6443);
        create("", "v1", "services", object);
    }

    private void create(String group, String version, String plural, ObjectNode object) {
        Optional<ResourceType> type = ResourceTypes.find(group, version, plural);
        if (type.isEmpty()) {
            return;
        }
        JsonNode metadata = object.path("metadata");
        String namespace = metadata.path("namespace").asText();
        if (registry.get(type.get().key(namespace, metadata.path("name").asText())).isPresent()) {
            return;
        }
        RequestInfo info = info("create", type.get(), namespace, "");
        attempt(() -> pipeline.create(context(type.get(), info), Json.bytes(object), "application/json"));
    }

    private static void attempt(Runnable write) {
        try {
            write.run();
        } catch (Refused refused) {
            if (refused.refusal().code() != 409) {
                throw refused;
            }
        }
    }

    private static RequestInfo info(String verb, ResourceType type, String namespace, String name) {
        return new RequestInfo(true, "", verb, type.group(), type.version(), type.plural(), "", namespace, name, false);
    }

    private static WriteContext context(ResourceType type, RequestInfo info) {
        return WriteContext.own(SELF, info, type, "logplane");
    }

    private static ObjectNode object(String kind, String apiVersion, String name, String namespace) {
        ObjectNode object = Json.newObject();
        object.put("kind", kind);
        object.put("apiVersion", apiVersion);
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        return object;
    }

    private static JsonNode policy() {
        try (InputStream in = Bootstrap.class.getResourceAsStream("bootstrap-rbac.json")) {
            if (in == null) {
                throw new IllegalStateException("bootstrap-rbac.json is missing from the build");
            }
            return Json.MAPPER.readTree(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
