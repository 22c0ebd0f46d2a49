package io.logplane.representation.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.apply.Owners.Owned;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Takes out of a merged object what its applier set last time, does not set now, and nobody owns.
///
/// What was set last time is known in the version of last time: there it is taken out. What others own is put back in
/// their versions, that of last time first, for a conversion may need it.
/// Source: the structured merge and diff library of sig-api-machinery.
final class Pruning {
    private Pruning() {
    }

    /// Shape: `merged` and the result in the version of `type`; `owners` as they are to be. A version that is gone
    /// takes nothing out.
    static ObjectNode prune(ObjectNode merged, Owned last, Owners owners, VersionedType type) {
        Optional<VersionedType> then = type.in(last.apiVersion());
        if (last.fields().isEmpty() || then.isEmpty()) {
            return merged;
        }
        TypedTree tree = then.get().subject().tree();
        ObjectNode whole = then.get().show(merged, type);
        FieldSet mine = Merging.withStructs(last.fields(), tree);
        Cut cut = new Cut(then.get(), whole, remove(whole, mine, tree));
        for (Map.Entry<String, FieldSet> owned : owned(owners, last.apiVersion()).entrySet()) {
            Optional<VersionedType> version = type.in(owned.getKey());
            cut = version.isPresent() ? cut.in(version.get()).keeping(owned.getValue()) : cut;
        }
        FieldSet gone = new Cut(then.get(), whole, then.get().show(cut.left, cut.version)).gone();
        return type.show(remove(whole, gone.and(mine), tree), then.get());
    }

    /// A whole object and what is left of it, both in one version.
    private record Cut(VersionedType version, ObjectNode whole, ObjectNode left) {

        Cut in(VersionedType other) {
            return new Cut(other, other.show(whole, version), other.show(left, version));
        }

        /// With what somebody owns put back.
        Cut keeping(FieldSet owned) {
            TypedTree tree = version.subject().tree();
            return new Cut(version, whole, remove(whole, gone().minus(Merging.withStructs(owned, tree)), tree));
        }

        FieldSet gone() {
            TypedTree tree = version.subject().tree();
            return Merging.withStructs(Merging.fields(whole, tree), tree)
                    .minus(Merging.withStructs(Merging.fields(left, tree), tree));
        }
    }

    /// What everybody owns, by version.
    private static Map<String, FieldSet> owned(Owners owners, String first) {
        Map<String, FieldSet> out = new LinkedHashMap<>(Map.of(first, FieldSet.EMPTY));
        owners.entries().values().forEach(owned -> out.merge(owned.apiVersion(), owned.fields(), FieldSet::union));
        return out;
    }

    private static ObjectNode remove(ObjectNode object, FieldSet gone, TypedTree tree) {
        return (ObjectNode) Merging.remove(object, gone, tree);
    }
}
