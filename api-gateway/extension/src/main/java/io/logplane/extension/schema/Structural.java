package io.logplane.extension.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One node of a schema, read once: what it says of structure; what it says of values stays in [#raw].
///
/// Shape: schemas below `allOf`, `anyOf`, `oneOf` and `not` are nodes too, though they may only speak of values.
/// Properties in order of their names, as upstream's answers come in it.
/// Source: "Specifying a structural schema" of the Kubernetes documentation.
final class Structural {
    /// What stands for an absent schema: an object of which nothing is said.
    static final Structural NOTHING = new Structural(JsonNodeFactory.instance.objectNode());

    private final JsonNode raw;
    private final String type;
    private final boolean nullable;
    private final boolean preserving;
    private final boolean embedded;
    private final boolean intOrString;
    private final Map<String, Structural> properties;
    private final @Nullable Structural items;
    private final @Nullable Structural additional;
    private final boolean open;
    private final @Nullable JsonNode defaultValue;
    private final List<String> listMapKeys;
    private final Map<Junctor, List<Structural>> nested;
    private final @Nullable Pattern pattern;

    /// How several schemas make one.
    enum Junctor {
        ALL_OF("allOf"), ANY_OF("anyOf"), ONE_OF("oneOf"), NOT("not");

        private final String word;

        Junctor(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    Structural(JsonNode raw) {
        this.raw = raw;
        this.type = Tree.text(raw, "type");
        this.nullable = Tree.flag(raw, "nullable");
        this.preserving = Tree.flag(raw, "x-kubernetes-preserve-unknown-fields");
        this.embedded = Tree.flag(raw, "x-kubernetes-embedded-resource");
        this.intOrString = Tree.flag(raw, "x-kubernetes-int-or-string");
        this.properties = propertiesOf(raw.path("properties"));
        JsonNode element = raw.path("items");
        this.items = element.isObject() ? new Structural(element) : null;
        JsonNode further = raw.path("additionalProperties");
        this.additional = further.isObject() ? new Structural(further) : null;
        this.open = further.isObject() || further.asBoolean(false);
        JsonNode value = raw.get("default");
        this.defaultValue = value == null || value.isNull() ? null : value;
        this.listMapKeys = List.copyOf(Tree.texts(raw, "x-kubernetes-list-map-keys"));
        this.nested = nestedOf(raw);
        this.pattern = compiled(Tree.text(raw, "pattern"));
    }

    private static @Nullable Pattern compiled(String expression) {
        try {
            return expression.isEmpty() ? null : Pattern.compile(expression);
        } catch (PatternSyntaxException refusedWhenTheDefinitionWasMade) {
            return null;
        }
    }

    private static Map<String, Structural> propertiesOf(JsonNode declared) {
        Map<String, Structural> all = new LinkedHashMap<>();
        declared.properties().stream().sorted(Map.Entry.comparingByKey()).forEach(entry -> all.put(entry.getKey(),
                new Structural(entry.getValue())));
        return Collections.unmodifiableMap(all);
    }

    private static Map<Junctor, List<Structural>> nestedOf(JsonNode raw) {
        Map<Junctor, List<Structural>> all = new LinkedHashMap<>();
        for (Junctor junctor : Junctor.values()) {
            JsonNode said = raw.path(junctor.word);
            List<Structural> schemas = new ArrayList<>();
            if (said.isArray()) {
                said.forEach(schema -> schemas.add(new Structural(schema)));
            } else if (said.isObject()) {
                schemas.add(new Structural(said));
            }
            all.put(junctor, List.copyOf(schemas));
        }
        return Collections.unmodifiableMap(all);
    }

    /// The schema as it was written.
    JsonNode raw() {
        return raw;
    }

    /// "" when none is said.
    String type() {
        return type;
    }

    boolean nullable() {
        return nullable;
    }

    /// `x-kubernetes-preserve-unknown-fields`.
    boolean preserving() {
        return preserving;
    }

    /// `x-kubernetes-embedded-resource`.
    boolean embedded() {
        return embedded;
    }

    boolean intOrString() {
        return intOrString;
    }

    Map<String, Structural> properties() {
        return properties;
    }

    Optional<Structural> items() {
        return Optional.ofNullable(items);
    }

    /// The schema of keys that are no properties.
    Optional<Structural> additional() {
        return Optional.ofNullable(additional);
    }

    /// True when keys that are no properties are allowed by `additionalProperties`, with a schema or without.
    boolean open() {
        return open;
    }

    Optional<JsonNode> defaultValue() {
        return Optional.ofNullable(defaultValue);
    }

    /// `atomic`, `set`, `map` or "".
    String listType() {
        return Tree.text(raw, "x-kubernetes-list-type");
    }

    List<String> listMapKeys() {
        return listMapKeys;
    }

    /// `atomic`, `granular` or "".
    String mapType() {
        return Tree.text(raw, "x-kubernetes-map-type");
    }

    /// What texts must match; empty when nothing is said.
    Optional<Pattern> pattern() {
        return Optional.ofNullable(pattern);
    }

    List<Structural> nested(Junctor junctor) {
        return nested.getOrDefault(junctor, List.of());
    }

    /// All schemas that are part of this one.
    List<Structural> below() {
        List<Structural> below = new ArrayList<>(properties.values());
        items().ifPresent(below::add);
        additional().ifPresent(below::add);
        nested.values().forEach(below::addAll);
        return below;
    }

    /// The schema of one member of an object; empty when nothing is said of it.
    Optional<Structural> member(String name) {
        Structural property = properties.get(name);
        return property == null ? additional() : Optional.of(property);
    }
}
