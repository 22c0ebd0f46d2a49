package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// What of a Job's template may change while the Job is suspended: where its pods run, what they are called, and how
/// much each container gets.
///
/// Source: KEP-2926 and KEP-5440.
final class JobTemplates {
    private static final List<String> DIRECTIVES = List.of("nodeSelector", "tolerations", "schedulingGates");

    private JobTemplates() {
    }

    /// The old template with all that may change as the new one has it.
    static JsonNode withMutableOf(JsonNode before, JsonNode template) {
        if (!(before instanceof ObjectNode) || !(template instanceof ObjectNode now)) {
            return before;
        }
        ObjectNode expected = before.deepCopy();
        ObjectNode spec = Tree.object(expected, "spec");
        ObjectNode wished = Tree.object(now.deepCopy(), "spec");
        DIRECTIVES.forEach(field -> Tree.copy(field, wished, spec));
        affinity(wished, spec);
        for (String list : List.of("containers", "initContainers")) {
            resources(Tree.objects(wished, list), Tree.objects(spec, list));
        }
        ObjectNode wishedMetadata = Tree.object(now.deepCopy(), "metadata");
        ObjectNode metadata = Tree.object(expected, "metadata");
        List.of("labels", "annotations").forEach(field -> Tree.copy(field, wishedMetadata, metadata));
        if (metadata.isEmpty() && !now.has("metadata")) {
            expected.remove("metadata");
        }
        return expected;
    }

    /// Only the affinity to nodes is free; without any other there may be no affinity at all.
    private static void affinity(ObjectNode wished, ObjectNode spec) {
        boolean wanted = wished.path("affinity").isObject();
        if (!wanted && !spec.path("affinity").isObject()) {
            return;
        }
        ObjectNode affinity = Tree.object(spec, "affinity");
        if (wanted) {
            Tree.copy("nodeAffinity", Tree.object(wished, "affinity"), affinity);
        } else {
            affinity.remove("nodeAffinity");
            if (affinity.isEmpty()) {
                spec.remove("affinity");
            }
        }
    }

    private static void resources(List<ObjectNode> wished, List<ObjectNode> containers) {
        for (int i = 0; i < Math.min(wished.size(), containers.size()); i++) {
            Tree.copy("resources", wished.get(i), containers.get(i));
        }
    }
}
