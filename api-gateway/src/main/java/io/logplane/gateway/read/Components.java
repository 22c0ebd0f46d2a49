package io.logplane.gateway.read;

import io.logplane.gateway.request.ListOptions;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.ResourceType;
import io.logplane.state.Registry;
import io.logplane.state.StoredObject;
import java.util.Optional;
import java.util.stream.Stream;

/// ComponentStatuses: what a gateway can say of what it stands on. That is the log; whoever schedules and controls has
/// no address to be asked at.
/// Source: kubernetes pkg/registry/core/componentstatus. Thread: any.
public final class Components {
    /// As `/readyz` names it.
    private static final String LOG = "registry";

    private final Registry registry;

    public Components(Registry registry) {
        this.registry = registry;
    }

    public Reader.Listing list(ResourceType type, ListOptions options) {
        options.fields().check(type);
        Match match = new Match(type, options.labels(), options.fields());
        return Reader.Listing.of(0, Stream.of(log(type)).filter(match::test).toList());
    }

    /// Errors: 404.
    public StoredObject get(ResourceType type, String name) {
        if (!name.equals(LOG)) {
            throw Refusals.notFound(type, name);
        }
        return log(type);
    }

    private StoredObject log(ResourceType type) {
        var status = Json.newObject().put("kind", type.kind()).put("apiVersion", type.apiVersion());
        status.putObject("metadata").put("name", LOG);
        Optional<String> wrong = registry.notReady();
        var healthy = status.putArray("conditions").addObject().put("type", "Healthy").put("status", wrong.isEmpty()
                ? "True"
                : "False");
        wrong.ifPresentOrElse(why -> healthy.put("error", why), () -> healthy.put("message", "ok"));
        return new StoredObject(type.key("", LOG), 0, 0, Json.bytes(status));
    }
}
