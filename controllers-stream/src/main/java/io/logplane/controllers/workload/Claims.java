package io.logplane.controllers.workload;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Action;
import io.logplane.controllers.core.Entry;
import io.logplane.controllers.core.Notes;
import io.logplane.controllers.core.OwnerRef;
import io.logplane.controllers.core.Selector;
import io.logplane.controllers.core.Type;
import io.logplane.controllers.core.View;
import io.logplane.schemas.model.Json;
import java.util.ArrayList;
import java.util.List;

/// Who belongs to a controller object: what it controls and still matches is mine; what it controls and no longer
/// matches is
/// released; what matches and nobody controls is adopted.
///
/// Shape: `mine` without those to be released and without those to be adopted: adoption counts when the state shows it.
/// Source: Kubernetes' ControllerRefManager.
record Claims(List<Entry> mine, List<Entry> adoptable, List<Action> actions) {

    static Claims of(Entry owner, Type type, View view) {
        List<Entry> mine = new ArrayList<>();
        List<Entry> adoptable = new ArrayList<>();
        List<Action> actions = new ArrayList<>();
        boolean leaving = owner.meta().deleting();
        for (Entry child : view.controlled(owner.uid(), type)) {
            if (!child.key().namespace().equals(owner.key().namespace())) {
                continue;
            }
            if (Selector.matches(owner.spec().path("selector"), child.meta().labels())) {
                mine.add(child);
            } else if (!leaving) {
                actions.add(release(child, owner));
            }
        }
        if (!leaving && !Selector.isEmpty(owner.spec().path("selector"))) {
            for (Entry orphan : view.uncontrolled(type, owner.key().namespace())) {
                if (!orphan.meta().deleting()
                        && Selector.matches(owner.spec().path("selector"), orphan.meta().labels())) {
                    adoptable.add(orphan);
                    actions.add(adopt(orphan, owner));
                }
            }
        }
        return new Claims(List.copyOf(mine), List.copyOf(adoptable), List.copyOf(actions));
    }

    private static Action adopt(Entry orphan, Entry owner) {
        List<OwnerRef> owners = new ArrayList<>(orphan.meta().owners());
        owners.removeIf(ref -> ref.uid().equals(owner.uid()));
        owners.add(OwnerRef.controllerOf(owner));
        return Action.patch(orphan, "", owners(owners), Notes.NONE);
    }

    private static Action release(Entry child, Entry owner) {
        List<OwnerRef> owners = new ArrayList<>(child.meta().owners());
        owners.removeIf(ref -> ref.uid().equals(owner.uid()));
        return Action.patch(child, "", owners(owners), Notes.NONE);
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
}
