package io.logplane.scheduler.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/// The whole scheduler as a value that eats state records and outcomes and gives attempts.
///
/// Shape: [#put] and [#removed] take records in any order of keys; [#pass] tries the pods that wait, assuming each
/// placement at once, so
/// that the next decision of the same pass counts it. A refused bind comes back through [#refused].
/// Thread: one owner at a time. Pure: time is an argument.
public final class Scheduler {
    private static final String PODS = "pods";
    private static final String NODES = "nodes";
    /// Resource → (kind as owner references name it): objects whose selectors default spreading uses.
    private static final Map<String, String> OWNER_KINDS = Map.of("core/services", "Service", "apps/replicasets",
            "ReplicaSet", "apps/statefulsets", "StatefulSet", "core/replicationcontrollers", "ReplicationController");

    private final List<Plugin> plugins;
    private final Map<String, Plugin> byName = new HashMap<>();
    private final Decider decider;
    private final Cluster cluster = new Cluster();
    private final SchedulingQueue queue = new SchedulingQueue();
    private final PodReader podReader = new PodReader();
    /// Placements whose bind is on its way.
    private final Map<String, Attempt> inFlight = new HashMap<>();
    private Set<Wake> happened = EnumSet.noneOf(Wake.class);

    public Scheduler(List<Plugin> plugins) {
        this.plugins = List.copyOf(plugins);
        this.plugins.forEach(plugin -> byName.put(plugin.name(), plugin));
        this.decider = new Decider(plugins);
    }

    /// True when records of this key change what the scheduler knows; the others need not even be decoded.
    public static boolean reads(ObjectKey key) {
        return isPod(key) || isNode(key) || isNamespace(key)
                || OWNER_KINDS.containsKey(key.group() + "/" + key.resource());
    }

    public static boolean isPod(ObjectKey key) {
        return key.resource().equals(PODS) && key.group().equals(ObjectKey.CORE);
    }

    /// Takes an object's newest state. Shape: `json` is canonical. Answers the pod when it is one.
    ///
    /// Errors: IllegalArgumentException when the bytes are not a JSON object.
    public Optional<PodInfo> put(ObjectKey key, long revision, byte[] json) {
        ObjectNode object = Json.object(json);
        if (isPod(key)) {
            PodInfo pod = podReader.read(key.text(), revision, object);
            putPod(pod);
            return Optional.of(pod);
        }
        if (isNode(key)) {
            happened.addAll(cluster.putNode(NodeReader.read(key.name(), revision, object)));
            return Optional.empty();
        }
        if (isNamespace(key)) {
            cluster.putNamespace(key.name(), SelectorReader.strings(object.path("metadata").path("labels")));
            return Optional.empty();
        }
        String kind = OWNER_KINDS.get(key.group() + "/" + key.resource());
        if (kind != null) {
            boolean map = kind.equals("Service") || kind.equals("ReplicationController");
            Selector selector = map
                    ? SelectorReader.mapSelector(object.path("spec").path("selector"))
                    : SelectorReader.labelSelector(object.path("spec").path("selector"));
            cluster.owners().put(key.apiNamespace(), kind, key.name(), selector);
        }
        return Optional.empty();
    }

    /// Takes a removal.
    public void removed(ObjectKey key) {
        if (isPod(key)) {
            happened.addAll(cluster.removePod(key.text()));
            queue.remove(key.text());
            inFlight.remove(key.text());
        } else if (isNode(key)) {
            happened.addAll(cluster.removeNode(key.name()));
        } else if (isNamespace(key)) {
            cluster.removeNamespace(key.name());
        } else {
            String kind = OWNER_KINDS.get(key.group() + "/" + key.resource());
            if (kind != null) {
                cluster.owners().remove(key.apiNamespace(), kind, key.name());
            }
        }
    }

