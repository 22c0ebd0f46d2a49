package io.logplane.representation.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.GoText;
import io.logplane.schemas.model.Json;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `metadata.managedFields` as values: who, since when, which fields.
///
/// Shape of one entry, in this order: `manager operation apiVersion time fieldsType fieldsV1 subresource`. Sorted by
/// operation, time, manager, version, subresource.
/// Thread: one; changed in place.
final class Owners {
    static final String APPLY = "Apply";
    static final String UPDATE = "Update";
    private static final String BUCKET = "ancient-changes";
    /// As upstream: with more updaters the oldest are put together.
    private static final int MAX_UPDATERS = 10;

    private final Map<Manager, Owned> entries = new LinkedHashMap<>();

    /// Appliers are one whatever version they write in: their `version` is "" here.
    record Manager(String name, String operation, String version, String subresource) {
        boolean applier() {
            return operation.equals(APPLY);
        }

        String printed() {
            String text = GoText.quote(name);
            if (!subresource.isEmpty()) {
                text += " with subresource " + GoText.quote(subresource);
            }
            return applier() ? text : text + " using " + version;
        }
    }

    record Owned(FieldSet fields, String apiVersion, Optional<String> time) {
        Owned with(FieldSet changed) {
            return new Owned(changed, apiVersion, time);
        }
    }

    static Manager manager(String name, String operation, String apiVersion, String subresource) {
        return new Manager(name.isEmpty() ? "unknown" : name, operation, operation.equals(APPLY) ? "" : apiVersion,
                subresource);
    }

    /// Empty when there are none or they cannot be read.
    static Owners of(ObjectNode object) {
        Owners owners = new Owners();
        try {
            for (JsonNode entry : object.path("metadata").path("managedFields")) {
                Manager manager = manager(entry.path("manager").asText(""), entry.path("operation").asText(""),
                        entry.path("apiVersion").asText(""), entry.path("subresource").asText(""));
                FieldSet fields = FieldSet.ofJson(entry.path("fieldsV1"));
                owners.entries.merge(manager, new Owned(fields, entry.path("apiVersion").asText(""),
                        Optional.ofNullable(entry.get("time")).map(JsonNode::asText)),
                        (a, b) -> b.with(a.fields().union(b.fields())));
            }
            return owners;
        } catch (IllegalArgumentException unreadable) {
            return new Owners();
        }
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    Map<Manager, Owned> entries() {
        return entries;
    }

    Optional<Owned> of(Manager manager) {
        return Optional.ofNullable(entries.get(manager));
    }

    FieldSet fields(Manager manager) {
        return of(manager).map(Owned::fields).orElse(FieldSet.EMPTY);
    }

    void put(Manager manager, FieldSet fields, String apiVersion, Optional<String> time) {
        if (fields.isEmpty()) {
            entries.remove(manager);
        } else {
            entries.put(manager, new Owned(fields, apiVersion, time));
        }
    }

    /// Takes what changed from everyone but `except`, from each in the version the fields were set in. Who set them in
    /// a version that is gone loses all.
    void take(Changes changes, Optional<Manager> except) {
        for (Map.Entry<Manager, Owned> entry : List.copyOf(entries.entrySet())) {
            if (except.isEmpty() || !except.get().equals(entry.getKey())) {
                Owned owned = entry.getValue();
                FieldSet left = changes.in(owned.apiVersion()).map(change -> owned.fields().minus(change.changed())
                        .minus(change.removed())).orElse(FieldSet.EMPTY);
                put(entry.getKey(), left, owned.apiVersion(), owned.time());
            }
        }
    }

    /// Puts the oldest updaters of one version together when there are too many.
    void cap() {
        List<Map.Entry<Manager, Owned>> updaters = new ArrayList<>(
                entries.entrySet().stream().filter(e -> !e.getKey().applier()).toList());
        updaters.sort(Comparator.comparing((Map.Entry<Manager, Owned> e) -> seconds(e.getValue()))
                .thenComparing(e -> e.getKey().name()));
        Map<String, Manager> firstOf = new LinkedHashMap<>();
        int count = updaters.size();
        for (Map.Entry<Manager, Owned> entry : updaters) {
            if (count <= MAX_UPDATERS) {
                return;
            }
            Owned owned = entry.getValue();
            Manager first = firstOf.putIfAbsent(owned.apiVersion(), entry.getKey());
            if (first != null) {
                Manager bucket = manager(BUCKET, UPDATE, owned.apiVersion(), "");
                FieldSet earlier = entries.containsKey(bucket) ? fields(bucket) : fields(first);
                entries.remove(first);
                entries.remove(entry.getKey());
                put(bucket, earlier.union(owned.fields()), owned.apiVersion(), owned.time());
                count--;
            }
        }
    }

    private static long seconds(Owned owned) {
        try {
            return owned.time().map(Instant::parse).map(Instant::getEpochSecond).orElse(0L);
        } catch (DateTimeParseException unreadable) {
            return 0;
        }
    }

    /// Writes the entries into the object; no entries, no field.
    void writeTo(ObjectNode object) {
        ObjectNode metadata = object.withObjectProperty("metadata");
        if (entries.isEmpty()) {
            metadata.remove("managedFields");
            return;
        }
        List<Map.Entry<Manager, Owned>> sorted = new ArrayList<>(entries.entrySet());
        sorted.sort(Comparator.comparing((Map.Entry<Manager, Owned> e) -> e.getKey().operation())
                .thenComparing(e -> seconds(e.getValue())).thenComparing(e -> e.getKey().name())
                .thenComparing(e -> e.getValue().apiVersion()).thenComparing(e -> e.getKey().subresource()));
        ArrayNode list = metadata.putArray("managedFields");
        for (Map.Entry<Manager, Owned> entry : sorted) {
            list.add(json(entry.getKey(), entry.getValue()));
        }
    }

    private static ObjectNode json(Manager manager, Owned owned) {
        ObjectNode out = Json.newObject().put("manager", manager.name()).put("operation", manager.operation())
                .put("apiVersion", owned.apiVersion());
        owned.time().ifPresent(time -> out.put("time", time));
        out.put("fieldsType", "FieldsV1").set("fieldsV1", owned.fields().toJson());
        if (!manager.subresource().isEmpty()) {
            out.put("subresource", manager.subresource());
        }
        return out;
    }

    /// Equal but for times.
    boolean sameFields(Owners other) {
        if (!entries.keySet().equals(other.entries.keySet())) {
            return false;
        }
        return entries.entrySet().stream().allMatch(e -> other.of(e.getKey()).filter(owned -> owned.fields().equals(
                e.getValue().fields()) && owned.apiVersion().equals(e.getValue().apiVersion())).isPresent());
    }
}
