package io.logplane.node;

import io.logplane.node.agent.LocalMachine;
import io.logplane.node.agent.Node;
import io.logplane.node.agent.NodeReporter;
import io.logplane.node.agent.PodBindings;
import io.logplane.node.agent.PodLoop;
import io.logplane.node.agent.Threads;
import io.logplane.node.core.Facts;
import io.logplane.node.core.PodRuntime;
import io.logplane.node.cri.CriRuntime;
import io.logplane.node.http.GatewayClient;
import io.logplane.node.http.KubeletServer;
import io.logplane.node.http.LogRoutes;
import io.logplane.node.http.StreamRoutes;
import io.logplane.node.http.Pem;
import io.logplane.node.kafka.BindingsFeed;
import io.logplane.node.kafka.KafkaFile;
import io.logplane.node.volume.PodFiles;
import io.logplane.schemas.wire.KafkaAccess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One node's agent on a CRI runtime, started by a supervisor or inside another process.
///
/// Stopping it stops no container; the next agent goes on where this one ended.
/// Errors on start: IllegalArgumentException, UncheckedIOException, JavalinBindException, each with one sentence.
public final class NodeAgent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeAgent.class);
    /// How soon a container that ended by itself is noticed; costs two lists over a unix socket.
    private static final Duration RELIST = Duration.ofSeconds(1);
    /// Requests to the gateway at once.
    private static final int REQUESTS = 32;
    /// Exit code that tells the supervisor not to try again.
    private static final int MISCONFIGURED = 3;

    private final Threads threads = new Threads();
    private final PodRuntime runtime;
    private final PodLoop loop;
    private final NodeReporter reporter;
    private final BindingsFeed feed;
    private final KubeletServer server;

    private NodeAgent(NodeConfig config, KafkaAccess kafka) {
        runtime = new CriRuntime(config.criSocket(), RELIST);
        PodFiles files = new PodFiles(config.root());
        Facts facts = facts(config);
        InstantSource clock = InstantSource.system();
        GatewayClient gateway = new GatewayClient(
                GatewayClient.http(Pem.context(config.authority(), config.certificate(), config.key())),
                config.gateway(), Map.of(), new Semaphore(REQUESTS));
        Node node = new Node(facts, runtime, files, gateway, threads, clock, false);
        loop = new PodLoop(node);
        server = KubeletServer.start(
                new KubeletServer.Config(config.nodeIp(), config.port(), config.authority(),
                        config.servingCertificate(), config.servingKey()),
                new LogRoutes(loop::pod, runtime, files, clock), new StreamRoutes(loop::pod, runtime),
                () -> loop.pods().iterator());
        reporter = new NodeReporter(node, new LocalMachine(facts, runtime, config.root(), server.port()));
        feed = new BindingsFeed(kafka, Map.of(config.nodeName(), new PodBindings(loop)));
    }

    /// Returns as soon as everything is under way; the node becomes Ready a moment later.
    public static NodeAgent start(NodeConfig config, KafkaAccess kafka) {
        try {
            Files.createDirectories(config.root());
        } catch (IOException refused) {
            throw new UncheckedIOException("cannot write to " + config.root(), refused);
        }
        NodeAgent agent = new NodeAgent(config, kafka);
        agent.reporter.start(Duration.ZERO);
        agent.feed.start();
        LOG.info("node {} uses {}, kubelet API on port {}", config.nodeName(), config.criSocket(),
                agent.server.port());
        return agent;
    }

    /// Port of the kubelet API.
    public int port() {
        return server.port();
    }

    /// Whether the cluster knows the node.
    public boolean registered() {
        return reporter.registered();
    }

    private static Facts facts(NodeConfig config) {
        return new Facts(config.nodeName(), List.of(config.nodeIp()),
                1000L * Runtime.getRuntime().availableProcessors(), LocalMachine.memory(),
                LocalMachine.storage(config.root()), config.apiHost(), config.apiPort(), config.clusterDns(),
                config.clusterDomain());
    }

    @Override
    public void close() {
        feed.close();
        reporter.close();
        loop.close();
        server.close();
        threads.close();
        runtime.close();
    }

    /// Argument: the path of the configuration, see [NodeConfig].
    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length != 1) {
            System.err.println("usage: NodeAgent CONFIGURATION_FILE");
            System.exit(MISCONFIGURED);
        }
        try {
            NodeConfig config = NodeConfig.read(Path.of(arguments[0]));
            NodeAgent agent = start(config, KafkaFile.read(config.kafka(), config.registry()));
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(agent::close));
        } catch (IllegalArgumentException wrong) {
            System.err.println("node-agent: " + wrong.getMessage());
            System.exit(MISCONFIGURED);
        }
        new CountDownLatch(1).await();
    }
}
