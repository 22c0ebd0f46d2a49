package io.logplane.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.broker.TestPlane;
import io.logplane.broker.pki.ClusterPki;
import io.logplane.broker.pki.PemPair;
import io.logplane.node.cri.CriRuntime;
import io.logplane.node.http.GatewayClient;
import io.logplane.node.http.Pem;
import io.logplane.node.kafka.KafkaFile;
import io.logplane.schemas.model.ObjectJson;
import io.logplane.schemas.record.Binding;
import io.logplane.schemas.topics.Component;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.RecordCodec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The agent as a process of its own, as the supervisor runs it: real Kafka, real containerd, HTTPS both ways; only the gateway
/// is a fake.
@Tag("containers")
class NodeAgentTest {
    @TempDir
    Path directory;
    private TestContainerd containerd;
    private TestPlane plane;
    private FakeGateway gateway;
    private ClusterPki pki;
    private KafkaProducer<byte[], byte[]> producer;
    private RecordCodec codec;
    private Path config;
    private Process agent;

    @BeforeEach
    void startEverything() throws Exception {
        containerd = TestContainerd.start();
        plane = TestPlane.start(directory.resolve("plane"));
        String registry = plane.registry().listen("127.0.0.1", 0);
        pki = ClusterPki.ensure(directory.resolve("pki"), List.of());
        gateway = new FakeGateway(Optional.of(Pem.context(pki.authorityCertificate(), pki.gateway().certificate(),
                pki.gateway().key())));
        codec = new RecordCodec(plane.access(Component.SCHEDULER).schemaIds());
        producer = new KafkaProducer<>(plane.access(Component.SCHEDULER).clientProperties(),
                new ByteArraySerializer(), new ByteArraySerializer());
        gateway.onPod((key, pod) -> producer.send(new ProducerRecord<>(Topics.BINDINGS.name(),
                ("n/" + key).getBytes(StandardCharsets.UTF_8), pod.map(this::binding).orElse(null))));
        PemPair client = pki.node("n");
        PemPair serving = pki.nodeServing("n", List.of("127.0.0.1"));
        Path kafka = directory.resolve("kafka.properties");
        KafkaFile.write(plane.access(Component.NODE_AGENT), kafka);
        config = directory.resolve("node.properties");
        new NodeConfig("n", "127.0.0.1", 0, containerd.dir().resolve("node"), gateway.uri(),
                pki.authorityCertificate(), client.certificate(), client.key(), serving.certificate(), serving.key(),
                kafka, registry, containerd.socket(), "127.0.0.1", 6443, List.of(), "cluster.local").write(config);
        agent = agent();
    }

    private byte[] binding(ObjectNode pod) {
        return codec.encode(Topics.BINDINGS.name(),
                new Binding("n", "/core/pods/default/" + pod.at("/metadata/name").asText(),
                        pod.at("/metadata/uid").asText(), 1L, ByteBuffer.wrap(ObjectJson.canonical(pod)), 1L));
    }

    private Process agent() throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xms32m",
                "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+UseCompactObjectHeaders",
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp", classPath,
                "io.logplane.node.NodeAgent", config.toString()).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("agent.log").toFile())).start();
    }

    @AfterEach
    void stopEverything() throws Exception {
        if (agent != null) {
            agent.destroyForcibly().waitFor();
            Files.copy(directory.resolve("agent.log"), Path.of("target", "agent.log"),
                    StandardCopyOption.REPLACE_EXISTING);
            producer.close();
            gateway.close();
            plane.close();
        }
        if (containerd != null) {
            containerd.close();
        }
    }

    private boolean running(String pod) {
        return gateway.pod(pod).at("/status/containerStatuses/0/ready").asBoolean();
    }

    private String logs(String pod) throws Exception {
        int port = gateway.get("/api/v1/nodes/n").orElseThrow().at("/status/daemonEndpoints/kubeletEndpoint/Port")
                .asInt();
        var tls = Pem.context(pki.authorityCertificate(), pki.kubeletClient().certificate(),
                pki.kubeletClient().key());
        return GatewayClient.http(tls).send(HttpRequest
                .newBuilder(URI.create("https://127.0.0.1:" + port + "/containerLogs/default/" + pod + "/c")).build(),
                BodyHandlers.ofString()).body();
    }

    private List<String> containers() {
        try (CriRuntime runtime = new CriRuntime(containerd.socket(), Duration.ofSeconds(1))) {
            return runtime.observeAll().values().stream().flatMap(o -> o.containers().stream()).map(c -> c.id())
                    .toList();
        }
    }

    @Test
    void a_pod_survives_kill_9_of_its_agent_and_of_the_runtime_and_is_cleaned_up_after_all() throws Exception {
        long began = System.nanoTime();
        await().atMost(Duration.ofSeconds(30)).until(() -> gateway.get("/api/v1/nodes/n").isPresent());
        System.out.println("agent started and registered, ms: " + (System.nanoTime() - began) / 1_000_000);
        gateway.putPod(TestPods.shell("p", "echo hello; exec sleep 1000"));
        await().atMost(Duration.ofSeconds(20)).until(() -> running("p"));
        assertThat(logs("p")).isEqualTo("hello\n");
        List<String> before = containers();
        measure();

        agent.destroyForcibly().waitFor();
        long statuses = gateway.count("PATCH /api/v1/nodes");
        agent = agent();
        await().atMost(Duration.ofSeconds(30)).until(() -> gateway.count("PATCH /api/v1/nodes") > statuses);
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> logs("p").equals("hello\n"));
        assertThat(containers()).isEqualTo(before);

        containerd.kill();
        containerd.resume();
        assertThat(containers()).isEqualTo(before);
        agent.destroyForcibly().waitFor();
        gateway.forgetPod("p");
        producer.flush();
        agent = agent();
        await().atMost(Duration.ofSeconds(30)).until(() -> containers().isEmpty());
        assertThat(Files.readString(directory.resolve("agent.log"))).doesNotContain(" ERROR ");
    }

    /// Units: MiB of resident memory, percent of one core over two seconds at rest.
    private void measure() throws Exception {
        long cpu = agent.info().totalCpuDuration().orElseThrow().toMillis();
        await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
        cpu = agent.info().totalCpuDuration().orElseThrow().toMillis() - cpu;
        String rss = Files.readAllLines(Path.of("/proc/" + agent.pid() + "/status")).stream()
                .filter(l -> l.startsWith("VmRSS")).findFirst().orElse("");
        long mib = Long.parseLong(rss.replaceAll("[^0-9]", "")) / 1024;
        System.out.println("agent at rest: " + mib + " MiB, " + cpu / 20.0 + " % of a core");
        assertThat(mib).isLessThan(200);
    }
}
