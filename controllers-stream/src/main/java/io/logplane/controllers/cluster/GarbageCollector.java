package io.logplane.controllers.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Action;
import io.logplane.controllers.core.Controller;
import io.logplane.controllers.core.Entry;
import io.logplane.controllers.core.Finalizers;
import io.logplane.controllers.core.Notes;
import io.logplane.controllers.core.Observed;
import io.logplane.controllers.core.OwnerRef;
import io.logplane.controllers.core.Plan;
import io.logplane.controllers.core.View;
import io.logplane.controllers.core.Watch;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.topics.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/// Deletes what nobody owns any more; lets an owner go when its dependants have gone (foreground) or have been let go
/// (orphan).
///
/// **Reads** owner references, deletion and finalizers of everything. **Writes** deletions, ownerReferences, its two
/// finalizers.
/// **Never** deletes an object that has one living owner, nor one that never had an owner.
/// **Source** Kubernetes documentation, "Garbage Collection", "Owners and Dependents".
public final class GarbageCollector implements Controller {
    /// An object of a sibling log (a lease) may arrive before its owner, whose log is another: only after this its
    /// owner counts
    /// as gone.
    static final Duration SIBLING_GRACE = Duration.ofSeconds(30);
    /// Commands of one pass of one owner with many dependants.
    static final int MAX_PER_PASS = 2_000;

    @Override
    public String name() {
        return "garbage-collector";
    }

    @Override
    public String account() {
        return "generic-garbage-collector";
    }

    @Override
    public List<Watch> watches() {
        return List.of(new Watch.Ownership());
    }

    @Override
    public Plan reconcile(ObjectKey primary, Observed observed, Instant now) {
        Optional<Entry> found = observed.view().get(primary);
        if (found.isEmpty()) {
            return Plan.NOTHING;
        }
        Entry object = found.get();
        View view = observed.view();
        if (!object.meta().deleting()) {
            return object.meta().owners().isEmpty() ? Plan.NOTHING : judge(object, view, now);
        }
        if (has(object, Finalizers.ORPHAN)) {
            return orphan(object, view);
        }
        return has(object, Finalizers.FOREGROUND) ? foreground(object, view) : Plan.NOTHING;
    }

    /// Has it an owner that lives? Else it goes the way its finalizers say.
    private static Plan judge(Entry object, View view, Instant now) {
        List<OwnerRef> living = new ArrayList<>();
        List<OwnerRef> waiting = new ArrayList<>();
        for (OwnerRef ref : object.meta().owners()) {
            Optional<Entry> owner = view.byUid(ref.uid());
            if (owner.isPresent() && reaches(owner.get(), object)) {
                boolean waits = owner.get().meta().deleting() && has(owner.get(), Finalizers.FOREGROUND);
                (waits ? waiting : living).add(ref);
            } else if (owner.isPresent() && object.key().apiNamespace().isEmpty()) {
                living.add(ref); // a cluster-scoped object cannot be owned from a namespace: unresolvable, kept
            }
        }
        if (!living.isEmpty()) {
            return living.size() == object.meta().owners().size() ? Plan.NOTHING : only(object, living);
        }
        if (waiting.isEmpty() && young(object, now)) {
            return Plan.recheck(object.meta().createdAt().plus(SIBLING_GRACE));
        }
        boolean wait = !waiting.isEmpty() && !view.dependants(object.uid()).isEmpty();
        return Plan.of(List.of(delete(object, wait ? Action.Propagation.FOREGROUND : policy(object))));
    }

    private static boolean reaches(Entry owner, Entry object) {
        return owner.key().apiNamespace().isEmpty() || owner.key().namespace().equals(object.key().namespace());
    }

    private static boolean young(Entry object, Instant now) {
        boolean sibling = !Topics.logOf(object.key().apiGroup(), object.key().resource()).equals(Topics.REGISTRY);
        return sibling && object.meta().createdAt().plus(SIBLING_GRACE).isAfter(now);
    }

    private static Action.Propagation policy(Entry object) {
        if (has(object, Finalizers.ORPHAN)) {
            return Action.Propagation.ORPHAN;
        }
        return has(object, Finalizers.FOREGROUND) ? Action.Propagation.FOREGROUND : Action.Propagation.BACKGROUND;
    }

    private static Action delete(Entry object, Action.Propagation propagation) {
        return new Action.Delete(object.key(), object.uid(), OptionalLong.empty(), Optional.of(propagation),
                Notes.NONE);
    }

    private static Plan only(Entry object, List<OwnerRef> owners) {
        return Plan.of(List.of(Action.patch(object, "", owners(owners), Notes.NONE)));
    }

    /// Dependants forget their owner; then it may go.
    private static Plan orphan(Entry owner, View view) {
        Collection<Entry> dependants = view.dependants(owner.uid());
        if (dependants.isEmpty()) {
            return without(owner, Finalizers.ORPHAN);
        }
        List<Action> patches = new ArrayList<>();
        dependants.stream().limit(MAX_PER_PASS).forEach(dependant -> {
            List<OwnerRef> others = dependant.meta().owners().stream()
                    .filter(ref -> !ref.uid().equals(owner.uid())).toList();
            patches.add(Action.patch(dependant, "", owners(others), Notes.NONE));
        });
        return Plan.of(patches);
    }

    /// Waits for dependants that block; breaks a circle of owners that wait for each other.
    private static Plan foreground(Entry owner, View view) {
        Predicate<Entry> blocks = dependant -> dependant.meta().owners().stream()
                .anyMatch(ref -> ref.uid().equals(owner.uid()) && ref.blocksDeletion());
        if (view.dependants(owner.uid()).stream().noneMatch(blocks)) {
            return without(owner, Finalizers.FOREGROUND);
        }
        boolean waitedFor = owner.meta().owners().stream().flatMap(ref -> view.byUid(ref.uid()).stream())
                .anyMatch(other -> other.meta().deleting() && has(other, Finalizers.FOREGROUND));
        boolean circle = waitedFor && view.dependants(owner.uid()).stream().filter(blocks)
                .anyMatch(dependant -> dependant.meta().deleting() && has(dependant, Finalizers.FOREGROUND));
        if (!circle || owner.meta().owners().stream().noneMatch(OwnerRef::blocksDeletion)) {
            return Plan.NOTHING;
        }
        return only(owner, owner.meta().owners().stream().map(OwnerRef::withoutBlocking).toList());
    }

    private static Plan without(Entry object, String finalizer) {
        ObjectNode patch = Json.newObject();
        ArrayNode kept = patch.putObject("metadata").putArray("finalizers");
        object.meta().finalizers().stream().filter(other -> !other.equals(finalizer)).forEach(kept::add);
        return Plan.of(List.of(Action.patch(object, "", patch, Notes.NONE)));
    }

    private static ObjectNode owners(List<OwnerRef> owners) {
        ObjectNode patch = Json.newObject();
        ObjectNode metadata = patch.putObject("metadata");
        if (owners.isEmpty()) {
            metadata.putNull("ownerReferences");
        } else {
            ArrayNode list = metadata.putArray("ownerReferences");
            owners.forEach(owner -> list.add(owner.json()));
        }
        return patch;
    }

    private static boolean has(Entry object, String finalizer) {
        return object.meta().finalizers().contains(finalizer);
    }
}
