package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.GoText;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// What differs between two values of one of Go's structs, as refusals end with it.
///
/// Source: `diff.Diff` of k8s.io/apimachinery 1.36, a unified difference of both as indented JSON.
final class GoDifference {

    private GoDifference() {
    }

    /// Shape: `before` and `now` as objects have them.
    static String of(String type, JsonNode before, JsonNode now) {
        return LineDifference.unified(lines(GoStruct.struct(before, type)), lines(GoStruct.struct(now, type)));
    }

    private static List<String> lines(JsonNode value) {
        List<String> lines = new ArrayList<>();
        add("", value, "", "", lines);
        return lines;
    }

    private static void add(String start, JsonNode value, String end, String indent, List<String> lines) {
        if (value.isValueNode() || value.isEmpty()) {
            lines.add(indent + start + GoText.json(value) + end);
            return;
        }
        lines.add(indent + start + (value.isObject() ? "{" : "["));
        String deeper = indent + " ";
        if (value.isObject()) {
            Iterator<Map.Entry<String, JsonNode>> fields = value.properties().iterator();
            while (fields.hasNext()) {
                Map.Entry<String, JsonNode> field = fields.next();
                add(GoText.json(field.getKey()) + ": ", field.getValue(), fields.hasNext() ? "," : "", deeper, lines);
            }
        } else {
            Iterator<JsonNode> elements = value.iterator();
            while (elements.hasNext()) {
                JsonNode element = elements.next();
                add("", element, elements.hasNext() ? "," : "", deeper, lines);
            }
        }
        lines.add(indent + (value.isObject() ? "}" : "]") + end);
    }
}
