package io.logplane.schemas.columns;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.HumanDuration;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Column;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// Pods: one word for what a pod is doing, found from phase, conditions and container states.
public final class PodColumns {
    public static final List<Column> ALL = List.of(Columns.name(),
            Columns.text("Ready", pod -> summary(pod).ready + "/" + summary(pod).total),
            Columns.text("Status", pod -> summary(pod).reason),
            Columns.timed("Restarts", 0, PodColumns::restarts), Columns.age(),
            Columns.wide("IP", PodColumns::ip),
            Columns.wide("Node", pod -> Columns.orNone(Tree.text(pod, "spec.nodeName"))),
            Columns.wide("Nominated Node", pod -> Columns.orNone(Tree.text(pod, "status.nominatedNodeName"))),
            Columns.wide("Readiness Gates", PodColumns::gates));

    private PodColumns() {
    }

    /// What the containers say together; `lastRestart` empty when none restarted.
    private record Summary(String reason, int ready, int total, long restarts, String lastRestart) {
    }

    /// Collects while walking over the container states.
    private static final class Count {
        private String reason = "";
        private int ready;
        private long restarts;
        private String lastRestart = "";

        void restarted(JsonNode status) {
            restarts += Tree.number(status, "restartCount");
            String finished = Tree.text(status, "lastState.terminated.finishedAt");
            if (finished.compareTo(lastRestart) > 0) {
                lastRestart = finished;
            }
        }
    }

    private static Summary summary(ObjectNode pod) {
        JsonNode status = pod.path("status");
        Count count = new Count();
        count.reason = Columns.orElse(Tree.text(status, "reason"), Tree.text(status, "phase"));
        if (Tree.objects(status, "conditions").stream().anyMatch(c -> Tree.text(c, "type").equals("PodScheduled")
                && Tree.text(c, "reason").equals("SchedulingGated"))) {
            count.reason = "SchedulingGated";
        }
        Set<String> sidecars = sidecars(pod);
        Count helpers = new Count();
        boolean initializing = init(pod, sidecars, count, helpers);
        if (!initializing || isTrue(status, "Initialized")) {
            count.restarts = helpers.restarts;
            count.lastRestart = helpers.lastRestart;
            containers(status, count);
        }
        String reason = deleted(pod, count.reason);
        int total = Tree.objects(pod, "spec.containers").size() + sidecars.size();
        return new Summary(reason, count.ready, total, count.restarts, count.lastRestart);
    }

    /// True while an init container has not done its work; `helpers` counts restarts of those that stay running.
    private static boolean init(ObjectNode pod, Set<String> sidecars, Count count, Count helpers) {
        List<ObjectNode> statuses = Tree.objects(pod, "status.initContainerStatuses");
        for (int i = 0; i < statuses.size(); i++) {
            ObjectNode status = statuses.get(i);
            JsonNode terminated = Tree.at(status, "state.terminated");
            String waiting = Tree.text(status, "state.waiting.reason");
            boolean sidecar = sidecars.contains(Tree.text(status, "name"));
            count.restarted(status);
            if (sidecar) {
                helpers.restarted(status);
            }
            if (terminated.isObject() && Tree.number(terminated, "exitCode") == 0) {
                continue;
            }
            if (sidecar && Tree.flag(status, "started")) {
                count.ready += Tree.flag(status, "ready") ? 1 : 0;
                continue;
            }
            if (terminated.isObject()) {
                count.reason = "Init:" + ended(terminated);
            } else if (!waiting.isEmpty() && !waiting.equals("PodInitializing")) {
                count.reason = "Init:" + waiting;
            } else {
                count.reason = "Init:" + i + "/" + Tree.objects(pod, "spec.initContainers").size();
            }
            return true;
        }
        return false;
    }

    private static void containers(JsonNode podStatus, Count count) {
        boolean running = false;
        for (ObjectNode status : Tree.objects(podStatus, "containerStatuses").reversed()) {
            JsonNode terminated = Tree.at(status, "state.terminated");
            String waiting = Tree.text(status, "state.waiting.reason");
            count.restarted(status);
            if (!waiting.isEmpty()) {
                count.reason = waiting;
            } else if (terminated.isObject()) {
                count.reason = ended(terminated);
            } else if (Tree.flag(status, "ready") && Tree.has(status, "state.running")) {
                running = true;
                count.ready++;
            }
        }
        if (count.reason.equals("Completed") && running) {
            count.reason = isTrue(podStatus, "Ready") ? "Running" : "NotReady";
        }
    }

    private static String deleted(ObjectNode pod, String reason) {
        if (!Tree.has(pod, "metadata.deletionTimestamp")) {
            return reason;
        }
        if (Tree.text(pod, "status.reason").equals("NodeLost")) {
            return "Unknown";
        }
        String phase = Tree.text(pod, "status.phase");
        return phase.equals("Failed") || phase.equals("Succeeded") ? reason : "Terminating";
    }

    private static String ended(JsonNode terminated) {
        String reason = Tree.text(terminated, "reason");
        if (!reason.isEmpty()) {
            return reason;
        }
        long signal = Tree.number(terminated, "signal");
        return signal != 0 ? "Signal:" + signal : "ExitCode:" + Tree.number(terminated, "exitCode");
    }

    private static Object restarts(ObjectNode pod, Instant now) {
        Summary summary = summary(pod);
        if (summary.restarts == 0 || summary.lastRestart.isEmpty()) {
            return Long.toString(summary.restarts);
        }
        return summary.restarts + " (" + HumanDuration.since(summary.lastRestart, now) + " ago)";
    }

    private static String ip(ObjectNode pod) {
        List<ObjectNode> all = Tree.objects(pod, "status.podIPs");
        return Columns.orNone(all.isEmpty() ? Tree.text(pod, "status.podIP") : Tree.text(all.getFirst(), "ip"));
    }

    private static String gates(ObjectNode pod) {
        List<ObjectNode> gates = Tree.objects(pod, "spec.readinessGates");
        if (gates.isEmpty()) {
            return Columns.NONE;
        }
        long open = gates.stream().filter(g -> isTrue(pod.path("status"), Tree.text(g, "conditionType"))).count();
        return open + "/" + gates.size();
    }

    /// Init containers that go on running beside the others.
    private static Set<String> sidecars(ObjectNode pod) {
        return Set.copyOf(Tree.objects(pod, "spec.initContainers").stream()
                .filter(c -> Tree.text(c, "restartPolicy").equals("Always")).map(c -> Tree.text(c, "name")).toList());
    }

    static boolean isTrue(JsonNode status, String condition) {
        return Tree.objects(status, "conditions").stream().anyMatch(
                c -> Tree.text(c, "type").equals(condition) && Tree.text(c, "status").equals("True"));
    }
}
