package io.logplane.controllers.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Action;
import io.logplane.controllers.core.Controller;
import io.logplane.controllers.core.Entry;
import io.logplane.controllers.core.Notes;
import io.logplane.controllers.core.Observed;
import io.logplane.controllers.core.Plan;
import io.logplane.controllers.core.Type;
import io.logplane.controllers.core.View;
import io.logplane.controllers.core.Watch;
import io.logplane.schemas.definitions.Definition;
import io.logplane.schemas.definitions.DefinitionNames;
import io.logplane.schemas.definitions.DefinitionStatus;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Deletes the objects of a definition that is being deleted, then lets it go; gives names to definitions that had to
/// wait for them.
///
/// **Reads** customresourcedefinitions, all objects of their types. **Writes** deletions of those objects, the
/// definition's status, its cleanup finalizer. **Never** touches the objects of a definition that stays, nor another
/// finalizer. **Source** k8s.io/apiextensions-apiserver/pkg/controller/{finalizer,status}.
public final class DefinitionController implements Controller {
    /// Deletions of one pass; the rest follows when the state shows these.
    static final int MAX_PER_PASS = 2_000;

    @Override
    public String name() {
        return "definition";
    }

    /// Upstream does this inside its API server; here it needs the rights of whoever may delete anything.
    @Override
    public String account() {
        return "generic-garbage-collector";
    }

    @Override
    public List<Watch> watches() {
        return List.of(new Watch.Itself(Type.DEFINITIONS), new Watch.AllOf(Type.DEFINITIONS, Type.DEFINITIONS),
                new Watch.DefinitionOf());
    }

    @Override
    public Plan reconcile(ObjectKey primary, Observed observed, Instant now) {
        Optional<Entry> found = observed.view().get(primary);
        if (found.isEmpty()) {
            return Plan.NOTHING;
        }
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        if (!found.get().meta().deleting()) {
            return names(found.get(), observed.view(), time);
        }
        return found.get().meta().finalizers().contains(Definition.FINALIZER)
                ? clean(found.get(), observed.view(), time)
                : Plan.NOTHING;
    }

    private static Plan names(Entry definition, View view, String now) {
        ObjectNode copy = definition.copy();
        if (!DefinitionNames.open(copy)) {
            return Plan.NOTHING;
        }
        String group = new Definition(copy).group();
        List<ObjectNode> others = view.list(Type.DEFINITIONS).stream().filter(other -> !other.equals(definition))
                .map(Entry::json).filter(other -> new Definition(other).group().equals(group)).toList();
        return DefinitionNames.settle(copy, others, now) ? Plan.of(List.of(status(definition, copy))) : Plan.NOTHING;
    }

    private static Plan clean(Entry definition, View view, String now) {
        Definition read = new Definition(definition.json());
        Collection<Entry> objects = view.list(new Type(read.group(), read.plural()));
        if (!read.is(Definition.ESTABLISHED) || objects.isEmpty()) {
            return Protection.release(definition, Definition.FINALIZER);
        }
        Plan.Draft plan = new Plan.Draft();
        ObjectNode copy = definition.copy();
        if (DefinitionStatus.set(copy, Definition.TERMINATING, true, "InstanceDeletionInProgress",
                "CustomResource deletion is in progress", now)) {
            plan.add(status(definition, copy));
        }
        objects.stream().filter(object -> !object.meta().deleting()).limit(MAX_PER_PASS).forEach(object -> plan.add(
                new Action.Delete(object.key(), object.uid(), OptionalLong.empty(), Optional.of(
                        Action.Propagation.BACKGROUND), Notes.NONE)));
        return plan.done();
    }

    private static Action status(Entry definition, ObjectNode changed) {
        ObjectNode patch = Json.newObject();
        patch.set("status", changed.path("status"));
        return Action.patch(definition, "status", patch, Notes.NONE);
    }
}
