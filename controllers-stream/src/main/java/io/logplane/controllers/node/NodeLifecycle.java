package io.logplane.controllers.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Action;
import io.logplane.controllers.core.Conditions;
import io.logplane.controllers.core.Controller;
import io.logplane.controllers.core.Entry;
import io.logplane.controllers.core.Meta;
import io.logplane.controllers.core.Notes;
import io.logplane.controllers.core.Observed;
import io.logplane.controllers.core.Plan;
import io.logplane.controllers.core.Status;
import io.logplane.controllers.core.Type;
import io.logplane.controllers.core.View;
import io.logplane.controllers.core.Watch;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Says Unknown of a node that has fallen silent, keeps its taints true to its conditions, and its pods' readiness
/// true to it.
///
/// **Reads** nodes, leases in kube-node-lease, pods. **Writes** nodes/status, nodes (taints), pods/status (Ready).
/// **Never** deletes a node or a pod; never touches a taint that is not a condition's.
/// **Source** Kubernetes documentation, "Nodes", "Taints and Tolerations"; pkg/controller/nodelifecycle.
public final class NodeLifecycle implements Controller {
    static final String LEASES_NAMESPACE = "kube-node-lease";
    private static final List<String> MONITORED = List.of("Ready", "MemoryPressure", "DiskPressure", "PIDPressure");

    @Override
    public String name() {
        return "node-lifecycle";
    }

    @Override
    public String account() {
        return "node-controller";
    }

    @Override
    public List<Watch> watches() {
        return List.of(new Watch.Itself(Type.NODES), new Watch.SameName(Type.LEASES, LEASES_NAMESPACE, Type.NODES),
                new Watch.NodeOfPod());
    }

    @Override
    public Plan reconcile(ObjectKey primary, Observed observed, Instant now) {
        Optional<Entry> found = observed.view().get(primary);
        if (found.isEmpty() || found.get().meta().deleting()) {
            return Plan.NOTHING;
        }
        Entry node = found.get();
        Plan.Draft plan = new Plan.Draft();
        String ready = Conditions.status(node.status(), "Ready");
        boolean known = ready.equals("True") || ready.equals("False");
        Instant silentAt = lastSeen(node, observed.view()).plus(grace(node, observed));
        if (now.isBefore(silentAt)) {
            plan.recheck(silentAt);
            taints(node, ready, now, plan);
        } else if (known || !reported(node)) {
            unknown(node, now, plan);
        } else {
            taints(node, ready, now, plan);
        }
        if (ready.equals("Unknown")) {
            pods(node, observed.view(), now, plan);
        }
        return plan.done();
    }

    private static Duration grace(Entry node, Observed observed) {
        return Conditions.find(node.status(), "Ready").isPresent()
                ? observed.settings().nodeMonitorGrace()
                : observed.settings().nodeStartupGrace();
    }

    /// When it was last heard of: its lease as seen by us, or what its status says.
    private static Instant lastSeen(Entry node, View view) {
        Optional<Entry> lease = view.get(Type.LEASES.key(LEASES_NAMESPACE, node.key().name()));
        Instant status = Conditions.find(node.status(), "Ready")
                .flatMap(condition -> Meta.time(condition.path("lastHeartbeatTime"))).orElse(node.meta().createdAt());
        return lease.map(Entry::observedAt).filter(seen -> seen.isAfter(status)).orElse(status);
    }

    private static boolean reported(Entry node) {
        return MONITORED.stream().allMatch(type -> Conditions.find(node.status(), type).isPresent());
    }

    private static void unknown(Entry node, Instant now, Plan.Draft plan) {
        ObjectNode status = Status.draft(node);
        for (String type : MONITORED) {
            Optional<JsonNode> present = Conditions.find(status, type);
            if (present.filter(condition -> condition.path("status").asText().equals("Unknown")).isPresent()) {
                continue;
            }
            ObjectNode condition = Json.newObject().put("type", type).put("status", "Unknown");
            if (present.isPresent()) {
                condition.set("lastHeartbeatTime", present.get().path("lastHeartbeatTime"));
            } else {
                condition.put("lastHeartbeatTime", Conditions.time(node.meta().createdAt()));
            }
            condition.put("lastTransitionTime", Conditions.time(now));
            condition.put("reason", present.isPresent() ? "NodeStatusUnknown" : "NodeStatusNeverUpdated");
            condition.put("message", present.isPresent()
                    ? "Kubelet stopped posting node status."
                    : "Kubelet never posted node status.");
            Conditions.put(status, condition);
        }
        Notes notes = Notes.onAccepted(node, "NodeNotReady",
                "Node " + node.key().name() + " status is now: NodeNotReady");
        Status.write(node, status, notes).ifPresent(plan::add);
    }

    private static void taints(Entry node, String ready, Instant now, Plan.Draft plan) {
        ArrayNode wanted = Taints.wanted(node, ready.isEmpty() ? "False" : ready, now);
        JsonNode present = node.spec().path("taints");
        if (!wanted.equals(present) && !(wanted.isEmpty() && present.isEmpty())) {
            ObjectNode patch = Json.newObject();
            patch.putObject("spec").set("taints", wanted);
            plan.add(Action.patch(node, "", patch, Notes.NONE));
        }
    }

    /// Pods of a silent node count as not ready; their node says otherwise when it is back. A node that speaks speaks
    /// for them.
    private static void pods(Entry node, View view, Instant now, Plan.Draft plan) {
        for (Entry pod : view.podsOn(node.key().name())) {
            if (pod.meta().deleting() || !Conditions.status(pod.status(), "Ready").equals("True")) {
                continue;
            }
            ObjectNode status = Status.draft(pod);
            ObjectNode condition = Conditions.find(status, "Ready").orElseThrow().deepCopy();
            condition.put("status", "False").put("lastTransitionTime", Conditions.time(now));
            Conditions.put(status, condition);
            ObjectNode patch = Json.newObject();
            patch.putObject("status").set("conditions", status.path("conditions"));
            plan.add(Action.patch(pod, "status", patch, Notes.onAccepted(pod, "NodeNotReady", "Node is not ready")));
        }
    }
}
