package io.logplane.controllers.plane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Conditions;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectJson;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.record.Command;
import io.logplane.schemas.record.Outcome;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A cluster in memory that does with commands what a gateway does: names, uids, preconditions, generations, finalizers,
/// graceful deletion, subresources.
public final class Plane {
    /// One accepted change, as topic `state` carries it; `object` null: removed.
    public record Step(ObjectKey key, long revision, byte @Nullable [] object) {
    }

    private record Stored(ObjectNode object, long revision) {
    }

    private final Map<String, Stored> objects = new TreeMap<>();
    private final List<Step> history = new ArrayList<>();
    private Function<Command, Optional<String>> admission = command -> Optional.empty();
    private long revision;
    private long uids;
    private Instant now;

    public Plane(Instant start) {
        now = start;
    }

    public Instant now() {
        return now;
    }

    public void sleep(java.time.Duration time) {
        now = now.plus(time);
    }

    public List<Step> history() {
        return history;
    }

    public long revision() {
        return revision;
    }

    /// Commands for which this gives a text are refused with 403 and that message.
    public void refuse(Function<Command, Optional<String>> rule) {
        admission = rule;
    }

    public Optional<ObjectNode> get(ObjectKey key) {
        return Optional.ofNullable(objects.get(key.text())).map(stored -> stored.object().deepCopy());
    }

    public List<ObjectNode> list(String group, String resource) {
        String prefix = ObjectKey.prefix(group, resource);
        return objects.entrySet().stream().filter(e -> e.getKey().startsWith(prefix))
                .map(e -> e.getValue().object().deepCopy()).toList();
    }

    public List<ObjectKey> keys() {
        return objects.keySet().stream().map(ObjectKey::parse).toList();
    }

    /// A user creates.
    public ObjectKey create(String group, String resource, ObjectNode object) {
        ObjectKey key = ObjectKey.of(group, resource, object.path("metadata").path("namespace").asText(""),
                object.path("metadata").path("name").asText());
        int code = createObject(key, object);
        if (code != 201) {
            throw new IllegalStateException(key + ": " + code);
        }
        return key;
    }

    /// A user changes the whole object.
    public void edit(ObjectKey key, java.util.function.Consumer<ObjectNode> how) {
        ObjectNode object = get(key).orElseThrow();
        how.accept(object);
        put(key, object);
    }

    /// A user deletes. `propagation` as DeleteOptions has it; "" for none.
    public void delete(ObjectKey key, String propagation) {
        ObjectNode options = Json.newObject();
        if (!propagation.isEmpty()) {
            options.put("propagationPolicy", propagation);
        }
        deleteObject(key, options);
    }

    /// A node ends a graceful deletion.
    public void finish(ObjectKey key) {
        deleteObject(key, Json.newObject().put("gracePeriodSeconds", 0));
    }

    public Outcome apply(Command command) {
        ObjectKey key = ObjectKey.parse(command.getKey());
        Optional<String> refusal = admission.apply(command);
        if (refusal.isPresent()) {
            return outcome(command, 403, "Forbidden", refusal.get());
        }
        JsonNode body = command.getBody() == null ? Json.newObject() : Json.object(bytes(command.getBody()));
        int code = switch (command.getVerb()) {
            case CREATE -> createObject(key, (ObjectNode) body);
            case REPLACE, MERGE_PATCH, DELETE -> change(command, key, (ObjectNode) body);
            case BIND, EVICT -> 400;
        };
        return outcome(command, code, code == 409 ? "Conflict" : code == 404 ? "NotFound" : "", "code " + code);
    }

    private int change(Command command, ObjectKey key, ObjectNode body) {
        Stored stored = objects.get(key.text());
        if (stored == null) {
            return 404;
        }
        String uid = stored.object().path("metadata").path("uid").asText();
        if (command.getExpectedUid() != null && !command.getExpectedUid().equals(uid)) {
            return 409;
        }
        if (command.getExpectedRevision() != null && command.getExpectedRevision() != stored.revision()) {
            return 409;
        }
        return switch (command.getVerb()) {
            case REPLACE -> replace(key, stored.object(), body, command.getSubresource());
            case MERGE_PATCH -> {
                ObjectNode merged = stored.object().deepCopy();
                merge(merged, body);
                yield replace(key, stored.object(), merged, command.getSubresource());
            }
            case DELETE -> deleteObject(key, body);
            case CREATE, BIND, EVICT -> 400;
        };
    }

