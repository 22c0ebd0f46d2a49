package io.logplane.representation.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.apply.ManagedFields.Writer;
import io.logplane.representation.apply.Owners.Manager;
import io.logplane.representation.apply.Owners.Owned;
import io.logplane.representation.decode.Malformed;
import io.logplane.schemas.model.Refusal;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.types.ResourceType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Server-side apply: merges what a manager wants into the live object and settles who owns what.
///
/// 1. merge the applied object into the live one; 2. take out what this manager applied before, does not apply now and
/// nobody else owns; 3. a field of another manager whose value would change is a conflict, or with `force` changes
/// hands;
/// 4. normalise, write managedFields.
/// Source: KEP-555; texts of k8s.io/apimachinery.
public final class ServerSideApply {
    private static final String CREATED = "creationTimestamp";
    private static final String BEFORE_FIRST = "before-first-apply";

    private ServerSideApply() {
    }

    /// Shape: `applied` is the body as it came ([io.logplane.representation.decode.Decoder#decodeApply] reads it);
    /// `live` is not changed; the result is the live object itself, times included, when nothing changed. On create the
    /// caller sets name and namespace beforehand.
    /// Errors: 409 with one cause per conflict; 400 for another kind or managedFields in the body; a body that the
    /// schema does not allow is refused as upstream does, with 500 and the list of what is wrong.
    public static ObjectNode apply(Optional<ObjectNode> live, ObjectNode applied, Writer writer, VersionedType type) {
        Subject subject = type.described().orElseThrow(() -> badRequest(
                "server-side apply is not supported for " + type.type().qualifiedName()));
        check(applied, type.type(), subject.tree());
        if (applied.path("metadata") instanceof ObjectNode metadata && metadata.path(CREATED).isNull()) {
            metadata.remove(CREATED); // as Go writes a time that is not set
        }
        ObjectNode before = live.orElseGet(subject::empty);
        Owners owners = Owners.of(before);
        if (owners.isEmpty() && live.isPresent()) {
            ManagedFields.track(subject.empty(), before, owners, new Writer(BEFORE_FIRST, false, writer.subresource(),
                    writer.now()), type);
        }
        Manager me = writer.in(Owners.APPLY, type.type());
        Optional<String> earlier = owners.of(me).flatMap(Owned::time);
        ObjectNode result = merge(before, applied, owners, writer, type);
        Runnable nothing = () -> owners.of(me).ifPresent(owned -> owners.put(me, owned.fields(), owned.apiVersion(),
                earlier));
        ObjectNode normal = normalised(result, applied, type);
        if (LastApplied.concerns(writer.manager())) {
            LastApplied.renew(normal, applied);
        }
        return finish(live, normal, owners, nothing);
    }

    private static ObjectNode normalised(ObjectNode result, ObjectNode applied, VersionedType type) {
        try {
            return type.subject().normalise(result);
        } catch (Malformed malformed) {
            String text = malformed.text().startsWith("illegal base64")
                    ? "error decoding from json: " + malformed.text()
                    : malformed.text();
            throw new Refused(Refusal.of(500, "", "failed to convert new object (" + named(applied, type.type())
                    + ") to proper version: unable to convert unstructured object to " + gvk(type.type().apiVersion(),
                            type.type().kind())
                    + ": " + text));
        }
    }

    private static void check(ObjectNode applied, ResourceType type, TypedTree tree) {
        requireKind(applied, type);
        JsonNode sent = applied.path("metadata").path("managedFields");
        if (!sent.isMissingNode() && !sent.isNull()) {
            throw badRequest("metadata.managedFields must be nil");
        }
        String wrong = AppliedSchema.check(applied, tree);
        if (!wrong.isEmpty()) {
            throw new Refused(Refusal.of(500, "", "failed to create typed patch object (" + named(applied, type) + "): "
                    + wrong));
        }
    }

