package io.logplane.node.hollow;

import io.logplane.node.core.Container;
import io.logplane.node.core.Container.Phase;
import io.logplane.node.core.ContainerSpec;
import io.logplane.node.core.Labels;
import io.logplane.node.core.PodObserved;
import io.logplane.node.core.PodRef;
import io.logplane.node.core.PodRuntime;
import io.logplane.node.core.Sandbox;
import io.logplane.node.core.SandboxSpec;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// A runtime in memory: every image is there, every container runs at once and until it is stopped.
///
/// Shape: addresses `<prefix>.<n>`, given in order and not used again before 250 others. Tests end containers with
/// [#exit].
/// Thread: any.
public final class HollowRuntime implements PodRuntime {
    private static final int ADDRESSES = 250;
    private static final int STOPPED = 143;

    private final String ipPrefix;
    private final InstantSource clock;
    private final Map<String, Sandbox> sandboxes = new LinkedHashMap<>();
    private final Map<String, Container> containers = new LinkedHashMap<>();
    private Consumer<PodRef> listener = pod -> {
    };
    private long next;
    private long started;

    /// `ipPrefix`: first three numbers of the pods' addresses, e.g. `10.200.7`.
    public HollowRuntime(String ipPrefix, InstantSource clock) {
        this.ipPrefix = ipPrefix;
        this.clock = clock;
    }

    @Override
    public Version version() {
        return new Version("hollow", "1");
    }

    @Override
    public synchronized Map<PodRef, PodObserved> observeAll() {
        Map<PodRef, PodObserved> all = new LinkedHashMap<>();
        sandboxes.values().forEach(s -> all.put(s.pod(), observe(s.pod())));
        return all;
    }

    @Override
    public synchronized PodObserved observe(PodRef pod) {
        return new PodObserved(sandboxes.values().stream().filter(s -> s.pod().equals(pod)).toList(),
                containers.values().stream().filter(c -> c.pod().equals(pod)).toList());
    }

    @Override
    public synchronized String runSandbox(SandboxSpec spec) {
        String id = "sandbox-" + next;
        List<String> ips = List.of(ipPrefix + "." + (2 + next++ % ADDRESSES));
        sandboxes.put(id, new Sandbox(id, spec.pod(), spec.attempt(), true, clock.instant(), ips, 1));
        return id;
    }

    @Override
    public synchronized void stopSandbox(String id) {
        Sandbox s = sandboxes.get(id);
        if (s != null) {
            new ArrayList<>(containers.values()).stream().filter(c -> c.sandboxId().equals(id) && c.running())
                    .forEach(c -> exit(c.id(), STOPPED));
            sandboxes.put(id, new Sandbox(id, s.pod(), s.attempt(), false, s.createdAt(), s.ips(), 1));
        }
    }

    @Override
    public synchronized void removeSandbox(String id) {
        sandboxes.remove(id);
        containers.values().removeIf(c -> c.sandboxId().equals(id));
    }

    @Override
    public Optional<Image> image(String reference) {
        return Optional.of(new Image(reference, List.of(reference), List.of(), 0, "65534", Optional.of(65534L)));
    }

    @Override
    public List<Image> images() {
        return List.of();
    }

    @Override
    public String pullImage(String reference) {
        return reference;
    }

    @Override
    public synchronized String createContainer(String sandboxId, SandboxSpec sandbox, ContainerSpec spec) {
        String id = "container-" + next++;
        if (!sandboxes.containsKey(sandboxId)) {
            throw new RuntimeFault("no sandbox " + sandboxId, true, new IllegalStateException(sandboxId));
        }
        int step = Integer.parseInt(spec.annotations().getOrDefault(Labels.BACKOFF_STEP, "0"));
        containers.put(id, new Container(id, sandboxId, spec.pod(), spec.name(), spec.attempt(), step, Phase.CREATED,
                clock.instant(), Optional.empty(), Optional.empty(), 0, "", "", spec.image(), spec.image(), ""));
        return id;
    }

    @Override
    public synchronized void startContainer(String id) {
        Container c = containers.get(id);
        if (c == null) {
            throw new RuntimeFault("no container " + id, true, new IllegalStateException(id));
        }
        started++;
        containers.put(id, with(c, Phase.RUNNING, Optional.of(clock.instant()), Optional.empty(), 0));
    }

    @Override
    public void stopContainer(String id, Duration grace) {
        exit(id, STOPPED);
    }

    @Override
    public synchronized void removeContainer(String id) {
        containers.remove(id);
    }

    @Override
    public ExecResult exec(String id, List<String> command, Duration timeout) {
        return new ExecResult(0, "");
    }

    @Override
    public URI execAt(String id, List<String> command, Streams streams) {
        throw nothingRuns();
    }

    @Override
    public URI attachAt(String id, Streams streams) {
        throw nothingRuns();
    }

    @Override
    public URI portForwardAt(String sandboxId, List<Integer> ports) {
        throw nothingRuns();
    }

    private static RuntimeFault nothingRuns() {
        return new RuntimeFault("nothing runs in a hollow container", false, new UnsupportedOperationException());
    }

    @Override
    public synchronized void onChange(Consumer<PodRef> newListener) {
        listener = newListener;
    }

    /// Ends a container as if its process had: for tests.
    public void exit(String id, int code) {
        Consumer<PodRef> tell;
        PodRef pod;
        synchronized (this) {
            Container c = containers.get(id);
            if (c == null || !c.running()) {
                return;
            }
            containers.put(id, with(c, Phase.EXITED, c.startedAt(), Optional.of(clock.instant()), code));
            tell = listener;
            pod = c.pod();
        }
        tell.accept(pod);
    }

    /// How many containers were ever started: for tests.
    public synchronized long started() {
        return started;
    }

    private static Container with(Container c, Phase phase, Optional<java.time.Instant> startedAt,
            Optional<java.time.Instant> finishedAt, int code) {
        return new Container(c.id(), c.sandboxId(), c.pod(), c.name(), c.attempt(), c.backoffStep(), phase,
                c.createdAt(), startedAt, finishedAt, code, "", "", c.image(), c.imageRef(), "");
    }

    @Override
    public void close() {
    }
}
