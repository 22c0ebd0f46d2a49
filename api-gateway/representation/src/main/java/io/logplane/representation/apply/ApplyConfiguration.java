package io.logplane.representation.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.CustomType;
import io.logplane.representation.MutationFailed;
import io.logplane.representation.StructType;
import io.logplane.representation.decode.Malformed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Merges what a mutating policy says into an object, as server-side apply merges, but nobody owns the result.
///
/// What a policy does not say stays; so nothing atomic may be said, for that would take away what stands beside it.
/// Errors: [MutationFailed]. Source: k8s.io/apiserver/pkg/admission/plugin/policy/mutating/patch (smd).
public final class ApplyConfiguration {
    private ApplyConfiguration() {
    }

    /// Shape: `live` is not changed; `said` has the same kind and apiVersion.
    public static ObjectNode merge(ObjectNode live, ObjectNode said, StructType type) {
        return merge(live, said, Subject.of(type));
    }

    public static ObjectNode merge(ObjectNode live, ObjectNode said, CustomType type) {
        return merge(live, said, Subject.of(type));
    }

    private static ObjectNode merge(ObjectNode live, ObjectNode said, Subject subject) {
        TypedTree type = subject.tree();
        String wrong = AppliedSchema.check(said, type);
        if (!wrong.isEmpty()) {
            throw new MutationFailed("failed to convert patch object to typed object: " + wrong);
        }
        List<String> atomic = new ArrayList<>();
        findAtomic("", said, type, atomic);
        if (!atomic.isEmpty()) {
            throw new MutationFailed("invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: "
                    + String.join(", ", atomic));
        }
        try {
            return subject.normalise((ObjectNode) Merging.merge(live, said, type));
        } catch (ApplyInvalid invalid) {
            throw new MutationFailed("failed to merge patch: " + invalid.text());
        } catch (Malformed malformed) {
            throw new MutationFailed("failed to convert typed object to object: " + malformed.text());
        }
    }

    private static void findAtomic(String path, JsonNode said, TypedTree declared, List<String> found) {
        TypedTree type = declared.seen(said);
        if (type.isMap() && said.isObject()) {
            if (type.atomic()) {
                found.add(path);
            }
            for (Map.Entry<String, JsonNode> member : said.properties()) {
                if (type.declares(member.getKey())) {
                    findAtomic(path + "." + member.getKey(), member.getValue(), type.memberOrLeaf(member.getKey()),
                            found);
                }
            }
        } else if (type.isList() && said.isArray()) {
            if (type.atomic()) {
                found.add(path);
            }
            for (int i = 0; i < said.size(); i++) {
                findAtomic(path + "[" + i + "]", said.get(i), type.item(), found);
            }
        }
    }
}
