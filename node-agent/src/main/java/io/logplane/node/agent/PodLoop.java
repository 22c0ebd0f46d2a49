package io.logplane.node.agent;

import io.logplane.node.core.Pod;
import io.logplane.node.core.PodEvent;
import io.logplane.node.core.PodInput.Health;
import io.logplane.node.core.PodObserved;
import io.logplane.node.core.PodRef;
import io.logplane.node.core.PodRuntime.RuntimeFault;
import io.logplane.node.core.Trouble;
import io.logplane.node.core.VolumeFiles;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All pods of one node: what is wanted comes from the bindings, what is there from the runtime; a worker per pod
/// makes them agree.
///
/// Nothing is taken for unwanted before the bindings have been read to their end once ([#onCaughtUp]).
/// Thread: any; nothing blocks but [#recover].
public final class PodLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PodLoop.class);
    /// How often config volumes are brought up to date; upstream's sync period.
    private static final Duration REFRESH = Duration.ofSeconds(60);
    /// A runtime that is not up yet is asked again after this.
    private static final Duration RECOVER_AGAIN = Duration.ofSeconds(1);

    private final Node node;
    private final StatusSender sender;
    private final EventSender events;
    private final Probes probes;
    private final Map<PodRef, PodWorker> workers = new ConcurrentHashMap<>();
    private final Map<String, PodRef> byName = new ConcurrentHashMap<>();
    private volatile boolean caughtUp;
    private volatile boolean closed;
    private final Future<?> refresh;

    public PodLoop(Node node) {
        this.node = node;
        this.sender = new StatusSender(node);
        this.events = new EventSender(node);
        this.probes = new Probes(node, events);
        node.runtime().onChange(this::poke);
        refresh = node.threads().every(REFRESH, REFRESH, this::refreshVolumes);
    }

    /// What the newest binding of a name says; empty when its object is gone.
    public void desired(String namespace, String name, Optional<Pod> pod) {
        String key = namespace + "/" + name;
        PodRef old = pod.isPresent() ? byName.put(key, pod.get().ref()) : byName.remove(key);
        if (old != null && pod.map(p -> !p.ref().equals(old)).orElse(true)) {
            desire(old, Optional.empty());
        }
        pod.ifPresent(p -> desire(p.ref(), pod));
    }

    /// Atomic against `forget`: a worker that is wanted again is never dropped.
    private void desire(PodRef ref, Optional<Pod> pod) {
        PodWorker worker = workers.compute(ref, (r, present) -> {
            PodWorker w = present == null ? new PodWorker(node, r, this, sender) : present;
            w.desire(pod);
            return w;
        });
        if (worker != null) {
            worker.poke();
        }
    }

    /// The bindings have been read to their end: what the runtime holds beyond them is left over from pods that are
    /// gone.
    public void onCaughtUp() {
        caughtUp = true;
        node.threads().run(this::recover);
    }

    private void recover() {
        try {
            node.runtime().observeAll().keySet().forEach(this::poke);
        } catch (RuntimeFault fault) {
            LOG.warn("the runtime cannot be asked yet: {}", fault.getMessage());
            if (!closed) {
                node.threads().later(RECOVER_AGAIN, this::recover);
            }
        }
    }

    boolean caughtUp() {
        return caughtUp;
    }

    /// Has a look at the pod soon.
    public void poke(PodRef pod) {
        if (!closed && !pod.uid().isEmpty()) {
            worker(pod).poke();
        }
    }

    /// Pods this node is to run, for the kubelet API.
    public List<Pod> pods() {
        return workers.values().stream().flatMap(w -> w.desired().stream()).toList();
    }

    /// The pod of that name, if this node is to run it.
    public Optional<Pod> pod(String namespace, String name) {
        return Optional.ofNullable(byName.get(namespace + "/" + name)).map(workers::get).flatMap(PodWorker::desired);
    }

    void forget(PodWorker worker) {
        probes.forget(worker.ref());
        workers.computeIfPresent(worker.ref(), (r, w) -> w == worker && w.desired().isEmpty() ? null : w);
    }

    Map<String, Health> health(PodObserved observed) {
        return probes.health(observed);
    }

    void watchProbes(PodWorker worker, Pod pod, PodObserved observed) {
        probes.watch(pod, observed, worker::poke);
    }

    EventSender events() {
        return events;
    }

    /// For the log and the events.
    void note(Pod pod, Trouble trouble) {
        PodEvent.failed(pod, trouble).forEach(event -> events.tell(pod, event));
        if (trouble.failures() == 1) {
            LOG.info("{} {}: {}: {}", pod.ref().pretty(), trouble.about(), trouble.reason(), trouble.message());
        }
    }

    private PodWorker worker(PodRef pod) {
        return workers.computeIfAbsent(pod, p -> new PodWorker(node, p, this, sender));
    }

    private void refreshVolumes() {
        for (PodWorker worker : workers.values()) {
            boolean config = worker.desired()
                    .map(p -> StreamSupport.stream(p.spec().path("volumes").spliterator(), false)
                            .anyMatch(v -> VolumeFiles.KINDS.stream().anyMatch(v::has)))
                    .orElse(false);
            if (config && !node.hollow()) {
                worker.refresh();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        refresh.cancel(false);
        probes.close();
    }
}