    private int createObject(ObjectKey key, ObjectNode object) {
        if (objects.containsKey(key.text())) {
            return 409;
        }
        if (!key.apiNamespace().isEmpty()) {
            Stored namespace = objects.get(ObjectKey.of("", "namespaces", "", key.namespace()).text());
            if (namespace != null && namespace.object().path("metadata").has("deletionTimestamp")) {
                return 403;
            }
        }
        ObjectNode created = object.deepCopy();
        ObjectNode metadata = created.withObject("/metadata");
        metadata.put("uid", "uid-" + ++uids).put("creationTimestamp", Conditions.time(now));
        if (created.has("spec")) {
            metadata.put("generation", 1);
        }
        if (key.resource().equals("namespaces")) {
            created.withObject("/spec").putArray("finalizers").add("kubernetes");
            created.putObject("status").put("phase", "Active");
        }
        put(key, created);
        return 201;
    }

    private int replace(ObjectKey key, ObjectNode old, ObjectNode wanted, String subresource) {
        ObjectNode next = switch (subresource) {
            case "status" -> {
                ObjectNode kept = old.deepCopy();
                kept.set("status", wanted.path("status").deepCopy());
                if (wanted.path("metadata").has("annotations")) {
                    kept.withObject("/metadata").set("annotations", wanted.at("/metadata/annotations"));
                }
                yield kept;
            }
            case "finalize" -> {
                ObjectNode kept = old.deepCopy();
                kept.withObject("/spec").set("finalizers", wanted.path("spec").path("finalizers"));
                yield kept;
            }
            default -> {
                ObjectNode kept = wanted.deepCopy();
                kept.remove("status");
                if (old.has("status")) {
                    kept.set("status", old.get("status"));
                }
                yield kept;
            }
        };
        boolean copied = key.resource().equals("deployments")
                && !next.at("/metadata/annotations").equals(old.at("/metadata/annotations"));
        if ((copied || !next.path("spec").equals(old.path("spec"))) && subresource.isEmpty()) {
            next.withObject("/metadata").put("generation", old.path("metadata").path("generation").asLong() + 1);
        }
        put(key, next);
        return 200;
    }

    private int deleteObject(ObjectKey key, ObjectNode options) {
        Stored stored = objects.get(key.text());
        if (stored == null) {
            return 404;
        }
        ObjectNode object = stored.object().deepCopy();
        ObjectNode metadata = object.withObject("/metadata");
        String propagation = options.path("propagationPolicy").asText("");
        List<String> finalizers = new ArrayList<>();
        metadata.path("finalizers").forEach(f -> finalizers.add(f.asText()));
        if (!propagation.isEmpty()) {
            finalizers.removeIf(f -> f.equals("orphan") || f.equals("foregroundDeletion"));
        }
        if (propagation.equals("Orphan")) {
            finalizers.add("orphan");
        } else if (propagation.equals("Foreground")) {
            finalizers.add("foregroundDeletion");
        }
        if (finalizers.isEmpty()) {
            metadata.remove("finalizers");
        } else {
            ArrayNode list = metadata.putArray("finalizers");
            finalizers.forEach(list::add);
        }
        boolean graceful = key.resource().equals("pods") && !object.path("spec").path("nodeName").asText("").isEmpty()
                && options.path("gracePeriodSeconds").asLong(30) > 0;
        if (!metadata.has("deletionTimestamp")) {
            metadata.put("deletionTimestamp", Conditions.time(now));
        }
        if (key.resource().equals("namespaces")) {
            object.withObject("/status").put("phase", "Terminating");
        }
        if (graceful) {
            put(key, object, true);
        } else {
            put(key, object);
        }
        return 200;
    }

    private void put(ObjectKey key, ObjectNode object) {
        put(key, object, false);
    }

    /// An object on its way out without finalizers goes, unless a kubelet has it.
    private void put(ObjectKey key, ObjectNode object, boolean kept) {
        boolean held = !object.path("metadata").path("finalizers").isEmpty()
                || !object.path("spec").path("finalizers").isEmpty();
        if (object.path("metadata").has("deletionTimestamp") && !held && !kept) {
            objects.remove(key.text());
            history.add(new Step(key, ++revision, null));
            return;
        }
        Stored present = objects.get(key.text());
        if (present != null && present.object().equals(object)) {
            return;
        }
        objects.put(key.text(), new Stored(object.deepCopy(), ++revision));
        history.add(new Step(key, revision, ObjectJson.canonical(object)));
    }

    private Outcome outcome(Command command, int code, String reason, String message) {
        return Outcome.newBuilder().setCommandId(command.getId()).setKey(command.getKey())
                .setPrimary(command.getPrimary()).setBy("plane").setCode(code)
                .setRevision(code < 400 ? revision : 0).setReason(reason).setMessage(message)
                .setTimestamp(now.toEpochMilli()).build();
    }

    private static void merge(ObjectNode into, ObjectNode patch) {
        patch.properties().forEach(field -> {
            if (field.getValue().isNull()) {
                into.remove(field.getKey());
            } else if (field.getValue() instanceof ObjectNode child
                    && into.path(field.getKey()) instanceof ObjectNode present) {
                merge(present, child);
            } else {
                into.set(field.getKey(), field.getValue().deepCopy());
            }
        });
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