    private static ObjectNode merge(ObjectNode before, ObjectNode applied, Owners owners, Writer writer,
            VersionedType type) {
        TypedTree tree = type.subject().tree();
        FieldSet ignored = ManagedFields.ignored(type.type(), writer.subresource());
        String apiVersion = type.type().apiVersion();
        Manager me = writer.in(Owners.APPLY, type.type());
        Optional<Owned> last = owners.of(me);
        ObjectNode live = ManagedFields.bare(before);
        ObjectNode merged = (ObjectNode) Merging.merge(live, applied, tree);
        Optional<String> earlier = last.flatMap(Owned::time);
        owners.put(me, Merging.fields(applied, tree).minusBelow(ignored), apiVersion, earlier);
        ObjectNode result = last.map(owned -> Pruning.prune(merged, owned, owners, type)).orElse(merged);
        Changes changes = new Changes(live, result, type, ignored);
        if (!writer.force()) {
            refuse(conflicts(changes, owners, me), () -> LastApplied.concerns(me.name())
                    ? LastApplied.untouched(before, type)
                    : FieldSet.EMPTY);
        }
        owners.take(changes, Optional.of(me));
        boolean same = live.equals(result); // who then only claims fields has no time, or its last
        owners.put(me, ManagedFields.stripped(owners.fields(me)), apiVersion, same ? earlier : writer.time());
        return result;
    }

    /// Fields of others that would change, as each of them sees it.
    private static Map<Manager, FieldSet> conflicts(Changes changes, Owners owners, Manager me) {
        Map<Manager, FieldSet> found = new LinkedHashMap<>();
        owners.entries().forEach((manager, owned) -> {
            if (!manager.equals(me)) {
                changes.in(owned.apiVersion()).map(change -> owned.fields().and(change.changed()))
                        .filter(set -> !set.isEmpty()).ifPresent(set -> found.put(manager, set));
            }
        });
        return found;
    }

    private static void refuse(Map<Manager, FieldSet> conflicts, Supplier<FieldSet> allowed) {
        if (conflicts.isEmpty()) {
            return;
        }
        FieldSet pardoned = allowed.get();
        Map<String, List<String>> told = new TreeMap<>();
        List<Refusal.Cause> causes = new ArrayList<>();
        conflicts.forEach((manager, set) -> set.minus(pardoned).paths().forEach(path -> {
            String field = FieldPath.print(path);
            told.computeIfAbsent(manager.printed(), key -> new ArrayList<>()).add(field);
            causes.add(new Refusal.Cause("FieldManagerConflict", "conflict with " + manager.printed(), field));
        }));
        if (!causes.isEmpty()) {
            throw new Refused(Refusal.of(409, "Conflict", conflictText(told, causes),
                    new Refusal.Details("", "", "", "", causes, OptionalInt.empty())));
        }
    }

    private static String conflictText(Map<String, List<String>> conflicts, List<Refusal.Cause> causes) {
        if (causes.size() == 1) {
            return "Apply failed with 1 conflict: " + causes.getFirst().message() + ": " + causes.getFirst().field();
        }
        List<String> lines = new ArrayList<>();
        conflicts.forEach((manager, paths) -> {
            lines.add("conflicts with " + manager + ":");
            paths.forEach(path -> lines.add("- " + path));
        });
        return "Apply failed with " + causes.size() + " conflicts: " + String.join("\n", lines);
    }

    /// Shape: `nothing` is done when nothing but owners changed.
    private static ObjectNode finish(Optional<ObjectNode> live, ObjectNode normal, Owners owners, Runnable nothing) {
        if (live.isPresent() && ManagedFields.bare(live.get()).equals(ManagedFields.bare(normal))) {
            if (owners.sameFields(Owners.of(live.get()))) {
                return live.get().deepCopy();
            }
            nothing.run();
        }
        owners.writeTo(normal);
        return normal;
    }

    private static void requireKind(ObjectNode applied, ResourceType type) {
        String apiVersion = text(applied.path("apiVersion"));
        String kind = text(applied.path("kind"));
        if (!apiVersion.equals(type.apiVersion()) || !kind.equals(type.kind())) {
            throw badRequest("invalid object type: " + gvk(apiVersion, kind));
        }
    }

    private static String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : "";
    }

    private static String gvk(String apiVersion, String kind) {
        return (apiVersion.contains("/") ? apiVersion : "/" + apiVersion) + ", Kind=" + kind;
    }

    private static String named(ObjectNode object, ResourceType type) {
        JsonNode metadata = object.path("metadata");
        return metadata.path("namespace").asText("") + "/" + metadata.path("name").asText("") + "; "
                + gvk(type.apiVersion(), type.kind());
    }

    private static Refused badRequest(String text) {
        return new Refused(Refusal.of(400, "BadRequest", text));
    }
}
