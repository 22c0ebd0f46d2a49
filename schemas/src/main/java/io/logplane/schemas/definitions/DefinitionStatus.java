package io.logplane.schemas.definitions;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;

/// Conditions of a definition. Shape: `now` as metadata has times; a condition's time moves only with its status.
///
/// Source: k8s.io/apiextensions-apiserver/pkg/apihelpers.
public final class DefinitionStatus {
    private DefinitionStatus() {
    }

    /// Sets one condition in place. True: the object differs now.
    public static boolean set(ObjectNode definition, String type, boolean status, String reason, String message,
            String now) {
        ObjectNode all = Tree.object(definition, "status");
        ArrayNode conditions = all.get("conditions") instanceof ArrayNode there ? there : all.putArray("conditions");
        ObjectNode found = null;
        for (ObjectNode condition : Tree.objects(all, "conditions")) {
            if (Tree.text(condition, "type").equals(type)) {
                found = condition;
            }
        }
        ObjectNode condition = found == null ? conditions.addObject() : found;
        ObjectNode before = condition.deepCopy();
        String value = status ? "True" : "False";
        boolean moved = !Tree.text(condition, "status").equals(value);
        String since = moved ? now : Tree.text(before, "lastTransitionTime");
        condition.removeAll();
        condition.put("type", type);
        condition.put("status", value);
        condition.put("lastTransitionTime", since);
        condition.put("reason", reason);
        condition.put("message", message);
        return !condition.equals(before);
    }

    /// What the deletion of a definition writes into it: objects of the type go first.
    public static void terminating(ObjectNode definition, String now) {
        set(definition, Definition.TERMINATING, true, "InstanceDeletionPending",
                "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon", now);
    }
}
