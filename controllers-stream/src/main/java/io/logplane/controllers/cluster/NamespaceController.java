package io.logplane.controllers.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Action;
import io.logplane.controllers.core.Controller;
import io.logplane.controllers.core.Entry;
import io.logplane.controllers.core.Notes;
import io.logplane.controllers.core.Observed;
import io.logplane.controllers.core.Plan;
import io.logplane.controllers.core.Status;
import io.logplane.controllers.core.Type;
import io.logplane.controllers.core.Watch;
import io.logplane.schemas.model.ObjectKey;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Empties a namespace that is being deleted, pods first, then lets it go.
///
/// **Reads** namespaces, everything in them. **Writes** deletions of everything in them, namespaces/finalize,
/// namespaces/status.
/// **Never** touches a namespace that is not being deleted, nor finalizers other than `kubernetes`.
/// **Source** Kubernetes namespace documentation; KEP-5080 (ordered deletion).
public final class NamespaceController implements Controller {
    /// Deletions of one pass; the rest follows when the state shows these.
    static final int MAX_PER_PASS = 2_000;
    private static final String FINALIZER = "kubernetes";

    @Override
    public String name() {
        return "namespace";
    }

    @Override
    public String account() {
        return "namespace-controller";
    }

    @Override
    public List<Watch> watches() {
        return List.of(new Watch.Itself(Type.NAMESPACES), new Watch.NamespaceOf());
    }

    @Override
    public Plan reconcile(ObjectKey primary, Observed observed, Instant now) {
        Optional<Entry> found = observed.view().get(primary);
        if (found.isEmpty() || !found.get().meta().deleting() || !finalizing(found.get())) {
            return Plan.NOTHING;
        }
        Entry namespace = found.get();
        Plan.Draft plan = new Plan.Draft();
        terminating(namespace, plan);
        Collection<Entry> content = observed.view().inNamespace(primary.name());
        if (!content.isEmpty()) {
            empty(content, plan);
        } else if (plan.isEmpty()) {
            plan.add(Action.replace(namespace, "finalize", finalized(namespace), Notes.NONE));
        }
        return plan.done();
    }

    private static boolean finalizing(Entry namespace) {
        for (JsonNode finalizer : namespace.spec().path("finalizers")) {
            if (finalizer.asText().equals(FINALIZER)) {
                return true;
            }
        }
        return false;
    }

    private static void terminating(Entry namespace, Plan.Draft plan) {
        ObjectNode status = Status.draft(namespace);
        if (!status.path("phase").asText().equals("Terminating")) {
            status.put("phase", "Terminating");
            Status.write(namespace, status, Notes.NONE).ifPresent(plan::add);
        }
    }

    /// As long as there are pods, only pods: what they use outlives them.
    private static void empty(Collection<Entry> content, Plan.Draft plan) {
        boolean pods = content.stream().anyMatch(entry -> Type.PODS.is(entry.key()));
        content.stream().filter(entry -> !pods || Type.PODS.is(entry.key()))
                .filter(entry -> !entry.meta().deleting()).limit(MAX_PER_PASS)
                .forEach(entry -> plan.add(new Action.Delete(entry.key(), entry.uid(), OptionalLong.empty(),
                        Optional.of(Action.Propagation.BACKGROUND), Notes.NONE)));
    }

    private static ObjectNode finalized(Entry namespace) {
        ObjectNode changed = namespace.copy();
        ArrayNode kept = changed.withObject("/spec").putArray("finalizers");
        for (JsonNode finalizer : namespace.spec().path("finalizers")) {
            if (!finalizer.asText().equals(FINALIZER)) {
                kept.add(finalizer);
            }
        }
        return changed;
    }
}
