package io.logplane.schemas.columns;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.HumanDuration;
import io.logplane.schemas.model.LabelSelector;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Column;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The columns that many types share, and the ways to write down one.
///
/// Source: names and types as kube-apiserver 1.36 answers them; cells as its printers fill them.
public final class Columns {
    static final String NONE = "<none>";
    static final String UNSET = "<unset>";
    static final String UNKNOWN = "<unknown>";

    /// What a type without printer of its own shows.
    public static final List<Column> GENERIC = List.of(name(), age());
    /// What a type shows whose printer gives the time itself.
    public static final List<Column> CREATED_AT = List.of(name(), new Column("Created At", "date", "", 0,
            (object, now) -> Tree.text(object, "metadata.creationTimestamp")));

    private Columns() {
    }

    static Column name() {
        return new Column("Name", "string", "name", 0, (object, now) -> Tree.text(object, "metadata.name"));
    }

    static Column age() {
        return timed("Age", 0, (object, now) -> HumanDuration.since(
                Tree.text(object, "metadata.creationTimestamp"), now));
    }

    static Column text(String name, Function<ObjectNode, String> cell) {
        return new Column(name, "string", "", 0, (object, now) -> cell.apply(object));
    }

    /// A text column shown only in wide output.
    static Column wide(String name, Function<ObjectNode, String> cell) {
        return new Column(name, "string", "", 1, (object, now) -> cell.apply(object));
    }

    static Column integer(String name, Function<ObjectNode, Long> cell) {
        return new Column(name, "integer", "", 0, (object, now) -> cell.apply(object));
    }

    static Column bool(String name, Function<ObjectNode, Boolean> cell) {
        return new Column(name, "boolean", "", 0, (object, now) -> cell.apply(object));
    }

    /// A text column declared as text whose cell is a number, as upstream has some.
    static Column numberAsText(String name, Function<ObjectNode, Object> cell) {
        return new Column(name, "string", "", 0, (object, now) -> cell.apply(object));
    }

    static Column timed(String name, int priority, BiFunction<ObjectNode, Instant, Object> cell) {
        return new Column(name, "string", "", priority, cell);
    }

    static Column path(String name, String path) {
        return text(name, object -> Tree.text(object, path));
    }

    static Column count(String name, String path) {
        return integer(name, object -> Tree.number(object, path));
    }

    static String orNone(String text) {
        return text.isEmpty() ? NONE : text;
    }

    static String orElse(String text, String otherwise) {
        return text.isEmpty() ? otherwise : text;
    }

    /// `a=1,b=2` ordered by key; `<none>` for none.
    static String labels(JsonNode labels) {
        TreeMap<String, String> sorted = new TreeMap<>();
        labels.properties().forEach(e -> sorted.put(e.getKey(), e.getValue().asText()));
        return orNone(sorted.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(",")));
    }

    /// A metav1.LabelSelector as its query form; `<none>` when empty, `<error>` when it is no selector.
    static String selector(JsonNode selector) {
        try {
            return orNone(LabelSelector.ofObject(selector).toString());
        } catch (IllegalArgumentException notASelector) {
            return "<error>";
        }
    }

    /// Wide columns of everything that holds a pod template.
    static Column containers(String template) {
        return wide("Containers", object -> joined(object, template + ".spec.containers", "name"));
    }

    static Column images(String template) {
        return wide("Images", object -> joined(object, template + ".spec.containers", "image"));
    }

    static String joined(JsonNode object, String list, String field) {
        return Tree.objects(object, list).stream().map(o -> Tree.text(o, field)).collect(Collectors.joining(","));
    }
}
