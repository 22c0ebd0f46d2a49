package io.logplane.representation.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.apply.Owners.Manager;
import io.logplane.representation.decode.Malformed;
import io.logplane.representation.decode.Scalars;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Refused;
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
    /// Shape: `live` is empty on create. Entries in `updated` win over the live ones (a client may edit them; one empty
    /// entry resets them), except for subresources. When nothing changed, or ownership cannot be settled because
    /// somebody set fields in a version nothing converts to, the live entries stay as they are.
    public static void update(Optional<ObjectNode> live, ObjectNode updated, Writer writer, VersionedType type) {
        Owners before = live.map(Owners::of).orElseGet(Owners::new);
        Optional<Subject> subject = type.described();
        if (subject.isEmpty()) {
            before.writeTo(updated);
            return;
        }
        Owners owners = known(live, updated, writer.subresource());
        try {
            if (live.isEmpty() || !owners.isEmpty()) {
                track(live.orElseGet(subject.get()::empty), updated, owners, writer, type);
            }
            owners.writeTo(updated);
        } catch (Refused | ApplyInvalid | Malformed unsettled) {
            before.writeTo(updated);
        }
    }

    /// Who writes, through which subresource ("" for the main one), and when.
    ///
    /// Shape: `manager` is the fieldManager parameter or the user agent's first part.
    public record Writer(String manager, boolean force, String subresource, Instant now) {
        Manager in(String operation, ResourceType type) {
            return Owners.manager(manager, operation, type.apiVersion(), subresource);
        }

        Optional<String> time() {
            return Optional.of(Scalars.time(now));
        }
    }

    /// Gives the changed fields to the writer.
    static void track(ObjectNode live, ObjectNode updated, Owners owners, Writer writer, VersionedType type) {
        Manager manager = writer.in(Owners.UPDATE, type.type());
        Changes changes = new Changes(bare(live), bare(updated), type, ignored(type.type(), writer.subresource()));
        FieldSet before = owners.fields(manager);
        owners.take(changes, Optional.empty());
        FieldSet mine = changes.own().changed().minus(STRIPPED);
        if (!mine.isEmpty()) {
            FieldSet kept = owners.fields(manager);
            owners.put(manager, kept.union(mine), manager.version(), writer.time());
        } else if (before.equals(owners.fields(manager))) {
            return;
        }
        owners.cap();
    }

    /// Entries of a kind nobody can read are as if they had not been sent; a single empty one says: forget them.
    private static boolean legible(JsonNode sent) {
        return sent.size() == 1 && sent.get(0).isEmpty() || sent.valueStream().allMatch(entry -> entry.path(
                "fieldsType").asText().equals("FieldsV1"));
    }

    private static Owners known(Optional<ObjectNode> live, ObjectNode updated, String subresource) {
        JsonNode sent = updated.path("metadata").path("managedFields");
        if (subresource.isEmpty() && sent.isArray() && legible(sent)) {
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
