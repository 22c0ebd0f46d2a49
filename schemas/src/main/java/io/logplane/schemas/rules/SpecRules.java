package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Rules;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Rules of a type with a spec that clients write and a status that only the subresource `status` writes.
public interface SpecRules extends Specified {

    /// The status of a new object: the fields upstream's JSON always has, as a JSON object.
    default String zeroStatus() {
        return "{}";
    }

    @Override
    default void prepareForCreate(ObjectNode object) {
        object.set("status", json(zeroStatus()));
    }

    @Override
    default void prepareForUpdate(ObjectNode object, ObjectNode old) {
        Tree.copy("status", old, object);
    }

    @Override
    default void prepareForSubresource(String subresource, ObjectNode object, ObjectNode old) {
        if (subresource.equals("status")) {
            keepAllBut("status", object, old);
            fillStatus(object, zeroStatus());
        }
    }

    /// Everything but metadata and the named field is the old object's.
    static void keepAllBut(String field, ObjectNode object, ObjectNode old) {
        for (Map.Entry<String, JsonNode> entry : old.properties()) {
            if (!entry.getKey().equals(field) && !entry.getKey().equals("metadata")) {
                object.set(entry.getKey(), entry.getValue().deepCopy());
            }
        }
        object.retain(java.util.stream.Stream.concat(old.properties().stream().map(Map.Entry::getKey),
                java.util.stream.Stream.of(field, "metadata")).toList());
    }

    /// Puts into the status what upstream's JSON always has.
    static void fillStatus(ObjectNode object, String zero) {
        ObjectNode status = Tree.object(object, "status");
        for (Map.Entry<String, JsonNode> entry : json(zero).properties()) {
            if (!status.has(entry.getKey())) {
                status.set(entry.getKey(), entry.getValue());
            }
        }
    }

    private static ObjectNode json(String text) {
        return Json.object(text.getBytes(StandardCharsets.UTF_8));
    }
}
