package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The structs of Go that refusals show: the table in `go-types.txt`, which says how to read it. It is read once, when
/// a struct is shown for the first time.
final class GoTypes {
    private static final String TABLE = "go-types.txt";
    private static final Pattern INITIALS = Pattern.compile("^[A-Z]+(?=[A-Z][a-z]|$)|^[A-Z]");
    private static final Pattern FIELD = Pattern
            .compile("(?<embedded>>?)(?<name>\\w+)(?<optional>\\??)(=(?<path>[\\w.]+))?(:(?<form>\\*|\\{}|\\[])?"
                    + "(?<type>\\w*))?");
    private static final Map<String, JsonNode> PLAIN = Map.of("", TextNode.valueOf(""), "int", IntNode.valueOf(0),
            "bool", BooleanNode.FALSE, "quantity", TextNode.valueOf("0"));
    private static final Map<String, List<Field>> STRUCTS = read();

    /// What a field holds: a value that is shown as it is, a map, or one or several structs.
    enum Form {
        PLAIN, MAP, STRUCT, POINTER, LIST
    }

    /// Shape: `path` is where objects have it, from the object that the struct is read from; empty for that object
    /// itself. `type` is the struct, of the forms that hold structs. `zero` is shown where objects have nothing.
    record Field(String name, String path, Form form, String type, JsonNode zero, boolean optional) {

        private boolean holdsStructs() {
            return form != Form.PLAIN && form != Form.MAP;
        }

        private Field under(String parent) {
            return parent.isEmpty() ? this : new Field(name, parent + "." + path, form, type, zero, optional);
        }
    }

    private GoTypes() {
    }

    static List<Field> fields(String struct) {
        return Objects.requireNonNull(STRUCTS.get(struct), struct);
    }

    private static Map<String, List<Field>> read() {
        Map<String, String> lines = new HashMap<>();
        String struct = "";
        for (String line : text().lines().filter(one -> !one.isEmpty() && !one.startsWith("#")).toList()) {
            if (!line.startsWith(" ")) {
                struct = line.substring(0, line.indexOf(' '));
                lines.put(struct, line.substring(struct.length()));
            } else {
                lines.merge(struct, line, String::concat);
            }
        }
        Map<String, List<Field>> structs = new HashMap<>();
        lines.keySet().forEach(name -> structs.put(name, fields(name, lines)));
        structs.values().stream().flatMap(List::stream).filter(Field::holdsStructs).map(Field::type).forEach(
                type -> Objects.requireNonNull(structs.get(type), type));
        return Map.copyOf(structs);
    }

    private static List<Field> fields(String struct, Map<String, String> lines) {
        List<Field> fields = new ArrayList<>();
        for (String written : Objects.requireNonNull(lines.get(struct), struct).strip().split(" +")) {
            Matcher parts = FIELD.matcher(written);
            if (!parts.matches()) {
                throw new IllegalStateException(TABLE + ": " + struct + " has " + written);
            }
            String path = parts.group("path");
            if (parts.group("embedded").isEmpty()) {
                fields.add(field(parts, path == null ? small(parts.group("name")) : path.equals(".") ? "" : path));
            } else {
                fields(parts.group("name"), lines).forEach(one -> fields.add(one.under(path == null ? "" : path)));
            }
        }
        return List.copyOf(fields);
    }

    private static Field field(Matcher parts, String path) {
        String type = Objects.requireNonNullElse(parts.group("type"), "");
        String form = Objects.requireNonNullElse(parts.group("form"), "");
        JsonNode zero = form.isEmpty() ? PLAIN.getOrDefault(type, NullNode.getInstance()) : NullNode.getInstance();
        return new Field(parts.group("name"), path, form(form, type), type, zero,
                !parts.group("optional").isEmpty());
    }

    private static Form form(String form, String type) {
        return switch (form) {
            case "{}" -> Form.MAP;
            case "" -> PLAIN.containsKey(type) ? Form.PLAIN : Form.STRUCT;
            default -> type.isEmpty() ? Form.PLAIN : form.equals("*") ? Form.POINTER : Form.LIST;
        };
    }

    private static String small(String name) {
        return INITIALS.matcher(name).replaceFirst(initials -> initials.group().toLowerCase(Locale.ROOT));
    }

    private static String text() {
        try (InputStream in = GoTypes.class.getResourceAsStream(TABLE)) {
            return new String(Objects.requireNonNull(in, TABLE).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
