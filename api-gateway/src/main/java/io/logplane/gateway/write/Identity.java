package io.logplane.gateway.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.types.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Whether two states are of the object that is meant, and whether they differ at all. Pure.
final class Identity {
    private Identity() {
    }

    /// Errors: 400 for no or another name or another namespace, 409 for another uid.
    static void check(WriteContext context, ObjectNode object, Optional<ObjectNode> old) {
        named(context, object);
        old.ifPresent(before -> sameUid(context, object, before));
    }

    /// Errors: 400 for no or another name, or another namespace.
    static void named(WriteContext context, ObjectNode object) {
        ObjectNode metadata = ObjectMeta.of(object);
        String name = metadata.path("name").asText();
        if (name.isEmpty()) {
            throw Refusals.badRequest("the name of the object (" + context.info().name()
                    + " based on URL) was undeterminable: name must be provided");
        }
        if (!name.equals(context.info().name())) {
            throw Refusals.badRequest("the name of the object (" + name + ") does not match the name on the URL ("
                    + context.info().name() + ")");
        }
        String namespace = metadata.path("namespace").asText();
        if (context.type().namespaced() && !namespace.isEmpty() && !namespace.equals(context.info().namespace())) {
            throw Refusals.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
    }

    private static void sameUid(WriteContext context, ObjectNode object, ObjectNode old) {
        String uid = ObjectMeta.of(object).path("uid").asText();
        if (!uid.isEmpty() && !uid.equals(ObjectMeta.of(old).path("uid").asText())) {
            ResourceType type = context.type();
            String kept = "/registry/" + (type.rules().itemsNameTheirKind() ? type.group() + "/" : "");
            String path = type.namespaced()
                    ? kept + type.plural() + "/" + context.info().namespace() + "/" + context.info().name()
                    : kept + type.plural() + "/" + context.info().name();
            throw Refusals.conflict(type.group(), type.plural(), context.info().name(),
                    "StorageError: invalid object, Code: 4, Key: " + path + ", ResourceVersion: 0, AdditionalErrorMsg: "
                            + "Precondition failed: UID in precondition: " + uid + ", UID in object meta: "
                            + ObjectMeta.of(old).path("uid").asText());
        }
    }

    /// What a client may not change of metadata, and is told of; what it may not change and is not told of is taken
    /// from the old object. Shape: each error as often as upstream finds it.
    static List<FieldError> immutable(ObjectNode next, ObjectNode old) {
        List<FieldError> errors = new ArrayList<>();
        ObjectNode metadata = ObjectMeta.of(next);
        ObjectNode before = ObjectMeta.of(old);
        for (String field : List.of("uid", "deletionTimestamp", "deletionGracePeriodSeconds")) {
            JsonNode value = metadata.path(field);
            boolean said = !value.isMissingNode() && !value.isNull() && !value.asText().isEmpty();
            boolean bound = field.equals("uid") || !before.has(field) || field.endsWith("Seconds");
            if (said && bound && !value.equals(before.path(field))) {
                errors.add(FieldError.invalid("metadata." + field, value.toString(), "field is immutable"));
            }
        }
        return Stream.concat(errors.stream(), errors.stream()).toList();
    }

    /// Equal but for the revision; who says nothing of field ownership leaves it as it is.
    static boolean asksNothing(ObjectNode next, ObjectNode old) {
        return same(next, old, !ObjectMeta.of(next).has("managedFields"));
    }

    /// Equal but for the revision.
    static boolean unchanged(ObjectNode next, ObjectNode old) {
        return same(next, old, false);
    }

    /// Equal but for the revision and for when fields were taken.
    static boolean onlyTimesDiffer(ObjectNode next, ObjectNode old) {
        return same(next, old, true) && timeless(next).equals(timeless(old));
    }

    private static JsonNode timeless(ObjectNode object) {
        JsonNode owners = ObjectMeta.of(object).path("managedFields").deepCopy();
        owners.forEach(entry -> ((ObjectNode) entry).remove("time"));
        return owners;
    }

    private static boolean same(ObjectNode next, ObjectNode old, boolean anyOwners) {
        for (String field : fields(next, old)) {
            if (!field.equals("metadata") && !java.util.Objects.equals(next.get(field), old.get(field))) {
                return false;
            }
        }
        ObjectNode a = ObjectMeta.of(next);
        ObjectNode b = ObjectMeta.of(old);
        for (String field : fields(a, b)) {
            if (!field.equals("resourceVersion") && !(anyOwners && field.equals("managedFields"))
                    && !java.util.Objects.equals(a.get(field), b.get(field))) {
                return false;
            }
        }
        return true;
    }

    private static java.util.Set<String> fields(ObjectNode a, ObjectNode b) {
        java.util.Set<String> names = new java.util.LinkedHashSet<>();
        a.fieldNames().forEachRemaining(names::add);
        b.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
