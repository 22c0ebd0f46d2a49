package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Rules;
import java.util.List;
import java.util.Map;

/// ConfigMaps.
public final class ConfigRules implements Rules {
    /// All values of one ConfigMap or Secret together.
    public static final int MAX_BYTES = 1024 * 1024;
    static final String FROZEN = "field is immutable when `immutable` is set";

    @Override
    public List<FieldError> validateCreate(ObjectNode object) {
        Problems problems = new Problems();
        whole(object, problems);
        return problems.list();
    }

    private static void whole(ObjectNode object, Problems problems) {
        long bytes = 0;
        for (Map.Entry<String, JsonNode> entry : object.path("data").properties()) {
            problems.format(NameFormat.CONFIG_KEY, "data[" + entry.getKey() + "]", entry.getKey());
            if (object.path("binaryData").has(entry.getKey())) {
                problems.invalid("data[" + entry.getKey() + "]", entry.getKey(),
                        "duplicate of key present in binaryData");
            }
            bytes += NameFormat.bytes(entry.getValue().asText());
        }
        for (Map.Entry<String, JsonNode> entry : object.path("binaryData").properties()) {
            problems.format(NameFormat.CONFIG_KEY, "binaryData[" + entry.getKey() + "]", entry.getKey());
            bytes += decodedLength(entry.getValue().asText());
        }
        if (bytes > MAX_BYTES) {
            problems.tooLong("", MAX_BYTES);
        }
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        frozen(object, old, problems, "data", "binaryData");
        whole(object, problems);
        return problems.list();
    }

    /// Immutable objects stay so, and so does what they hold.
    static void frozen(ObjectNode object, ObjectNode old, Problems problems, String... fields) {
        if (!Tree.flag(old, "immutable")) {
            return;
        }
        if (!Tree.flag(object, "immutable")) {
            problems.forbidden("immutable", FROZEN);
        }
        for (String field : fields) {
            boolean none = object.path(field).isEmpty() && old.path(field).isEmpty();
            if (!none && !Problems.same(object.path(field), old.path(field))) {
                problems.forbidden(field, FROZEN);
            }
        }
    }

    static long decodedLength(String base64) {
        int padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
        return Math.max(0, base64.length() / 4L * 3 - padding);
    }
}
