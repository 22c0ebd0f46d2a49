package io.logplane.gateway.aggregation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.definitions.DefinitionStatus;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.gateway.write.Pipeline;
import io.logplane.gateway.write.WriteContext;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectJson;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.ResourceTypes;
import io.logplane.state.Registry;
import java.io.IOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What other servers keep in a namespace that is being deleted. The controllers see the log only, so a gateway empties
/// the rest before the namespace goes.
///
/// Thread: any; blocks on those servers. Source: pkg/controller/namespace/deletion; its condition types and texts.
public final class RemoteContent {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteContent.class);
    private static final String ACCOUNT = "system:serviceaccount:kube-system:namespace-controller";
    private static final List<String> AS = List.of("X-Remote-User", ACCOUNT, "X-Remote-Group",
            "system:serviceaccounts", "X-Remote-Group", "system:serviceaccounts:kube-system", "X-Remote-Group",
            "system:authenticated");
    private static final String JSON = "application/json";
    /// Objects that are looked at in one attempt; the rest is for the next.
    private static final String LIMITED = "?limit=500";
    private static final int OK = 200;
    private static final ResourceType NAMESPACES = ResourceTypes.require("", "namespaces");

    private final ApiServices services;
    private final Registry registry;
    private final Pipeline pipeline;
    private final InstantSource clock;

    public RemoteContent(ApiServices services, Registry registry, Pipeline pipeline, InstantSource clock) {
        this.services = services;
        this.registry = registry;
        this.pipeline = pipeline;
        this.clock = clock;
    }

    /// Why a namespace cannot go yet. Shape: as its condition says.
    private record Obstacle(String type, String reason, String message) {
    }

    /// Deletes what is there. Shape: why something is left, which the namespace's status says too; empty: nothing is.
    public Optional<String> empty(String namespace) {
        for (ApiServices.Entry entry : services.all()) {
            if (entry.service().service().isPresent()) {
                Optional<Obstacle> found = empty(namespace, entry);
                if (found.isPresent()) {
                    say(namespace, found.get());
                    return Optional.of(found.get().message());
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Obstacle> empty(String namespace, ApiServices.Entry entry) {
        String version = entry.service().group() + "/" + entry.service().version();
        if (entry.remote().isEmpty() || !entry.service().available()) {
            return Optional.of(new Obstacle("NamespaceDeletionDiscoveryFailure", "DiscoveryFailed",
                    "Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: "
                            + version + ": stale GroupVersion discovery: " + version));
        }
        for (JsonNode resource : entry.documents().discovery().path("resources")) {
            Optional<Obstacle> left = resource.path("scope").asText().equals("Namespaced")
                    ? empty(namespace, entry, resource)
                    : Optional.empty();
            if (left.isPresent()) {
                return left;
            }
        }
        return Optional.empty();
    }

    private static Optional<Obstacle> empty(String namespace, ApiServices.Entry entry, JsonNode resource) {
        List<String> verbs = Json.MAPPER.convertValue(resource.path("verbs"), Json.MAPPER.getTypeFactory()
                .constructCollectionType(List.class, String.class));
        if (!verbs.contains("list") || !verbs.contains("delete") && !verbs.contains("deletecollection")) {
            return Optional.empty();
        }
        String name = resource.path("resource").asText();
        String path = entry.service().path() + "/namespaces/" + namespace + "/" + name;
        Remote remote = entry.remote().orElseThrow();
        try {
            if (verbs.contains("deletecollection")) {
                var unused = remote.send("DELETE", path, AS);
            } else {
                for (JsonNode item : items(remote, path)) {
                    var unused = remote.send("DELETE", path + "/" + item.at("/metadata/name").asText(), AS);
                }
            }
            int left = items(remote, path).size();
            return left == 0
                    ? Optional.empty()
                    : Optional.of(new Obstacle("NamespaceContentRemaining", "SomeResourcesRemain",
                            "Some resources are remaining: " + name + "." + entry.service().group() + " has " + left
                                    + " resource instances"));
        } catch (IOException away) {
            return Optional.of(new Obstacle("NamespaceDeletionContentFailure", "ContentDeletionFailed",
                    "Failed to delete all resource types, 1 remaining: " + away.getMessage()));
        }
    }

    private static JsonNode items(Remote remote, String path) throws IOException {
        Remote.Document list = remote.send("GET", path + LIMITED, AS);
        if (list.code() != OK) {
            throw new IOException("bad status from " + path + ": " + list.code());
        }
        try {
            return Json.object(list.body()).path("items");
        } catch (IllegalArgumentException notJson) {
            throw new IOException("the answer is no JSON object", notJson);
        }
    }

    private void say(String namespace, Obstacle why) {
        registry.get(ObjectKey.of("", "namespaces", "", namespace)).ifPresent(stored -> {
            ObjectNode object = ObjectJson.parse(stored.json(), stored.revision());
            if (!DefinitionStatus.set(object, why.type(), true, why.reason(), why.message(),
                    clock.instant().truncatedTo(
                            ChronoUnit.SECONDS).toString())) {
                return;
            }
            RequestInfo info = new RequestInfo(true, "", "update", "", "v1", "namespaces", "status", namespace,
                    namespace, false);
            try {
                var unused = pipeline.put(WriteContext.own(User.named(ACCOUNT), info, NAMESPACES,
                        "kube-controller-manager"), Json.bytes(object), JSON);
            } catch (Refused refused) { // somebody else wrote it meanwhile: the next attempt says it
                LOG.debug("namespace {}: {}", namespace, refused.refusal().message());
            }
        });
    }
}
