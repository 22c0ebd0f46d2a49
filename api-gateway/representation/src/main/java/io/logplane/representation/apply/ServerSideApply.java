package io.logplane.representation.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.CustomType;
import io.logplane.representation.StructType;
import io.logplane.representation.TypeSchemas;
import io.logplane.representation.apply.ManagedFields.Rules;
import io.logplane.representation.apply.ManagedFields.Writer;
import io.logplane.representation.apply.Owners.Manager;
import io.logplane.representation.decode.Malformed;
import io.logplane.representation.decode.Scalars;
import io.logplane.schemas.model.Refusal;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.types.ResourceType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/// Server-side apply: merges what a manager wants into the live object and settles who owns what.
///
/// 1. merge the applied object into the live one; 2. take out what this manager applied before, does not apply now and
/// nobody else owns; 3. a field of another manager whose value would change is a conflict, or with `force` changes
/// hands;
/// 4. normalise, write managedFields.
/// Source: KEP-555; texts of k8s.io/apimachinery.
public final class ServerSideApply {
    private static final String BEFORE_FIRST = "before-first-apply";

    private ServerSideApply() {
    }

    /// Shape: `applied` is the body as it came ([io.logplane.representation.decode.Decoder#decodeApply] reads it);
    /// `live` is not changed; the result
    /// is the live object itself, times included, when nothing changed. On create the caller sets name and namespace
    /// beforehand.
    /// Errors: 409 with one cause per conflict; 400 for another kind or managedFields in the body; a body that the
    /// schema
    /// does not allow is refused as upstream does, with 500 and the list of what is wrong.
    public static ObjectNode apply(Optional<ObjectNode> live, ObjectNode applied, String manager, boolean force,
            String subresource, ResourceType type, Instant now) {
        StructType struct = TypeSchemas.builtIn().of(type).orElseThrow(() -> badRequest(
                "server-side apply is not supported for " + type.qualifiedName()));
        return apply(live, applied, new Writer(manager, force, subresource, now), type, Subject.of(struct));
    }

    /// As the other, for a custom type.
    public static ObjectNode apply(Optional<ObjectNode> live, ObjectNode applied, Writer writer, ResourceType type,
            CustomType custom) {
        return apply(live, applied, writer, type, Subject.of(custom));
    }

    private static ObjectNode apply(Optional<ObjectNode> live, ObjectNode applied, Writer writer, ResourceType type,
            Subject subject) {
        requireKind(applied, type);
        JsonNode sent = applied.path("metadata").path("managedFields");
        if (!sent.isMissingNode() && !sent.isNull()) {
            throw badRequest("metadata.managedFields must be nil");
        }
        String subresource = writer.subresource();
        Rules rules = new Rules(subject.tree(), ManagedFields.ignored(type, subresource), writer.now());
        String wrong = AppliedSchema.check(applied, rules.tree());
        if (!wrong.isEmpty()) {
            throw new Refused(Refusal.of(500, "", "failed to create typed patch object (" + named(applied, type) + "): "
                    + wrong));
        }
        ObjectNode before = live.orElseGet(subject::empty);
        Owners owners = Owners.of(before);
        if (owners.isEmpty() && live.isPresent()) {
            ManagedFields.track(subject.empty(), before, owners,
                    Owners.manager(BEFORE_FIRST, Owners.UPDATE, type.apiVersion(), subresource), rules);
        }
        Manager me = Owners.manager(writer.manager(), Owners.APPLY, type.apiVersion(), subresource);
        ObjectNode result = merge(before, applied, owners, me, writer.force(), rules, type.apiVersion());
        return finish(live, result, owners, subject);
    }

    private static ObjectNode merge(ObjectNode before, ObjectNode applied, Owners owners, Manager me, boolean force,
            Rules rules, String apiVersion) {
        ObjectNode live = ManagedFields.bare(before);
        JsonNode merged = Merging.merge(live, applied, rules.tree());
        FieldSet last = owners.fields(me);
        FieldSet wanted = Merging.fields(applied, rules.tree()).minusBelow(rules.ignored());
        owners.put(me, wanted, apiVersion, Optional.of(Scalars.time(rules.now())));
        ObjectNode result = (ObjectNode) prune(merged, owners, last, rules.tree());
        Comparison changes = Comparison.of(live, result, rules.tree()).without(rules.ignored());
        settle(changes, owners, me, force);
        owners.put(me, ManagedFields.stripped(owners.fields(me)), apiVersion,
                Optional.of(Scalars.time(rules.now())));
        return result;
    }

    /// Takes out what the manager set last time, does not set now, and nobody owns.
    private static JsonNode prune(JsonNode merged, Owners owners, FieldSet last, TypedTree tree) {
        if (last.isEmpty()) {
            return merged;
        }
        FieldSet lastAll = Merging.withStructs(last, tree);
        JsonNode pruned = Merging.remove(merged, lastAll, tree);
        FieldSet owned = FieldSet.EMPTY;
        for (Owners.Owned entry : owners.entries().values()) {
            owned = owned.union(entry.fields());
        }
        FieldSet all = Merging.withStructs(Merging.fields(merged, tree), tree);
        FieldSet left = Merging.withStructs(Merging.fields(pruned, tree), tree);
        pruned = Merging.remove(merged, all.minus(left.union(Merging.withStructs(owned, tree))), tree);
        left = Merging.withStructs(Merging.fields(pruned, tree), tree);
        return Merging.remove(merged, all.minus(left).and(lastAll), tree);
    }

    private static void settle(Comparison changes, Owners owners, Manager me, boolean force) {
        Map<String, List<String>> conflicts = new TreeMap<>();
        List<Refusal.Cause> causes = new ArrayList<>();
        owners.entries().forEach((manager, owned) -> {
            if (!manager.equals(me)) {
                for (List<String> path : owned.fields().and(changes.changed()).paths()) {
                    conflicts.computeIfAbsent(manager.printed(), key -> new ArrayList<>()).add(FieldPath.print(path));
                    causes.add(new Refusal.Cause("FieldManagerConflict", "conflict with " + manager.printed(),
                            FieldPath.print(path)));
                }
            }
        });
        if (!force && !causes.isEmpty()) {
            throw new Refused(Refusal.of(409, "Conflict", conflictText(conflicts, causes),
                    new Refusal.Details("", "", "", "", causes, OptionalInt.empty())));
        }
        owners.take(changes.changed(), Optional.of(me));
        owners.take(changes.removed(), Optional.of(me));
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

    private static ObjectNode finish(Optional<ObjectNode> live, ObjectNode result, Owners owners, Subject subject) {
        ObjectNode normal;
        try {
            normal = subject.normalise(result);
        } catch (Malformed malformed) {
            throw new Refused(Refusal.of(500, "", "failed to convert new typed object: " + malformed.text()));
        }
        if (live.isPresent() && owners.sameFields(Owners.of(live.get()))
                && ManagedFields.bare(live.get()).equals(ManagedFields.bare(normal))) {
            return live.get().deepCopy();
        }
        owners.writeTo(normal);
        return normal;
    }

    private static void requireKind(ObjectNode applied, ResourceType type) {
        String apiVersion = applied.path("apiVersion").asText("");
        String kind = applied.path("kind").asText("");
        if (!apiVersion.equals(type.apiVersion()) || !kind.equals(type.kind())) {
            throw badRequest("invalid object type: " + gvk(apiVersion, kind));
        }
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
