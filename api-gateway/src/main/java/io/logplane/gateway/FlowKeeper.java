package io.logplane.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.fairness.FlowControl;
import io.logplane.gateway.fairness.FlowDefaults;
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
import io.logplane.state.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps flow schemas and priority levels: the mandatory ones as they must be, the suggested ones there and, while
/// nobody has taken them over, as suggested; says of each schema whether its level exists; lends seats.
///
/// Every gateway does so; whoever is second finds nothing left to do.
/// Thread: one virtual thread of its own; close ends it.
/// Source: k8s.io/kubernetes/pkg/registry/flowcontrol/ensurer; k8s.io/apiserver/pkg/util/flowcontrol.
final class FlowKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FlowKeeper.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    /// Ticks between two rounds of lending, and of looking after what nobody reported as changed.
    private static final int LEND = 10;
    private static final int LOOK = 60;
    private static final String AUTO_UPDATE = "apf.kubernetes.io/autoupdate-spec";
    private static final User SELF = new User("system:apiserver", "", List.of(User.MASTERS), Map.of());

    private final FlowControl control;
    private final Registry registry;
    private final Pipeline pipeline;
    private final Thread thread;

    FlowKeeper(FlowControl control, Registry registry, Pipeline pipeline) {
        this.control = control;
        this.registry = registry;
        this.pipeline = pipeline;
        this.thread = Thread.ofVirtual().name("flow-keeper").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        for (int tick = 0; !Thread.currentThread().isInterrupted(); tick++) {
            if (registry.notReady().isEmpty() && (control.takeChanged() || tick % LOOK == 0)) {
                attempt();
            }
            if (tick % LEND == LEND - 1) {
                control.lend();
            }
            LockSupport.parkNanos(TICK.toNanos());
        }
    }

    private void attempt() {
        try {
            FlowDefaults.all().forEach(this::keep);
            describe();
        } catch (Refused refused) { // another gateway was faster, or the log is away: the next look tells
            LOG.debug("flow control is looked after later: {}", refused.refusal().message());
        } catch (RuntimeException fault) {
            if (!Thread.currentThread().isInterrupted()) {
                LOG.error("flow control cannot be looked after", fault);
            }
        }
    }

    private void keep(JsonNode wanted) {
        ResourceType type = type(wanted.path("kind").asText().equals("FlowSchema")
                ? "flowschemas"
                : FlowControl.RESOURCES
                        .getFirst());
        String name = wanted.path("metadata").path("name").asText();
        Optional<StoredObject> present = registry.get(type.key("", name));
        if (present.isEmpty()) {
            pipeline.create(context(type, "create", "", ""), Json.bytes(wanted), "application/json");
            return;
        }
        ObjectNode object = ObjectJson.parse(present.get().json(), present.get().revision());
        boolean ours = FlowDefaults.MANDATORY.contains(name) || object.path("metadata").path("annotations").path(
                AUTO_UPDATE).asText().equals("true");
        if (ours && !object.path("spec").equals(wanted.path("spec"))) {
            object.set("spec", wanted.path("spec").deepCopy());
            pipeline.put(context(type, "update", "", name), Json.bytes(object), "application/json");
        }
    }

    /// The condition Dangling of every schema.
    private void describe() {
        ResourceType schemas = type("flowschemas");
        ResourceType levels = type(FlowControl.RESOURCES.getFirst());
        List<StoredObject> all = new ArrayList<>();
        try (Registry.Scan scan = registry.scan(ObjectKey.prefix(FlowControl.GROUP, "flowschemas"), registry.revision(
                io.logplane.schemas.topics.Topics.REGISTRY), "")) {
            scan.forEachRemaining(all::add);
        }
        for (StoredObject stored : all) {
            ObjectNode schema = ObjectJson.parse(stored.json(), stored.revision());
            String level = schema.path("spec").path("priorityLevelConfiguration").path("name").asText();
            boolean dangling = registry.get(levels.key("", level)).isEmpty();
            if (condition(schema, level, dangling)) {
                pipeline.put(context(schemas, "update", "status", stored.key().name()), Json.bytes(schema),
                        "application/json");
            }
        }
    }

    /// True: the condition was not there or said something else.
    private static boolean condition(ObjectNode schema, String level, boolean dangling) {
        ObjectNode status = schema.path("status") instanceof ObjectNode found ? found : schema.putObject("status");
        ArrayNode conditions = status.path("conditions") instanceof ArrayNode found
                ? found
                : status.putArray("conditions");
        String message = "This FlowSchema references the PriorityLevelConfiguration object named \"" + level + "\" "
                + (dangling ? "but there is no such object" : "and it exists");
        for (int i = 0; i < conditions.size(); i++) {
            if (conditions.get(i).path("type").asText().equals("Dangling")) {
                if (conditions.get(i).path("message").asText().equals(message)) {
                    return false;
                }
                conditions.remove(i);
                break;
            }
        }
        ObjectNode condition = conditions.addObject();
        condition.put("type", "Dangling");
        condition.put("status", dangling ? "True" : "False");
        condition.put("lastTransitionTime", Instant.ofEpochSecond(Instant.now().getEpochSecond()).toString());
        condition.put("reason", dangling ? "NotFound" : "Found");
        condition.put("message", message);
        return true;
    }

    private static ResourceType type(String plural) {
        return ResourceTypes.require(FlowControl.GROUP, plural);
    }

    private static WriteContext context(ResourceType type, String verb, String subresource, String name) {
        RequestInfo info = new RequestInfo(true, "", verb, type.group(), type.version(), type.plural(), subresource, "",
                name, false);
        return WriteContext.own(SELF, info, type, "api-priority-and-fairness-config-producer-v1");
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
