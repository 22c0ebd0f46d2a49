package io.logplane.cli.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// The differences between two versions of an object, field by field, in path order.
///
/// Shape: `before` or `after` is MissingNode when the field appears or goes away; a list that only grew or shrank at
/// its
/// end is compared item by item, so a changed item is one line, not a whole list. Server bookkeeping that changes with
/// every write (`metadata.managedFields`, `metadata.resourceVersion`) is left out.
public final class JsonDifference {

    /// Shape: `path` as kubectl users write it: `spec.containers[0].image`.
    public record Line(String path, JsonNode before, JsonNode after) {
    }

    private JsonDifference() {
    }

    public static List<Line> between(JsonNode before, JsonNode after) {
        List<Line> lines = new ArrayList<>();
        compare("", before, after, lines);
        return List.copyOf(lines);
    }

    private static void compare(String path, JsonNode before, JsonNode after, List<Line> lines) {
        if (before.equals(after) || path.equals("metadata.managedFields") || path.equals("metadata.resourceVersion")) {
            return;
        }
        if (before.isObject() && after.isObject()) {
            TreeSet<String> names = new TreeSet<>();
            before.fieldNames().forEachRemaining(names::add);
            after.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                compare(join(path, name), before.path(name), after.path(name), lines);
            }
        } else if (before.isArray() && after.isArray()) {
            int length = Math.max(before.size(), after.size());
            for (int i = 0; i < length; i++) {
                compare(path + "[" + i + "]", before.path(i), after.path(i), lines);
            }
        } else if (after.isObject() && before.isMissingNode() && !after.isEmpty()) {
            after.properties().forEach(f -> compare(join(path, f.getKey()), before, f.getValue(), lines));
        } else if (before.isObject() && after.isMissingNode() && !before.isEmpty()) {
            before.properties()
                    .forEach(f -> compare(join(path, f.getKey()), f.getValue(), MissingNode.getInstance(), lines));
        } else {
            lines.add(new Line(path, before, after));
        }
    }

    private static String join(String path, String name) {
        String shown = name.indexOf('.') >= 0 || name.indexOf('/') >= 0 ? "['" + name + "']" : name;
        if (path.isEmpty()) {
            return shown;
        }
        return shown.startsWith("[") ? path + shown : path + "." + shown;
    }
}
