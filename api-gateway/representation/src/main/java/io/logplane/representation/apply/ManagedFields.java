package io.logplane.representation.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.CustomType;
import io.logplane.representation.StructType;
import io.logplane.representation.TypeSchemas;
import io.logplane.representation.apply.Owners.Manager;
import io.logplane.representation.decode.Scalars;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.ResourceType;
import java.time.Instant;
import java.util.Optional;

/// Bookkeeping of who set which field, for every write that is not a server-side apply.
///
/// Source: KEP-555; managedfields of k8s.io/apimachinery.
public final class ManagedFields {
    private static final FieldSet STRIPPED = FieldSet.ofJson(Json.object("""
            {"f:apiVersion":{},"f:kind":{},"f:metadata":{".":{},"f:name":{},"f:namespace":{},"f:creationTimestamp":{},
            "f:selfLink":{},"f:uid":{},"f:clusterName":{},"f:generation":{},"f:managedFields":{},
            "f:resourceVersion":{}}}""".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    private static final FieldSet STATUS = FieldSet.ofJson(
            Json.object("{\"f:status\":{}}".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    private static final FieldSet SPEC = FieldSet.ofJson(
            Json.object("{\"f:spec\":{}}".getBytes(java.nio.charset.StandardCharsets.UTF_8)));

    private ManagedFields() {
    }

    /// Sets `metadata.managedFields` of `updated` in place.
    ///
    /// Shape: `live` is empty on create; `manager` is the fieldManager parameter or the user agent's first part;
    /// `subresource` is "" for the main resource. Entries in `updated` win over the live ones (a client may edit
    /// them; one
    /// empty entry resets them), except for subresources. When nothing changed, the live entries stay as they are.
    public static void update(Optional<ObjectNode> live, ObjectNode updated, String manager, String subresource,
            ResourceType type, Instant now) {
        Optional<StructType> struct = TypeSchemas.builtIn().of(type);
        if (struct.isEmpty()) {
            live.ifPresent(old -> Owners.of(old).writeTo(updated));
            return;
        }
        update(live, updated, new Writer(manager, false, subresource, now), type, Subject.of(struct.get()));
    }

    /// As the other, for a custom type.
    public static void update(Optional<ObjectNode> live, ObjectNode updated, Writer writer, ResourceType type,
            CustomType custom) {
        update(live, updated, writer, type, Subject.of(custom));
    }

    /// Who writes, through which subresource ("" for the main one), and when.
    public record Writer(String manager, boolean force, String subresource, Instant now) {
    }

    private static void update(Optional<ObjectNode> live, ObjectNode updated, Writer writer, ResourceType type,
            Subject subject) {
        String subresource = writer.subresource();
        Owners owners = known(live, updated, subresource);
        if (live.isPresent() && owners.isEmpty()) {
            owners.writeTo(updated);
            return;
        }
        track(live.orElseGet(subject::empty), updated, owners,
                Owners.manager(writer.manager(), Owners.UPDATE, type.apiVersion(), subresource),
                new Rules(subject.tree(), ignored(type, subresource), writer.now()));
        owners.writeTo(updated);
    }

    /// What tracking needs to know of the type and the moment.
    record Rules(TypedTree tree, FieldSet ignored, Instant now) {
    }

    /// Gives the changed fields to `manager`.
    static void track(ObjectNode live, ObjectNode updated, Owners owners, Manager manager, Rules rules) {
        Comparison changes = Comparison.of(bare(live), bare(updated), rules.tree());
        Comparison counted = changes.without(rules.ignored());
        FieldSet before = owners.fields(manager);
        owners.take(counted.changed(), Optional.empty());
        owners.take(changes.removed(), Optional.empty());
        FieldSet mine = counted.changed().minus(STRIPPED);
        if (!mine.isEmpty()) {
            FieldSet kept = owners.fields(manager);
            owners.put(manager, kept.union(mine), manager.version(), Optional.of(Scalars.time(rules.now())));
        } else if (before.equals(owners.fields(manager))) {
            return;
        }
        owners.cap();
    }

    private static Owners known(Optional<ObjectNode> live, ObjectNode updated, String subresource) {
        JsonNode sent = updated.path("metadata").path("managedFields");
        if (subresource.isEmpty() && sent.isArray()) {
            boolean reset = sent.isEmpty() || sent.size() == 1 && sent.get(0).isEmpty();
            Owners owners = Owners.of(updated);
            if (reset || !owners.isEmpty()) {
                return reset ? new Owners() : owners;
            }
        }
        return live.map(Owners::of).orElseGet(Owners::new);
    }

    /// The object without its managedFields; shares everything else.
    static ObjectNode bare(ObjectNode object) {
        if (!(object.get("metadata") instanceof ObjectNode metadata) || !metadata.has("managedFields")) {
            return object;
        }
        ObjectNode out = Json.newObject();
        out.setAll(object);
        ObjectNode bare = Json.newObject();
        bare.setAll(metadata);
        bare.remove("managedFields");
        out.set("metadata", bare);
        return out;
    }

    static FieldSet stripped(FieldSet set) {
        return set.minus(STRIPPED);
    }

    /// A resource with a status of its own ignores status in the main resource, and everything else in `/status`.
    static FieldSet ignored(ResourceType type, String subresource) {
        if (!type.has("status")) {
            return FieldSet.EMPTY;
        }
        return switch (subresource) {
            case "" -> STATUS;
            case "status" -> SPEC;
            default -> FieldSet.EMPTY;
        };
    }
}
