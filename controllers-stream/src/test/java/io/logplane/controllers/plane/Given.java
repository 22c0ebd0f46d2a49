package io.logplane.controllers.plane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Action;
import io.logplane.controllers.core.Controller;
import io.logplane.controllers.core.Entry;
import io.logplane.controllers.core.Observed;
import io.logplane.controllers.core.Plan;
import io.logplane.controllers.core.View;
import io.logplane.schemas.model.ObjectJson;
import io.logplane.schemas.model.ObjectKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// A hand-made state for one pass. Shape: every object gets uid `u-<name>`, revisions in order, created at START unless set.
public final class Given {
    public static final Instant START = Scenarios.START;
    private final View view = new View();
    private final List<Observed.Refused> refusals = new ArrayList<>();
    private long revision = 100;

    public Given with(String group, String resource, ObjectNode object) {
        return with(group, resource, object, o -> {
        });
    }

    public Given with(String group, String resource, ObjectNode object, Consumer<ObjectNode> more) {
        return at(START, group, resource, object, more);
    }

    /// Seen at a time of its own.
    public Given at(Instant seen, String group, String resource, ObjectNode object, Consumer<ObjectNode> more) {
        ObjectNode metadata = object.withObject("/metadata");
        String name = metadata.path("name").asText();
        metadata.put("uid", "u-" + name).put("creationTimestamp", START.toString());
        if (!metadata.has("generation")) {
            metadata.put("generation", 1);
        }
        more.accept(object);
        view.put(Entry.of(ObjectKey.of(group, resource, metadata.path("namespace").asText(""), name), ++revision,
                ObjectJson.canonical(object), seen));
        return this;
    }

    public Given refused(int code, String message) {
        refusals.add(new Observed.Refused(true, code, "Forbidden", message));
        return this;
    }

    public View view() {
        return view;
    }

    public Plan plan(Controller controller, ObjectKey primary, Instant now) {
        return controller.reconcile(primary, new Observed(view, refusals, Simulation.SETTINGS), now);
    }

    public static void owner(ObjectNode object, String apiVersion, String kind, String name) {
        object.withObject("/metadata").putArray("ownerReferences").addObject().put("apiVersion", apiVersion)
                .put("kind", kind).put("name", name).put("uid", "u-" + name).put("controller", true)
                .put("blockOwnerDeletion", true);
    }

    public static List<Action.Create> creates(Plan plan) {
        return plan.actions().stream().filter(Action.Create.class::isInstance).map(Action.Create.class::cast).toList();
    }

    public static List<String> deletes(Plan plan) {
        return plan.actions().stream().filter(Action.Delete.class::isInstance).map(action -> action.key().name())
                .toList();
    }

    /// The status a plan writes for a key.
    public static ObjectNode status(Plan plan, ObjectKey key) {
        return plan.actions().stream().filter(Action.Replace.class::isInstance).map(Action.Replace.class::cast)
                .filter(replace -> replace.subresource().equals("status") && replace.key().equals(key)).findFirst()
                .map(replace -> (ObjectNode) replace.object().path("status")).orElseThrow();
    }

    public static List<Action.Patch> patches(Plan plan) {
        return plan.actions().stream().filter(Action.Patch.class::isInstance).map(Action.Patch.class::cast).toList();
    }
}
