package io.logplane.gateway.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.types.ResourceType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// What the server itself writes into metadata. Pure: time, uid and random suffixes come from outside.
///
/// Not here: whether metadata is valid ([io.logplane.schemas.rules.ObjectMetaRules]).
///
/// Source: k8s.io/apiserver/pkg/registry/rest (create.go, update.go, meta.go).
public final class ObjectMeta {
    /// Longest base of a generated name: 63 less the five random characters.
    static final int MAX_GENERATED_BASE = 58;

    private ObjectMeta() {
    }

    public static ObjectNode of(ObjectNode object) {
        JsonNode metadata = object.get("metadata");
        return metadata instanceof ObjectNode found ? found : object.putObject("metadata");
    }

    /// What the hooks that change an object are not shown: what the server decides after them. Shape: the object is
    /// left without it; what is given back puts it in again, and draws a name anew when the base of it has changed.
    static Runnable hide(ObjectNode object, ResourceType type, boolean generated, Supplier<String> suffix) {
        ObjectNode decided = of(object).deepCopy();
        List<String> stamped = type.rules().hasGeneration()
                ? List.of("uid", "creationTimestamp", "generation")
                : List.of("uid", "creationTimestamp");
        of(object).remove(stamped);
        if (generated) {
            of(object).remove("name");
        }
        return () -> {
            ObjectNode metadata = of(object);
            keep(stamped, metadata, decided);
            if (generated && metadata.path("name").asText().isEmpty()) {
                String base = metadata.path("generateName").asText();
                if (base.equals(decided.path("generateName").asText())) {
                    keep(List.of("name"), metadata, decided);
                } else if (!base.isEmpty()) {
                    metadata.put("name", generated(base, suffix.get()));
                }
            }
        };
    }

    static String generated(String base, String suffix) {
        return base.substring(0, Math.min(base.length(), MAX_GENERATED_BASE)) + suffix;
    }

    /// What the server decides at creation. Shape: name is set already; a type that does not count its generations
    /// keeps what it is given.
    static void stampCreate(ObjectNode object, ResourceType type, String uid, Instant now) {
        ObjectNode metadata = of(object);
        metadata.remove(List.of("resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"));
        metadata.put("uid", uid);
        metadata.put("creationTimestamp", time(now));
        if (type.rules().hasGeneration()) {
            metadata.put("generation", 1);
        }
    }

    /// What an update may not change is taken from the old object; where it counts, the generation rises when the type
    /// says so.
    static void keepFrom(ObjectNode object, ObjectNode old, ResourceType type, boolean counts) {
        ObjectNode metadata = of(object);
        ObjectNode before = of(old);
        keep(List.of("uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation",
                "generateName", "namespace"), metadata, before);
        metadata.remove("selfLink");
        raise(object, old, type, counts);
    }

    static void raise(ObjectNode object, ObjectNode old, ResourceType type, boolean counts) {
        if (counts && type.rules().raisesGeneration(object, old)) {
            of(object).put("generation", of(old).path("generation").asLong() + 1);
        }
    }

    static void keep(List<String> fields, ObjectNode metadata, ObjectNode before) {
        for (String field : fields) {
            JsonNode value = before.get(field);
            if (value == null) {
                metadata.remove(field);
            } else {
                metadata.set(field, value);
            }
        }
    }

    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
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
