package io.logplane.representation.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.apply.Owners.Manager;
import io.logplane.schemas.types.ResourceType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Who owns the number of replicas: the same managers in the object as in its Scale, each in the terms of its own.
///
/// Source: k8s.io/apimachinery pkg/util/managedfields, the handler of scale; unlike there, an updater of the object who
/// loses nothing stays one entry.
public final class ScaleOwners {
    private static final String SCALE = "autoscaling/v1";
    private static final FieldSet REPLICAS = at("spec.replicas");

    private ScaleOwners() {
    }

    /// Writes into the Scale who owns the replicas of the object.
    public static void show(ObjectNode object, ObjectNode scale, ResourceType type) {
        FieldSet replicas = at(type.rules().scale().specReplicas());
        Owners shown = new Owners();
        Owners.of(object).entries().forEach((manager, owned) -> {
            if (!owned.fields().and(replicas).isEmpty()) {
                shown.put(in(SCALE, manager), REPLICAS, SCALE, owned.time());
            }
        });
        shown.writeTo(scale);
    }

    /// Writes into the object who owns its replicas, after a change of the Scale. Shape: who is new has no time.
    public static void settle(ObjectNode scale, ObjectNode object, ResourceType type) {
        FieldSet replicas = at(type.rules().scale().specReplicas());
        Map<Manager, Owners.Owned> left = Owners.of(scale).entries();
        Owners owners = Owners.of(object);
        for (Map.Entry<Manager, Owners.Owned> entry : List.copyOf(owners.entries().entrySet())) {
            Owners.Owned owned = entry.getValue();
            if (!owned.fields().and(replicas).isEmpty() && left.remove(in(SCALE, entry.getKey())) == null) {
                owners.put(entry.getKey(), owned.fields().minus(replicas), owned.apiVersion(), owned.time());
            }
        }
        left.forEach((manager, owned) -> {
            if (!owned.fields().and(REPLICAS).isEmpty()) {
                owners.put(in(type.apiVersion(), manager), replicas, type.apiVersion(), Optional.empty());
            }
        });
        owners.writeTo(object);
    }

    private static Manager in(String apiVersion, Manager manager) {
        return Owners.manager(manager.name(), manager.operation(), apiVersion, manager.subresource());
    }

    private static FieldSet at(String dotted) {
        FieldSet.Builder whole = new FieldSet.Builder();
        FieldSet.Builder at = whole;
        String[] fields = dotted.split("\\.");
        for (int i = 0; i < fields.length - 1; i++) {
            at = at.below("f:" + fields[i]);
        }
        at.add("f:" + fields[fields.length - 1]);
        return whole.build();
    }
}
