package io.logplane.gateway.aggregation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.gateway.write.DeleteOptions;
import io.logplane.gateway.write.Pipeline;
import io.logplane.gateway.write.WriteContext;
import io.logplane.schemas.definitions.DefinitionStatus;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectJson;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.ResourceTypes;
import io.logplane.state.Registry;
import io.logplane.state.StoredObject;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the gateway writes about APIServices, through the pipeline like anybody else.
///
/// Errors: Refused, also when another gateway was faster. Thread: any.
public final class ApiServiceWrites {
    private static final User SELF = new User("system:apiserver", "", List.of(User.MASTERS), Map.of());
    private static final String JSON = "application/json";

    private final Registry registry;
    private final Pipeline pipeline;
    private final InstantSource clock;
    private final ResourceType type = ResourceTypes.require(ApiService.GROUP, ApiService.PLURAL);

    public ApiServiceWrites(Registry registry, Pipeline pipeline, InstantSource clock) {
        this.registry = registry;
        this.pipeline = pipeline;
        this.clock = clock;
    }

    Optional<ObjectNode> get(String name) {
        return registry.get(ApiService.key(name)).map(ApiServiceWrites::tree);
    }

    private static ObjectNode tree(StoredObject stored) {
        return ObjectJson.parse(stored.json(), stored.revision());
    }

    void create(ObjectNode object) {
        var unused = pipeline.create(context("create", "", ""), Json.bytes(object), JSON);
    }

    void update(ObjectNode object) {
        var unused = pipeline.put(context("update", "", name(object)), Json.bytes(object), JSON);
    }

    void delete(String name) {
        var unused = pipeline.delete(context("delete", "", name), DeleteOptions.PLAIN);
    }

    /// Says so in the status, unless it says so already.
    void available(String name, Availability said) {
        Optional<ObjectNode> object = get(name);
        if (object.isPresent() && DefinitionStatus.set(object.get(), ApiService.AVAILABLE, said.available(), said
                .reason(), said.message(), clock.instant().truncatedTo(ChronoUnit.SECONDS).toString())) {
            var unused = pipeline.put(context("update", "status", name), Json.bytes(object.get()), JSON);
        }
    }

    private static String name(ObjectNode object) {
        return object.path("metadata").path("name").asText();
    }

    private WriteContext context(String verb, String subresource, String name) {
        RequestInfo info = new RequestInfo(true, "", verb, type.group(), type.version(), type.plural(), subresource, "",
                name, false);
        return WriteContext.own(SELF, info, type, "kube-apiserver");
    }
}
