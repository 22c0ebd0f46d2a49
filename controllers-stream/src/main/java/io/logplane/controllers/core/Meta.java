package io.logplane.controllers.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What every controller asks of every object: identity, labels, owners, deletion.
///
/// Shape: labels are sorted; `deletedAt` is metadata.deletionTimestamp.
public record Meta(String apiVersion, String kind, String uid, SortedMap<String, String> labels, List<OwnerRef> owners,
        List<String> finalizers, Instant createdAt, Optional<Instant> deletedAt, long generation) {

    public Meta {
        labels = labels.isEmpty() ? Collections.emptySortedMap() : Collections.unmodifiableSortedMap(labels);
        apiVersion = apiVersion.intern(); // some dozens of texts, held by every object of the cluster
        kind = kind.intern();
        owners = List.copyOf(owners);
        finalizers = List.copyOf(finalizers);
    }

    static Meta of(ObjectNode object) {
        JsonNode metadata = object.path("metadata");
        SortedMap<String, String> labels = new TreeMap<>();
        for (Map.Entry<String, JsonNode> label : metadata.path("labels").properties()) {
            labels.put(label.getKey(), label.getValue().asText());
        }
        List<OwnerRef> owners = new ArrayList<>();
        metadata.path("ownerReferences").forEach(owner -> owners.add(OwnerRef.of(owner)));
        List<String> finalizers = new ArrayList<>();
        metadata.path("finalizers").forEach(finalizer -> finalizers.add(finalizer.asText()));
        return new Meta(object.path("apiVersion").asText(), object.path("kind").asText(), metadata.path("uid").asText(),
                labels, owners, finalizers, time(metadata.path("creationTimestamp")).orElse(Instant.EPOCH),
                time(metadata.path("deletionTimestamp")), metadata.path("generation").asLong(0));
    }

    public boolean deleting() {
        return deletedAt.isPresent();
    }

    public Optional<OwnerRef> controller() {
        return owners.stream().filter(OwnerRef::controller).findFirst();
    }

    public boolean ownedBy(String ownerUid) {
        return owners.stream().anyMatch(owner -> owner.uid().equals(ownerUid));
    }

    public boolean controlledBy(String ownerUid) {
        return controller().filter(owner -> owner.uid().equals(ownerUid)).isPresent();
    }

    /// A metav1.Time or MicroTime; empty when absent or not a time.
    public static Optional<Instant> time(JsonNode text) {
        if (!text.isTextual() || text.asText().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.parse(text.asText()));
        } catch (DateTimeParseException notATime) {
            return Optional.empty();
        }
    }
}
