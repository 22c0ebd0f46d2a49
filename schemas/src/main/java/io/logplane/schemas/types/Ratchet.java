package io.logplane.schemas.types;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.rules.ObjectMetaRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// Rules become stricter, and what is stored stays: an object that was good once can still be updated. What was wrong
/// with it before is not held against an update that leaves it as it is, and fields that get a default only today
/// do not count as changed.
///
/// Upstream relaxes rule by rule, where it has made one stricter; here every rule is relaxed in the same way, so that
/// none can be forgotten. The two differ only for objects that upstream could not have stored.
/// Source: upstream's API change guidelines, on validation ratcheting.
final class Ratchet {

    private Ratchet() {
    }

    /// `judging` judges the update of a given old object. Shape: no work beyond it while nothing is wrong.
    static Rules.Judgement judge(ResourceType type, ObjectNode object, ObjectNode old,
            Function<ObjectNode, Rules.Judgement> judging) {
        Rules.Judgement found = judging.apply(old);
        if (found.errors().isEmpty()) {
            return found;
        }
        ObjectNode today = old.deepCopy();
        type.rules().applyDefaults(today);
        Rules.Judgement again = today.equals(old) ? found : judging.apply(today);
        Set<FieldError> known = new HashSet<>();
        Stream.concat(ObjectMetaRules.validateCreate(type, old).stream(), type.rules().known(old).stream())
                .forEach(error -> known.add(anywhere(error)));
        List<FieldError> fresh = again.errors().stream().filter(error -> !known.contains(anywhere(error))).toList();
        return new Rules.Judgement(fresh, again.warnings());
    }

    /// The same problem, whatever its place in its list: others may come and go before it.
    private static FieldError anywhere(FieldError error) {
        return new FieldError(error.type(), error.field().replaceAll("\\[[0-9]+\\]", "[]"), error.message());
    }
}
