package io.logplane.representation.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Joins what other servers say of themselves to an OpenAPI v2 document.
///
/// Shape: trees with `paths`, `definitions` and `parameters`. What two documents define alike is there once; what they
/// define differently under one name gets a name of its own, `<name>_v2` and on. Pure.
/// Source: kube-openapi/pkg/aggregator (FilterSpecByPaths, MergeSpecsIgnorePathConflictRenamingDefinitions).
public final class Swagger {
    private static final String GVK = "x-kubernetes-group-version-kind";
    private static final String REF = "$ref";
    private static final List<String> SECTIONS = List.of("definitions", "parameters");
    private static final int FIRST_OTHER_NAME = 2;

    private Swagger() {
    }

    /// The paths at and below one, with all they refer to. Shape: `below` without a slash at its end.
    public static ObjectNode part(ObjectNode whole, String below) {
        ObjectNode part = Json.newObject();
        ObjectNode paths = part.putObject("paths");
        whole.path("paths").properties().forEach(path -> {
            if (isBelow(path.getKey(), below)) {
                paths.set(path.getKey(), path.getValue().deepCopy());
            }
        });
        Deque<JsonNode> open = new ArrayDeque<>(List.of(paths));
        Set<String> seen = new LinkedHashSet<>();
        while (!open.isEmpty()) {
            for (ObjectNode reference : references(open.pop())) {
                String target = reference.path(REF).asText();
                JsonNode found = whole.at(target.startsWith("#") ? target.substring(1) : "/");
                if (found.isObject() && seen.add(target)) {
                    String[] steps = target.split("/", 3);
                    JsonNode copy = found.deepCopy();
                    part.withObjectProperty(steps[1]).set(unescaped(steps[2]), copy);
                    open.push(copy);
                }
            }
        }
        return part;
    }

    /// The document with the parts; a path that is there stays as it is.
    static ObjectNode merged(ObjectNode own, List<ObjectNode> parts) {
        for (ObjectNode each : parts) {
            ObjectNode part = each.deepCopy();
            rename(part, own);
            ObjectNode paths = own.withObjectProperty("paths");
            part.path("paths").properties().forEach(path -> paths.putIfAbsent(path.getKey(), path.getValue()));
            for (String section : SECTIONS) {
                part.path(section).properties().forEach(entry -> put(own.withObjectProperty(section), entry.getKey(),
                        entry.getValue()));
            }
        }
        return own;
    }

    private static void put(ObjectNode section, String name, JsonNode definition) {
        JsonNode there = section.path(name);
        if (!there.isObject()) {
            section.set(name, definition);
            return;
        }
        if (there.has(GVK) || definition.has(GVK)) {
            ArrayNode kinds = ((ObjectNode) there).withArrayProperty(GVK);
            Set<JsonNode> known = new LinkedHashSet<>();
            kinds.forEach(known::add);
            definition.path(GVK).forEach(kind -> {
                if (known.add(kind)) {
                    kinds.add(kind);
                }
            });
        }
    }

    /// Gives everything of the part that differs from what the document has under its name another name. A definition
    /// differs also when what it refers to does, so this goes on until nothing more is renamed.
    private static void rename(ObjectNode part, ObjectNode own) {
        boolean again = true;
        while (again) {
            Map<String, String> moved = new HashMap<>();
            for (String section : SECTIONS) {
                for (String name : List.copyOf(names(part.path(section)))) {
                    String free = free(name, part.path(section).path(name), own.path(section), part.path(section));
                    if (!free.equals(name)) {
                        ((ObjectNode) part.path(section)).set(free, ((ObjectNode) part.path(section)).remove(name));
                        moved.put(pointer(section, name), pointer(section, free));
                    }
                }
            }
            for (ObjectNode reference : references(part)) {
                String target = reference.path(REF).asText();
                reference.put(REF, moved.getOrDefault(target, target));
            }
            again = !moved.isEmpty();
        }
    }

    private static String free(String name, JsonNode definition, JsonNode taken, JsonNode siblings) {
        String candidate = name;
        String stem = name.replaceFirst("_v[0-9]+$", "");
        for (int n = FIRST_OTHER_NAME; taken.has(candidate) && !alike(taken.path(candidate), definition)
                || !candidate.equals(name) && siblings.has(candidate); n++) {
            candidate = stem + "_v" + n;
        }
        return candidate;
    }

    /// Which kinds are made of a definition makes it no other.
    private static boolean alike(JsonNode one, JsonNode other) {
        return without(one).equals(without(other));
    }

    private static JsonNode without(JsonNode definition) {
        return definition.has(GVK) ? ((ObjectNode) definition).deepCopy().without(GVK) : definition;
    }

    private static List<String> names(JsonNode section) {
        return section.properties().stream().map(Map.Entry::getKey).toList();
    }

    private static List<ObjectNode> references(JsonNode tree) {
        return tree.findParents(REF).stream().filter(parent -> parent.path(REF).isTextual()).map(ObjectNode.class::cast)
                .toList();
    }

    static boolean isBelow(String path, String below) {
        return path.equals(below) || path.startsWith(below + "/");
    }

    private static String pointer(String section, String name) {
        return "#/" + section + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    private static String unescaped(String step) {
        return step.replace("~1", "/").replace("~0", "~");
    }
}