    /// Takes up a placement decided before a restart whose bind may still be on its way: the pod keeps its place, and
    /// the bind is to be sent
    /// again under its old id. Empty when the pod is no longer the one decided on, no longer waits, or the node is
    /// gone.
    public Optional<Attempt> resume(String podKey, String uid, long podRevision, int number, String node) {
        Optional<PodInfo> pod = cluster.pod(podKey)
                .filter(known -> known.uid().equals(uid) && known.waitsForNode()
                        && cluster.presentNode(node).isPresent()
                        && cluster.assumedNode(podKey).isEmpty());
        if (pod.isEmpty()) {
            return Optional.empty();
        }
        Attempt attempt = new Attempt(pod.get().at(podRevision), Optional.of(node), number, 0, List.of(), List.of(),
                Set.of(), "");
        queue.remove(podKey);
        inFlight.put(podKey, attempt);
        cluster.assume(pod.get(), node);
        return Optional.of(attempt);
    }

    /// A bind was refused: the place is free again and the pod is tried again after its pause. Answers false when
    /// that bind is not the
    /// one on its way: an answer to an older attempt says nothing.
    public boolean refused(String podKey, String attemptId, long now) {
        Attempt attempt = inFlight.get(podKey);
        if (attempt == null || !attempt.id().equals(attemptId)) {
            return false;
        }
        inFlight.remove(podKey);
        happened.addAll(cluster.forget(podKey));
        cluster.pod(podKey).filter(PodInfo::waitsForNode)
                .ifPresent(pod -> queue.retry(pod, attempt.number(), now));
        return true;
    }

    /// Tries waiting pods, at most `limit`, giving each attempt away before the next.
    public int pass(long now, int limit, Consumer<Attempt> to) {
        queue.wake(happened, now);
        happened = EnumSet.noneOf(Wake.class);
        int tried = 0;
        while (tried < limit) {
            Optional<PodInfo> next = queue.take();
            if (next.isEmpty()) {
                break;
            }
            PodInfo pod = next.get();
            Attempt attempt = decider.decide(cluster, pod).numbered(queue.attempts(pod.key()));
            if (attempt.node().isPresent()) {
                queue.remove(pod.key());
                inFlight.put(pod.key(), attempt);
                cluster.assume(pod, attempt.node().get());
            } else {
                queue.rest(pod.key(), wakes(attempt), now);
            }
            to.accept(attempt);
            tried++;
        }
        return tried;
    }

    /// True when a pass has work although nothing new came in.
    public boolean hasWork(long now) {
        OptionalLong wake = queue.nextWake();
        return queue.hasActive() || !happened.isEmpty() || (wake.isPresent() && wake.getAsLong() <= now);
    }

    public Cluster cluster() {
        return cluster;
    }

    public SchedulingQueue queue() {
        return queue;
    }

    private void putPod(PodInfo pod) {
        happened.addAll(cluster.putPod(pod));
        PodInfo newest = cluster.pod(pod.key()).orElse(pod);
        if (cluster.assumedNode(pod.key()).isEmpty()) {
            inFlight.remove(pod.key());
        }
        if (!newest.waitsForNode()) {
            queue.remove(pod.key());
        } else if (cluster.assumedNode(pod.key()).isEmpty()) {
            queue.put(newest, heldBack(newest));
        }
    }

    private boolean heldBack(PodInfo pod) {
        for (Plugin plugin : plugins) {
            if (plugin.heldBack(pod).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /// Without nodes nobody refused; only a node can help. A node that comes can help everybody.
    private Set<Wake> wakes(Attempt attempt) {
        Set<Wake> wakes = EnumSet.of(Wake.NODE_ADDED);
        for (String name : attempt.refusedBy()) {
            Plugin plugin = byName.get(name);
            if (plugin != null) {
                wakes.addAll(plugin.wakes());
            }
        }
        return wakes;
    }

    private static boolean isNode(ObjectKey key) {
        return key.resource().equals(NODES) && key.group().equals(ObjectKey.CORE);
    }

    private static boolean isNamespace(ObjectKey key) {
        return key.resource().equals("namespaces") && key.group().equals(ObjectKey.CORE);
    }
}
