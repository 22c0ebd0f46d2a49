package io.logplane.representation;

import io.logplane.representation.StructType.Gvk;
import io.logplane.representation.ValueType.ListOf;
import io.logplane.representation.ValueType.MapOf;
import io.logplane.representation.ValueType.Scalar;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads `types.txt`, one line per fact.
///
/// | line | meaning |
/// |---|---|
/// | `@<definition> gvk=<group>/<version>/<kind> a=atomic hidden u=<unions>` | starts a struct |
/// | `<json name> <protobuf number or -> <type> <flags…>` | one field of it, in order of declaration |
/// | `~ <number> .<definition>` | an inlined struct |
///
/// Types: `string int32 int64 bool double bytes time microtime duration quantity intorstring raw json fields`,
/// `[]T`, `map:T`, `.<definition>`. Flags: `p` pointer, `e` omitempty, `z` omitzero, `r` required, `g=` Go type name,
/// `s=` patch strategies, `k=` patch merge key, `l=` list type, `m=` list map keys, `a=` map type, `n=` enumeration,
/// `d=` default, `o=` definition by which a `json` is published; a blank in an enumeration is written `%20`.
/// Source: OpenAPI of kube-apiserver 1.36 and the struct tags of k8s.io/api and k8s.io/apimachinery 0.36.
final class TypeTable {
    static final String INLINE = "~";
    private static final String SPACE = "%20";

    private final Map<String, StructType> structs = new LinkedHashMap<>();
    private final Map<String, List<String>> bodies = new LinkedHashMap<>();

    private TypeTable() {
    }

    static Map<String, StructType> read(String text) {
        TypeTable table = new TypeTable();
        table.heads(text);
        table.bodies.forEach(
                (name, lines) -> table.fill(Optional.ofNullable(table.structs.get(name)).orElseThrow(), lines));
        table.structs.values().forEach(StructType::seal);
        return table.structs;
    }

    private void heads(String text) {
        List<String> body = new ArrayList<>();
        for (String line : text.split("\n")) {
            if (line.startsWith("@")) {
                String[] parts = line.split(" ");
                StructType struct = head(parts);
                structs.put(struct.name(), struct);
                body = new ArrayList<>();
                bodies.put(struct.name(), body);
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                body.add(line);
            }
        }
    }

    private static StructType head(String[] parts) {
        List<Gvk> kinds = new ArrayList<>();
        boolean atomic = false;
        boolean hidden = false;
        String unions = "";
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i];
            if (part.startsWith("gvk=")) {
                String[] gvk = part.substring(4).split("/", -1);
                kinds.add(new Gvk(gvk[0], gvk[1], gvk[2]));
            } else if (part.equals("a=atomic")) {
                atomic = true;
            } else if (part.equals("hidden")) {
                hidden = true;
            } else if (part.startsWith("u=")) {
                unions = part.substring(2);
            }
        }
        return new StructType(parts[0].substring(1), atomic, hidden, unions, kinds);
    }

    private void fill(StructType struct, List<String> lines) {
        for (String line : lines) {
            String[] parts = line.split(" ");
            int number = parts[1].equals("-") ? 0 : Integer.parseInt(parts[1]);
            ValueType type = type(parts[2]);
            Flags flags = new Flags(Arrays.asList(parts).subList(3, parts.length));
            struct.declare(new Field(parts[0], number, type, flags.has("p"), flags.has("e"), flags.has("z"),
                    flags.has("r"), flags.text("g").isEmpty() ? type.goName() : flags.text("g"), flags.list("s", ","),
                    flags.text("k"), flags.text("l"), flags.list("m", ","), flags.text("a"),
                    flags.list("n", "\\|").stream().map(value -> value.replace(SPACE, " ")).toList(),
                    flags.text("d"), flags.text("o")));
        }
    }

    private ValueType type(String text) {
        if (text.startsWith("[]")) {
            return new ListOf(type(text.substring(2)));
        }
        if (text.startsWith("map:")) {
            return new MapOf(type(text.substring(4)));
        }
        if (text.startsWith(".")) {
            StructType struct = structs.get(text.substring(1));
            if (struct == null) {
                throw new IllegalStateException("the type table has no " + text.substring(1));
            }
            return struct;
        }
        return switch (text) {
            case "microtime" -> Scalar.MICRO_TIME;
            case "intorstring" -> Scalar.INT_OR_STRING;
            default -> Scalar.valueOf(text.toUpperCase(java.util.Locale.ROOT));
        };
    }

    private record Flags(List<String> parts) {
        boolean has(String flag) {
            return parts.contains(flag);
        }

        String text(String flag) {
            for (String part : parts) {
                if (part.startsWith(flag + "=")) {
                    return part.substring(flag.length() + 1);
                }
            }
            return "";
        }

        List<String> list(String flag, String separator) {
            String text = text(flag);
            return text.isEmpty() && parts.stream().noneMatch(p -> p.startsWith(flag + "="))
                    ? List.of()
                    : Arrays.asList(text.split(separator, -1));
        }
    }
}
