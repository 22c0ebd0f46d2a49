package io.logplane.scheduler.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.scheduler.core.Attempt;
import io.logplane.scheduler.core.Ledger;
import io.logplane.scheduler.core.PodInfo;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.record.Binding;
import io.logplane.schemas.record.Cause;
import io.logplane.schemas.record.Command;
import io.logplane.schemas.record.CommandVerb;
import io.logplane.schemas.record.Decision;
import io.logplane.schemas.record.FilterResult;
import io.logplane.schemas.record.NodeScore;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The records an attempt becomes. Pure.
///
/// | record | id or key | when |
/// |---|---|---|
/// | BIND command | `bind/<uid>/<revision>/<attempt>` | a node was found |
/// | MERGE_PATCH of status | `unschedulable/<uid>/<revision>/<attempt>` | none was found and the condition does not say so yet |
/// | CREATE of an Event | `event/<event name>`; the name is derived from pod, revision, attempt | scheduled (once the state shows it), failed |
/// | Decision | pod key | always |
/// | Binding | `<node>/<namespace>/<name>` | see [Ledger] |
///
/// Source: Binding, PodCondition and Event of core/v1; texts of upstream's scheduler.
final class Records {
    static final String USER = "system:kube-scheduler";
    static final String BY = "scheduler";
    /// Prefix of the ids of bind commands; the rest is [Attempt#id].
    static final String BIND = "bind/";
    /// A pod that stays unschedulable for the same reason is reported again after this time: five minutes, as often
    /// as it is tried anyway.
    static final long REPEAT_MILLIS = 300_000;
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'")
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'")
            .withZone(ZoneOffset.UTC);
    private static final int MAX_NOTE = 1024;

    private Records() {
    }

    static Command bind(Attempt attempt, String node, long nodeRevision, long now) {
        PodInfo pod = attempt.pod();
        ObjectNode binding = Json.newObject();
        binding.put("kind", "Binding").put("apiVersion", "v1");
        binding.putObject("metadata").put("name", pod.name()).put("namespace", pod.namespace()).put("uid", pod.uid());
        binding.putObject("target").put("kind", "Node").put("name", node);
        return command(BIND + attempt.id(), CommandVerb.BIND, pod.key(), pod, now)
                .setSubresource("binding").setBody(ByteBuffer.wrap(Json.bytes(binding))).setExpectedUid(pod.uid())
                .setCause(cause(pod.revision(), nodeRevision)).build();
    }

    /// Empty when the pod's condition says the same already. The patch carries the other conditions, because a merge
    /// patch replaces lists
    /// whole, and the pod's revision, because another writer may have changed them meanwhile.
    static Optional<Command> unschedulable(Attempt attempt, long now) {
        PodInfo pod = attempt.pod();
        ObjectNode patch = Json.newObject();
        ArrayNode conditions = patch.putObject("status").putArray("conditions");
        String since = SECONDS.format(Instant.ofEpochMilli(now));
        for (JsonNode condition : pod.conditions()) {
            if (!condition.path("type").asText().equals("PodScheduled")) {
                conditions.add(condition);
            } else if (condition.path("status").asText().equals("False")) {
                if (condition.path("reason").asText().equals("Unschedulable")
                        && condition.path("message").asText().equals(attempt.message())) {
                    return Optional.empty();
                }
                since = condition.path("lastTransitionTime").asText(since);
            }
        }
        ObjectNode scheduled = conditions.addObject();
        scheduled.putNull("lastProbeTime");
        scheduled.put("lastTransitionTime", since).put("message", attempt.message());
        if (pod.generation() > 0) {
            scheduled.put("observedGeneration", pod.generation());
        }
        scheduled.put("reason", "Unschedulable").put("status", "False").put("type", "PodScheduled");
        return Optional.of(command("unschedulable/" + attempt.id(), CommandVerb.MERGE_PATCH, pod.key(), pod, now)
                .setSubresource("status").setBody(ByteBuffer.wrap(Json.bytes(patch))).setExpectedUid(pod.uid())
                .setExpectedRevision(pod.revision()).setCause(cause(pod.revision(), 0)).build());
    }

