package io.logplane.controllers.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Conditions;
import io.logplane.controllers.core.Controller;
import io.logplane.controllers.core.Entry;
import io.logplane.controllers.core.Meta;
import io.logplane.controllers.core.Notes;
import io.logplane.controllers.core.Observed;
import io.logplane.controllers.core.OwnerRef;
import io.logplane.controllers.core.Plan;
import io.logplane.controllers.core.Selector;
import io.logplane.controllers.core.Status;
import io.logplane.controllers.core.Type;
import io.logplane.controllers.core.View;
import io.logplane.controllers.core.Watch;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Says how many pods of a disruption budget may go now.
///
/// **Reads** poddisruptionbudgets, pods, what controls them. **Writes** poddisruptionbudgets/status. **Never** takes
/// an eviction back before the pod had time to go. **Source** kubernetes/pkg/controller/disruption.
public final class DisruptionController implements Controller {
    /// An evicted pod that is not being deleted after this long was not evicted after all. Upstream's figure.
    static final Duration DELETION_TIMEOUT = Duration.ofMinutes(2);
    private static final String CONDITION = "DisruptionAllowed";

    /// Shape: pods that should be there, and how many of them must be healthy.
    private record Need(int expected, int healthy) {
    }

    @Override
    public String name() {
        return "disruption";
    }

    @Override
    public String account() {
        return "disruption-controller";
    }

    @Override
    public List<Watch> watches() {
        return List.of(new Watch.Itself(Type.BUDGETS), new Watch.SelectedBy(Type.PODS, Type.BUDGETS),
                new Watch.AllOf(Type.DEPLOYMENTS, Type.BUDGETS), new Watch.AllOf(Type.REPLICA_SETS, Type.BUDGETS),
                new Watch.AllOf(new Type("apps", "statefulsets"), Type.BUDGETS));
    }

    @Override
    public Plan reconcile(ObjectKey primary, Observed observed, Instant now) {
        Optional<Entry> found = observed.view().get(primary);
        if (found.isEmpty() || found.get().meta().deleting()) {
            return Plan.NOTHING;
        }
        Entry budget = found.get();
        List<Entry> pods = new ArrayList<>();
        for (Entry pod : observed.view().list(Type.PODS, primary.namespace())) {
            if (Selector.matches(budget.spec().path("selector"), pod.meta().labels())) {
                pods.add(pod);
            }
        }
        Plan.Draft plan = new Plan.Draft();
        SortedMap<String, String> leaving = leaving(budget, pods, now, plan);
        Need need = need(budget.spec(), pods, observed.view());
        int healthy = 0;
        for (Entry pod : pods) {
            boolean ready = Conditions.status(pod.status(), "Ready").equals("True");
            healthy += ready && !pod.meta().deleting() && !leaving.containsKey(pod.key().name()) ? 1 : 0;
        }
        int allowed = need.expected() <= 0 ? 0 : Math.max(0, healthy - need.healthy());
        Status.write(budget, status(budget, need, healthy, allowed, leaving, now), Notes.NONE).ifPresent(plan::add);
        return plan.done();
    }

    /// Evicted pods that are still there and not yet being deleted.
    private static SortedMap<String, String> leaving(Entry budget, List<Entry> pods, Instant now, Plan.Draft plan) {
        SortedMap<String, String> left = new TreeMap<>();
        JsonNode marked = budget.status().path("disruptedPods");
        for (Entry pod : pods) {
            Optional<Instant> at = Meta.time(marked.path(pod.key().name()));
            if (at.isEmpty() || pod.meta().deleting()) {
                continue;
            }
            Instant due = at.get().plus(DELETION_TIMEOUT);
            if (due.isAfter(now)) {
                left.put(pod.key().name(), marked.path(pod.key().name()).asText());
                plan.recheck(due);
            }
        }
        return left;
    }

    private static Need need(JsonNode spec, List<Entry> pods, View view) {
        JsonNode most = spec.path("maxUnavailable");
        JsonNode least = spec.path("minAvailable");
        if (!most.isMissingNode()) {
            int expected = scale(pods, view);
            return new Need(expected, Math.max(0, expected - part(most, expected)));
        }
        if (least.isTextual() && least.asText().endsWith("%")) {
            int expected = scale(pods, view);
            return new Need(expected, part(least, expected));
        }
        return new Need(pods.size(), least.asInt(least.isMissingNode() ? 0 : 1));
    }

    /// A number, or a percentage of the whole rounded up.
    private static int part(JsonNode value, int whole) {
        String text = value.asText();
        if (!text.endsWith("%")) {
            return value.asInt();
        }
        try {
            return (int) ((Long.parseLong(text.substring(0, text.length() - 1)) * whole + 99) / 100);
        } catch (NumberFormatException notAPercentage) {
            return whole;
        }
    }

    /// How many pods the controllers of these pods want together. Pods nobody controls do not count.
    private static int scale(List<Entry> pods, View view) {
        SortedMap<String, Integer> scales = new TreeMap<>();
        for (Entry pod : pods) {
            controller(pod, view).ifPresent(owner -> {
                Entry top = Type.REPLICA_SETS.is(owner.key())
                        ? controller(owner, view).filter(above -> Type.DEPLOYMENTS.is(above.key())).orElse(owner)
                        : owner;
                scales.put(top.uid(), top.spec().path("replicas").asInt(0));
            });
        }
        return scales.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static Optional<Entry> controller(Entry child, View view) {
        return child.meta().controller().map(OwnerRef::uid).flatMap(view::byUid);
    }

    private static ObjectNode status(Entry budget, Need need, int healthy, int allowed,
            Map<String, String> leaving, Instant now) {
        ObjectNode status = Json.newObject();
        JsonNode before = Conditions.find(budget.status(), CONDITION).orElse(Json.newObject());
        String state = allowed > 0 ? "True" : "False";
        ObjectNode condition = status.putArray("conditions").addObject();
        boolean same = before.path("status").asText().equals(state);
        condition.put("lastTransitionTime", same ? before.path("lastTransitionTime").asText() : Conditions.time(now));
        condition.put("message", "");
        condition.put("observedGeneration", (int) budget.meta().generation());
        condition.put("reason", allowed > 0 ? "SufficientPods" : "InsufficientPods");
        condition.put("status", state);
        condition.put("type", CONDITION);
        status.put("currentHealthy", healthy);
        status.put("desiredHealthy", need.healthy());
        if (!leaving.isEmpty()) {
            ObjectNode pods = status.putObject("disruptedPods");
            leaving.forEach(pods::put);
        }
        status.put("disruptionsAllowed", allowed);
        status.put("expectedPods", need.expected());
        status.put("observedGeneration", (int) budget.meta().generation());
        return status;
    }
}
