package io.logplane.schemas.versions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// Fields that two versions keep at different places. Pure.
///
/// Shape: pairs of paths joined by dots, `served` of the version that is not stored, `stored` of the one that is.
record Renamed(List<Pair> pairs) {

    /// The same value under two paths.
    record Pair(String served, String stored) {
    }

    Renamed {
        pairs = List.copyOf(pairs);
    }

    /// Shape: `served=stored` or, where both are called the same, one path; separated by spaces.
    static Renamed of(String text) {
        return new Renamed(List.of(text.trim().split("\\s+")).stream().map(word -> {
            int equals = word.indexOf('=');
            return equals < 0
                    ? new Pair(word, word)
                    : new Pair(word.substring(0, equals), word.substring(equals + 1));
        }).toList());
    }

    /// A new object with the stored paths.
    ObjectNode toStored(JsonNode served) {
        ObjectNode out = Json.newObject();
        pairs.forEach(pair -> copy(served, pair.served(), out, pair.stored()));
        return out;
    }

    /// A new object with the served paths.
    ObjectNode toServed(JsonNode stored) {
        ObjectNode out = Json.newObject();
        pairs.forEach(pair -> copy(stored, pair.stored(), out, pair.served()));
        return out;
    }

    private static void copy(JsonNode from, String source, ObjectNode to, String target) {
        JsonNode value = Tree.at(from, source);
        if (value.isMissingNode()) {
            return;
        }
        ObjectNode parent = to;
        int start = 0;
        for (int dot = target.indexOf('.'); dot >= 0; dot = target.indexOf('.', start)) {
            parent = parent.withObjectProperty(target.substring(start, dot));
            start = dot + 1;
        }
        parent.set(target.substring(start), value.deepCopy());
    }
}