    static Command scheduledEvent(PodInfo pod, long now) {
        String note = "Successfully assigned " + pod.namespace() + "/" + pod.name() + " to " + pod.node();
        return event(pod, "Normal", "Scheduled", "Binding", note, now, 0);
    }

    static Command failedEvent(Attempt attempt, long now) {
        return event(attempt.pod(), "Warning", "FailedScheduling", "Scheduling", attempt.message(), now,
                now / REPEAT_MILLIS);
    }

    static Decision decision(Attempt attempt, long stateRevision, long tookNanos, long now) {
        List<FilterResult> filtered = new ArrayList<>();
        attempt.refusals().forEach(refusal -> filtered.add(FilterResult.newBuilder().setPlugin(refusal.plugin())
                .setReason(refusal.reason()).setNodes(refusal.nodes()).build()));
        List<NodeScore> scores = new ArrayList<>();
        attempt.best().forEach(best -> scores.add(NodeScore.newBuilder().setNode(best.node()).setTotal(best.total())
                .setByPlugin(best.byPlugin()).build()));
        PodInfo pod = attempt.pod();
        return Decision.newBuilder().setPod(pod.key()).setUid(pod.uid()).setPodRevision(pod.revision())
                .setStateRevision(stateRevision).setAttempt(attempt.number())
                .setScheduler(PodInfo.DEFAULT_SCHEDULER).setNode(attempt.node().orElse(null))
                .setNodesConsidered(attempt.considered()).setFiltered(filtered).setScores(scores)
                .setMessage(attempt.message()).setTookMicros(tookNanos / 1_000).setTimestamp(now).build();
    }

    static Binding binding(Ledger.Entry entry, long now) {
        return Binding.newBuilder().setNode(entry.node()).setKey(entry.podKey()).setUid(entry.uid())
                .setRevision(entry.revision()).setPod(ByteBuffer.wrap(entry.pod())).setTimestamp(now).build();
    }

    private static Command event(PodInfo pod, String type, String reason, String action, String note, long now,
            long period) {
        String name = pod.name() + "." + Long.toHexString(eventHash(pod, reason, note, period));
        ObjectNode event = Json.newObject();
        event.put("kind", "Event").put("apiVersion", "v1");
        event.putObject("metadata").put("name", name).put("namespace", pod.namespace());
        event.putObject("involvedObject").put("kind", "Pod").put("namespace", pod.namespace())
                .put("name", pod.name()).put("uid", pod.uid()).put("apiVersion", "v1")
                .put("resourceVersion", Long.toString(pod.revision()));
        event.put("reason", reason);
        event.put("message", note.length() > MAX_NOTE ? note.substring(0, MAX_NOTE) : note);
        event.putObject("source");
        event.putNull("firstTimestamp").putNull("lastTimestamp").put("type", type);
        event.put("eventTime", MICROS.format(Instant.ofEpochMilli(now))).put("action", action);
        event.put("reportingComponent", PodInfo.DEFAULT_SCHEDULER);
        event.put("reportingInstance", PodInfo.DEFAULT_SCHEDULER);
        String key = ObjectKey.of("", "events", pod.namespace(), name).text();
        return command("event/" + name, CommandVerb.CREATE, key, pod, now).setBody(ByteBuffer.wrap(Json.bytes(event)))
                .setCause(cause(pod.revision(), 0)).build();
    }

    /// The same event of the same pod in the same period has the same name, so that a repetition is refused as
    /// existing.
    private static long eventHash(PodInfo pod, String reason, String note, long period) {
        long hash = 0xcbf29ce484222325L;
        String text = pod.uid() + "/" + reason + "/" + period + "/" + note;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    private static Command.Builder command(String id, CommandVerb verb, String key, PodInfo pod, long now) {
        return Command.newBuilder().setId(id).setVerb(verb).setKey(key).setUser(USER).setPrimary(pod.key())
                .setTimestamp(now);
    }

    /// Newest first, as the schema wants; a revision of 0 is none.
    private static Cause cause(long podRevision, long otherRevision) {
        List<Long> revisions = new ArrayList<>();
        revisions.add(Math.max(podRevision, otherRevision));
        if (otherRevision > 0) {
            revisions.add(Math.min(podRevision, otherRevision));
        }
        return Cause.newBuilder().setBy(BY).setLog("registry").setRevisions(revisions).build();
    }
}
