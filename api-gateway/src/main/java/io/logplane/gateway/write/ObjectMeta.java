package io.logplane.gateway.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.request.Names;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.types.ResourceType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The rules of metadata that all types share. Pure: time, uid and random suffixes come from outside.
///
/// Source: k8s.io/apiserver/pkg/registry/rest (create.go, update.go, meta.go), apimachinery/pkg/api/validation.
public final class ObjectMeta {
    /// Longest base of a generated name: 63 less the five random characters.
    static final int MAX_GENERATED_BASE = 58;
    private static final int MAX_ANNOTATIONS = 256 * 1024;
    private static final Set<String> STANDARD_FINALIZERS = Set.of("kubernetes", "orphan", "foregroundDeletion");

    private ObjectMeta() {
    }

    public static ObjectNode of(ObjectNode object) {
        JsonNode metadata = object.get("metadata");
        return metadata instanceof ObjectNode found ? found : object.putObject("metadata");
    }

    /// What the server decides at creation. Shape: name is set already.
    static void stampCreate(ObjectNode object, ResourceType type, String uid, Instant now) {
        ObjectNode metadata = of(object);
        metadata.remove(List.of("resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"));
        metadata.put("uid", uid);
        metadata.put("creationTimestamp", time(now));
        if (type.rules().hasGeneration()) {
            metadata.put("generation", 1);
        } else {
            metadata.remove("generation");
        }
    }

    /// What an update may not change is taken from the old object; the generation rises when the type says so.
    static void keepFrom(ObjectNode object, ObjectNode old, ResourceType type, boolean mainResource) {
        ObjectNode metadata = of(object);
        ObjectNode before = of(old);
        for (String field : List.of("uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds",
                "generation", "generateName", "namespace")) {
            JsonNode value = before.get(field);
            if (value == null) {
                metadata.remove(field);
            } else {
                metadata.set(field, value);
            }
        }
        metadata.remove("selfLink");
        if (mainResource && type.rules().raisesGeneration(object, old)) {
            metadata.put("generation", before.path("generation").asLong() + 1);
        }
    }

    /// The revision where upstream has it, behind the uid: refusals of patches show the whole object.
    static ObjectNode ordered(ObjectNode object) {
        ObjectNode metadata = of(object);
        JsonNode revision = metadata.get("resourceVersion");
        ObjectNode copy = metadata.objectNode();
        metadata.properties().forEach(field -> {
            if (!field.getKey().equals("resourceVersion")) {
                copy.set(field.getKey(), field.getValue());
            }
            if (field.getKey().equals("uid")) {
                copy.set("resourceVersion", revision);
            }
        });
        object.set("metadata", copy.has("resourceVersion") ? copy : metadata);
        return object;
    }

    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    static List<FieldError> validate(ObjectNode object, ResourceType type) {
        ObjectNode metadata = of(object);
        List<FieldError> errors = new ArrayList<>();
        String name = metadata.path("name").asText();
        if (name.isEmpty()) {
            errors.add(FieldError.required("metadata.name", "name or generateName is required"));
        } else {
            NameRules.errors(type, name).forEach(e -> errors.add(FieldError.invalid("metadata.name", Refusals.quoted(
                    name), e)));
        }
        labels(metadata.path("labels"), errors);
        annotations(metadata.path("annotations"), errors);
        finalizers(metadata.path("finalizers"), errors);
        owners(metadata.path("ownerReferences"), errors);
        return errors;
    }

    /// Besides [#validate]: what a change of metadata may not do.
    static List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        List<FieldError> errors = new ArrayList<>();
        if (of(old).has("deletionTimestamp")) {
            List<String> before = texts(of(old).path("finalizers"));
            List<String> added = texts(of(object).path("finalizers")).stream().filter(f -> !before.contains(f))
                    .toList();
            if (!added.isEmpty()) {
                String shown = "[]string{" + String.join(", ", added.stream().map(Refusals::quoted).toList()) + "}";
                FieldError error = FieldError.forbidden("metadata.finalizers",
                        "no new finalizers can be added if the object is being deleted, found new finalizers " + shown);
                errors.add(error);
                errors.add(error); // upstream checks metadata once for all types and once per type
            }
        }
        return errors;
    }

    private static void labels(JsonNode labels, List<FieldError> errors) {
        labels.properties().forEach(entry -> {
            Names.qualifiedNameErrors(entry.getKey()).forEach(e -> errors.add(FieldError.invalid("metadata.labels",
                    Refusals.quoted(entry.getKey()), e)));
            String value = entry.getValue().asText();
            Names.labelValueErrors(value).forEach(e -> errors.add(FieldError.invalid("metadata.labels", Refusals.quoted(
                    value), e)));
        });
    }

    private static void annotations(JsonNode annotations, List<FieldError> errors) {
        long size = 0;
        for (var entry : annotations.properties()) {
            Names.qualifiedNameErrors(entry.getKey().toLowerCase(Locale.ROOT)).forEach(e -> errors.add(FieldError
                    .invalid("metadata.annotations", Refusals.quoted(entry.getKey()), e)));
            size += entry.getKey().length() + entry.getValue().asText().length();
        }
        if (size > MAX_ANNOTATIONS) {
            errors.add(FieldError.tooLong("metadata.annotations", MAX_ANNOTATIONS));
        }
    }

    private static void finalizers(JsonNode finalizers, List<FieldError> errors) {
        for (int i = 0; i < finalizers.size(); i++) {
            String path = "metadata.finalizers[" + i + "]";
            String value = finalizers.path(i).asText();
            List<String> wrong = Names.qualifiedNameErrors(value);
            wrong.forEach(e -> errors.add(FieldError.invalid(path, Refusals.quoted(value), e)));
            if (wrong.isEmpty() && !value.contains("/") && !STANDARD_FINALIZERS.contains(value)) {
                errors.add(FieldError.invalid(path, Refusals.quoted(value),
                        "name is neither a standard finalizer name nor is it fully qualified"));
            }
        }
        List<String> all = texts(finalizers);
        if (all.contains("orphan") && all.contains("foregroundDeletion")) {
            errors.add(FieldError.invalid("metadata.finalizers", finalizers.toString(),
                    "finalizer foregroundDeletion and orphan cannot be both set"));
        }
    }

    private static void owners(JsonNode owners, List<FieldError> errors) {
        String controller = "";
        for (JsonNode owner : owners) {
            for (String field : List.of("apiVersion", "kind", "name", "uid")) {
                if (owner.path(field).asText().isEmpty()) {
                    errors.add(FieldError.invalid("metadata.ownerReferences." + field, "\"\"", "must not be empty"));
                }
            }
            if (owner.path("controller").asBoolean()) {
                String shown = owner.path("kind").asText() + "/" + owner.path("name").asText();
                if (!controller.isEmpty()) {
                    errors.add(FieldError.invalid("metadata.ownerReferences", owners.toString(),
                            "Only one reference can have Controller set to true. Found \"true\" in references for "
                                    + controller + " and " + shown));
                }
                controller = shown;
            }
        }
    }

    static List<String> texts(JsonNode array) {
        List<String> found = new ArrayList<>();
        array.forEach(value -> found.add(value.asText()));
        return found;
    }

    static void setFinalizers(ObjectNode object, List<String> finalizers) {
        ObjectNode metadata = of(object);
        if (finalizers.isEmpty()) {
            metadata.remove("finalizers");
        } else {
            ArrayNode array = metadata.putArray("finalizers");
            finalizers.forEach(array::add);
        }
    }
}
