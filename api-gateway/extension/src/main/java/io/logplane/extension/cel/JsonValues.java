package io.logplane.extension.cel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.primitives.UnsignedLong;
import dev.cel.common.types.CelType;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import io.logplane.extension.cel.DeclaredType.ListOf;
import io.logplane.extension.cel.DeclaredType.MapOf;
import io.logplane.extension.cel.DeclaredType.Scalar;
import io.logplane.extension.cel.DeclaredType.Struct;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.RandomAccess;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// JSON as an expression sees it, and what an expression says as JSON.
///
/// Shape: objects and lists are views; nothing is copied. A scalar that is not of its declared type is shown as it is.
public final class JsonValues {
    private JsonValues() {
    }

    /// Shape: absent and null are CEL's null.
    public static Object of(@Nullable JsonNode node, DeclaredType type) {
        if (node == null || node.isNull() || node.isMissingNode()) {
            return NullValue.NULL_VALUE;
        }
        return switch (node.getNodeType()) {
            case OBJECT -> new ObjectView((ObjectNode) node, type);
            case ARRAY -> type instanceof ListOf list ? list(node, list) : new ListView(node, Scalar.DYN);
            case STRING -> text(node.textValue(), type);
            case BOOLEAN -> node.booleanValue();
            case NUMBER -> number(node, type);
            case BINARY, POJO, MISSING, NULL -> node.asText();
        };
    }

    public static Object of(@Nullable JsonNode node) {
        return of(node, Scalar.DYN);
    }

    private static List<Object> list(JsonNode node, ListOf type) {
        ListView view = new ListView(node, type.element());
        return switch (type.kind()) {
            case ATOMIC -> view;
            case SET -> new MergedList(view, List.of());
            case MAP -> new MergedList(view, type.keys());
        };
    }

    private static Object number(JsonNode node, DeclaredType type) {
        if (type != Scalar.DOUBLE && node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        }
        return node.doubleValue();
    }

    private static Object text(String text, DeclaredType type) {
        try {
            return switch (type) {
                case Scalar.BYTES -> CelByteString.of(Base64.getDecoder().decode(text));
                case Scalar.TIMESTAMP -> text.length() == 10
                        ? Instant.parse(text + "T00:00:00Z")
                        : OffsetDateTime.parse(text).toInstant();
                case Scalar.DURATION -> GoDuration.parse(text).<Object>map(found -> found).orElse(text);
                default -> text;
            };
        } catch (DateTimeException | IllegalArgumentException notOfItsFormat) {
            return text;
        }
    }

    /// True for what `type(x)` gives.
    public static boolean isType(Object value) {
        return value instanceof CelType;
    }

    /// What an expression said, as JSON. Shape: empty for a value JSON has no form for (a type, an authorizer).
    public static Optional<JsonNode> json(Object value) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (value) {
            case NullValue _ -> Optional.of(nodes.nullNode());
            case ObjectView view -> Optional.of(view.node);
            case ListView view -> Optional.of(view.node);
            case String text -> Optional.of(nodes.textNode(text));
            case Boolean truth -> Optional.of(nodes.booleanNode(truth));
            case Long number -> Optional.of(nodes.numberNode(number));
            case UnsignedLong number -> Optional.of(nodes.numberNode(number.bigIntegerValue()));
            case Double number -> Optional.of(nodes.numberNode(number));
            case CelByteString bytes ->
                Optional.of(nodes.textNode(Base64.getEncoder().encodeToString(bytes.toByteArray())));
            case Instant instant -> Optional.of(nodes.textNode(instant.toString()));
            case Duration duration -> Optional.of(nodes.textNode(GoDuration.text(duration)));
            case Constructed made -> json(made.fields());
            case Optional<?> optional -> optional.flatMap(JsonValues::json);
            case List<?> list -> {
                var array = nodes.arrayNode();
                list.forEach(element -> json(element).ifPresent(array::add));
                yield Optional.of(array);
            }
            case Map<?, ?> map -> {
                var object = nodes.objectNode();
                map.forEach((key, element) -> json(element).ifPresent(found -> object.set(String.valueOf(key), found)));
                yield Optional.of(object);
            }
            default -> Optional.empty();
        };
    }

    /// An object: fields of a struct are found under their escaped spelling too.
    private static final class ObjectView extends AbstractMap<String, Object> {
        private final ObjectNode node;
        private final DeclaredType type;

        ObjectView(ObjectNode node, DeclaredType type) {
            this.node = node;
            this.type = type;
        }

        private String property(String key) {
            return !(type instanceof MapOf) && !node.has(key) ? FieldNames.unescape(key) : key;
        }

        private DeclaredType typeOf(String property) {
            return switch (type) {
                case Struct struct -> struct.fields().getOrDefault(property, Scalar.DYN);
                case MapOf map -> map.value();
                case ListOf _,Scalar _ -> Scalar.DYN;
            };
        }

        @Override
        public @Nullable Object get(@Nullable Object key) {
            if (!(key instanceof String name)) {
                return null;
            }
            String property = property(name);
            JsonNode found = node.get(property);
            return found == null ? null : of(found, typeOf(property));
        }

        @Override
        public boolean containsKey(@Nullable Object key) {
            return key instanceof String name && node.has(property(name));
        }

        @Override
        public int size() {
            return node.size();
        }

        @Override
        public Set<Entry<String, Object>> entrySet() {
            return new AbstractSet<>() {
                @Override
                public Iterator<Entry<String, Object>> iterator() {
                    Iterator<Entry<String, JsonNode>> entries = node.properties().iterator();
                    return new Iterator<>() {
                        @Override
                        public boolean hasNext() {
                            return entries.hasNext();
                        }

                        @Override
                        public Entry<String, Object> next() {
                            Entry<String, JsonNode> entry = entries.next();
                            return Map.entry(entry.getKey(), of(entry.getValue(), typeOf(entry.getKey())));
                        }
                    };
                }

                @Override
                public int size() {
                    return node.size();
                }
            };
        }
    }

    private static final class ListView extends AbstractList<Object> implements RandomAccess {
        private final JsonNode node;
        private final DeclaredType element;

        ListView(JsonNode node, DeclaredType element) {
            this.node = node;
            this.element = element;
        }

        @Override
        public Object get(int index) {
            JsonNode found = node.get(index);
            if (found == null) {
                throw new IndexOutOfBoundsException(index);
            }
            return of(found, element);
        }

        @Override
        public int size() {
            return node.size();
        }
    }
}
