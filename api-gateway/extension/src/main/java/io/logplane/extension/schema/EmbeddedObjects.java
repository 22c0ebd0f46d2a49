package io.logplane.extension.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.decode.CustomBody;
import io.logplane.representation.decode.Malformed;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.rules.ObjectMetaRules;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.Rules;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Objects inside an object (`x-kubernetes-embedded-resource`): they say what they are, and their metadata is as that
/// of any other.
///
/// Source: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta.
final class EmbeddedObjects {
    private static final ResourceType CLUSTER = like(false);
    private static final ResourceType NAMESPACED = like(true);

    /// What is done with each of them. Shape: `path` is where the object is.
    private interface Visit {
        void embedded(ObjectNode object, String path);
    }

    private final List<FieldError> errors = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();
    private final boolean resource;
    private final Visit visit;

    private EmbeddedObjects(boolean reading, boolean resource) {
        this.resource = resource;
        this.visit = reading ? this::read : this::embedded;
    }

    static List<FieldError> check(JsonNode object, Structural schema) {
        return check(object, schema, false);
    }

    /// Shape: a `resource` is looked at too, not only what is inside of it.
    static List<FieldError> check(JsonNode object, Structural schema, boolean resource) {
        EmbeddedObjects check = new EmbeddedObjects(false, resource);
        check.value(object, schema, "");
        return check.errors;
    }

    /// Reads their metadata, in place. Shape: the first thing that has a wrong type, with which reading ends.
    static Optional<FieldError> coerce(JsonNode object, Structural schema, boolean resource) {
        EmbeddedObjects reading = new EmbeddedObjects(true, resource);
        reading.value(object, schema, "");
        return reading.errors.stream().findFirst();
    }

    /// As [#coerce], of what is inside an object. Shape: texts of unknown fields. Errors: [Malformed].
    static List<String> read(ObjectNode object, Structural schema) {
        EmbeddedObjects reading = new EmbeddedObjects(true, false);
        reading.value(object, schema, "");
        reading.errors.stream().findFirst().ifPresent(error -> {
            throw new Malformed(error.field() + ": " + error.message());
        });
        return reading.unknown;
    }

    private void read(ObjectNode object, String path) {
        for (String name : List.of("apiVersion", "kind")) {
            JsonNode value = object.path(name);
            if (!value.isMissingNode() && !value.isTextual()) {
                errors.add(Problems.invalid(Problems.child(path, name), value, "must be a string"));
            }
        }
        JsonNode metadata = object.path("metadata");
        if (!metadata.isMissingNode()) {
            String at = Problems.child(path, "metadata");
            try {
                object.set("metadata", CustomBody.metadata(metadata, at, unknown));
            } catch (Malformed malformed) {
                errors.add(Problems.invalid(at, metadata, malformed.text()));
            }
        }
    }

    private void value(JsonNode node, Structural schema, String path) {
        if (node instanceof ObjectNode object) {
            if (schema.embedded() || resource && path.isEmpty()) {
                visit.embedded(object, path);
            }
            node.properties().stream().sorted(Map.Entry.comparingByKey()).forEach(member -> {
                String name = member.getKey();
                schema.member(name).ifPresent(below -> value(member.getValue(), below, schema.properties().containsKey(
                        name) ? Problems.child(path, name) : Problems.key(path, name)));
            });
        } else if (node.isArray()) {
            schema.items().ifPresent(items -> {
                for (int i = 0; i < node.size(); i++) {
                    value(node.get(i), items, path + "[" + i + "]");
                }
            });
        }
    }

    private void embedded(ObjectNode object, String path) {
        text(object, "apiVersion", path);
        text(object, "kind", path);
        String kind = object.path("kind").asText("");
        List<String> wrong = kind.isEmpty() || !object.path("kind").isTextual()
                ? List.of()
                : NameFormat.LABEL_1035.errors(kind.toLowerCase(Locale.ROOT));
        if (!wrong.isEmpty()) {
            errors.add(Problems.invalid(Problems.child(path, "kind"), kind,
                    "may have mixed case, but should otherwise match: " + String.join(",", wrong)));
        }
        JsonNode metadata = object.path("metadata");
        if (metadata instanceof ObjectNode meta) {
            metadata(meta, path);
        } else if (!metadata.isMissingNode() && !metadata.isNull()) {
            errors.add(Problems.invalid(Problems.child(path, "metadata"), metadata, "must be an object"));
        }
    }

    /// As that of any object, but for a name that may be missing.
    private void metadata(ObjectNode metadata, String path) {
        ObjectNode named = metadata.deepCopy();
        if (named.path("name").asText("").isEmpty()) {
            named.put("name", "fakename");
        }
        ResourceType like = named.path("namespace").asText("").isEmpty() ? CLUSTER : NAMESPACED;
        ObjectNode holder = JsonNodeFactory.instance.objectNode();
        holder.set("metadata", named);
        for (FieldError error : ObjectMetaRules.validateCreate(like, holder)) {
            errors.add(new FieldError(error.type(), Problems.child(path, error.field()), error.message()));
        }
    }

    private static ResourceType like(boolean namespaced) {
        return new ResourceType("", "v1", "Any", "any", "any", List.of(), List.of(), namespaced, Set.of(), List.of(),
                List
                        .of(),
                List.of(), new Rules() {
                    @Override
                    public NameFormat nameFormat() {
                        return NameFormat.PATH_SEGMENT;
                    }
                });
    }

    private void text(ObjectNode object, String name, String path) {
        String where = Problems.child(path, name);
        JsonNode value = object.get(name);
        if (value == null) {
            errors.add(Problems.required(where, ""));
        } else if (!value.isTextual()) {
            errors.add(Problems.invalid(where, value, "must be a string"));
        } else if (value.textValue().isEmpty()) {
            errors.add(Problems.invalid(where, value, "must not be empty"));
        } else if (name.equals("apiVersion") && value.textValue().split("/", -1).length > 2) {
            errors.add(Problems.invalid(where, value, "unexpected GroupVersion string: " + value.textValue()));
        }
    }
}
