package io.logplane.node.hollow;

import io.logplane.node.agent.Node;
import io.logplane.node.agent.NodeReporter;
import io.logplane.node.agent.PodBindings;
import io.logplane.node.agent.PodLoop;
import io.logplane.node.agent.Threads;
import io.logplane.node.core.Facts;
import io.logplane.node.core.NodeStatus;
import io.logplane.node.http.GatewayClient;
import io.logplane.node.kafka.BindingsFeed;
import io.logplane.schemas.wire.KafkaAccess;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/// Many simulated nodes in one process: one consumer, one timer thread, a bounded number of requests at once; no
/// thread per node.
///
/// Shape: names `hollow-0000`, `hollow-0001`, …; pods on them run and are Ready at once, and cost one status request
/// each.
public final class HollowNodes implements AutoCloseable {
    /// Requests at once: enough to keep a gateway busy, few enough not to starve it of memory.
    private static final int REQUESTS = 64;
    private static final long GI = 1024L * 1024 * 1024;

    private final Threads threads = new Threads();
    private final BindingsFeed feed;
    private final List<PodLoop> loops = new ArrayList<>();
    private final List<NodeReporter> reporters = new ArrayList<>();

    /// `count` nodes. `http` and `headers` give each node's identity: a client whose certificate may act for all of
    /// them, with impersonation headers or without.
    public record Config(int count, URI gateway, HttpClient http, Function<String, Map<String, String>> headers,
            KafkaAccess kafka) {
        private static final int MAX = 10_000;

        public Config {
            if (count < 1 || count > MAX) {
                throw new IllegalArgumentException("hollow nodes: 1 to " + MAX + ", not " + count);
            }
        }
    }

    private HollowNodes(Config config) {
        Map<String, BindingsFeed.Listener> listeners = new LinkedHashMap<>();
        Semaphore permits = new Semaphore(REQUESTS);
        for (int i = 0; i < config.count(); i++) {
            String name = name(i);
            GatewayClient gateway = new GatewayClient(config.http(), config.gateway(), config.headers().apply(name),
                    permits);
            Facts facts = new Facts(name, List.of("10." + (128 + i / 65536) + "." + i / 256 % 256 + "." + i % 256),
                    32_000, 256 * GI, 1024 * GI, "10.96.0.1", 443, List.of(), "cluster.local");
            HollowRuntime runtime = new HollowRuntime("10." + (192 + i / 256 % 64) + "." + i % 256,
                    InstantSource.system());
            Node node = new Node(facts, runtime, new NoStorage(), gateway, threads, InstantSource.system(), true);
            PodLoop loop = new PodLoop(node);
            loops.add(loop);
            listeners.put(name, new PodBindings(loop));
            reporters.add(new NodeReporter(node, () -> machine(facts)));
        }
        feed = new BindingsFeed(config.kafka(), listeners);
    }

    public static String name(int index) {
        return String.format(Locale.ROOT, "hollow-%04d", index);
    }

    /// Returns at once; the nodes register in the background.
    public static HollowNodes start(Config config) {
        HollowNodes nodes = new HollowNodes(config);
        nodes.feed.start();
        for (int i = 0; i < nodes.reporters.size(); i++) {
            nodes.reporters.get(i)
                    .start(Duration.ofMillis(NodeReporter.BEAT.toMillis() * i / nodes.reporters.size()));
        }
        return nodes;
    }

    /// How many nodes the cluster knows.
    public int registered() {
        return (int) reporters.stream().filter(NodeReporter::registered).count();
    }

    private static NodeStatus.Machine machine(Facts facts) {
        Map<String, String> info = new LinkedHashMap<>();
        info.put("machineID", facts.nodeName());
        info.put("systemUUID", facts.nodeName());
        info.put("bootID", facts.nodeName());
        info.put("kernelVersion", "hollow");
        info.put("osImage", "hollow");
        info.put("containerRuntimeVersion", "hollow://1");
        info.put("kubeletVersion", NodeStatus.KUBELET_VERSION);
        info.put("kubeProxyVersion", "");
        info.put("operatingSystem", "linux");
        info.put("architecture", "amd64");
        return new NodeStatus.Machine(facts, info, 0, NodeStatus.Pressure.NONE, Optional.empty(), List.of());
    }

    @Override
    public void close() {
        feed.close();
        reporters.forEach(NodeReporter::close);
        loops.forEach(PodLoop::close);
        threads.close();
    }
}
