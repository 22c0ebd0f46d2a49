package io.logplane.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.broker.TestPlane;
import io.logplane.node.hollow.HollowNodes;
import io.logplane.schemas.model.ObjectJson;
import io.logplane.schemas.record.Binding;
import io.logplane.schemas.topics.Component;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.KafkaAccess;
import io.logplane.schemas.wire.RecordCodec;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Hollow nodes on a real broker: bindings in, statuses out.
class HollowNodesTest {
    private static final int NODES = 200;

    @TempDir
    static Path directory;
    private static TestPlane plane;
    private static KafkaProducer<byte[], byte[]> producer;
    private static RecordCodec codec;

    private FakeGateway gateway;
    private HollowNodes nodes;

    @BeforeAll
    static void startKafka() {
        plane = TestPlane.start(directory);
        KafkaAccess scheduler = plane.access(Component.SCHEDULER);
        codec = new RecordCodec(scheduler.schemaIds());
        producer = new KafkaProducer<>(scheduler.clientProperties(), new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @AfterAll
    static void stopKafka() {
        producer.close();
        plane.close();
    }

    @BeforeEach
    void startNodes() {
        gateway = new FakeGateway();
        gateway.onPod((key, pod) -> pod.ifPresentOrElse(HollowNodesTest::bind, () -> unbind(key)));
        nodes = HollowNodes.start(new HollowNodes.Config(NODES, gateway.uri(), HttpClient.newHttpClient(),
                name -> Map.of("Impersonate-User", "system:node:" + name), plane.access(Component.NODE_AGENT)));
    }

    @AfterEach
    void stopNodes() {
        nodes.close();
        gateway.close();
    }

    private static void bind(ObjectNode pod) {
        String node = pod.at("/spec/nodeName").asText();
        String name = pod.at("/metadata/name").asText();
        send(node + "/default/" + name, Optional.of(codec.encode(Topics.BINDINGS.name(),
                new Binding(node, "/core/pods/default/" + name, pod.at("/metadata/uid").asText(), 1L,
                        ByteBuffer.wrap(ObjectJson.canonical(pod)), 1L))));
    }

    private static void unbind(String key) {
        String name = key.split("/")[1];
        send(node(Integer.parseInt(name.substring(1))) + "/" + key, Optional.empty());
    }

    private static void send(String key, Optional<byte[]> value) {
        producer.send(new ProducerRecord<>(Topics.BINDINGS.name(), key.getBytes(StandardCharsets.UTF_8),
                value.orElse(null)));
    }

    private static String node(int pod) {
        return HollowNodes.name(pod % NODES);
    }

    private static ObjectNode pod(int index) {
        return TestPods.pod("p" + index, "{'nodeName':'" + node(index)
                + "','containers':[{'name':'c','image':'x'}]}");
    }

    @Test
    void a_node_that_was_given_up_says_that_it_is_back() {
        await().atMost(Duration.ofSeconds(20)).until(() -> nodes.registered() == NODES);
        String path = "/api/v1/nodes/" + HollowNodes.name(7);
        ObjectNode given = gateway.get(path).orElseThrow();
        for (var condition : given.path("status").path("conditions")) {
            ((ObjectNode) condition).put("status", "Unknown");
        }
        gateway.put(path, given);

        await().atMost(Duration.ofSeconds(30)).until(() -> gateway.get(path).orElseThrow().at("/status/conditions")
                .toString().contains("\"type\":\"Ready\",\"status\":\"True\""));
    }

    @Test
    void all_nodes_register_and_every_pod_runs_after_one_status_request() {
        long began = System.nanoTime();
        await().atMost(Duration.ofSeconds(20)).until(() -> nodes.registered() == NODES);
        System.out.println(NODES + " nodes registered, ms: " + (System.nanoTime() - began) / 1_000_000);
        int pods = 600;
        began = System.nanoTime();
        for (int i = 0; i < pods; i++) {
            gateway.putPod(pod(i));
        }
        await().atMost(Duration.ofSeconds(20)).untilAsserted(
                () -> assertThat(gateway.count("PATCH /api/v1/namespaces/default/pods")).isEqualTo(pods));
        System.out.println(pods + " pods Running, ms: " + (System.nanoTime() - began) / 1_000_000);
        assertThat(gateway.pod("p7").at("/status/phase").asText()).isEqualTo("Running");
        assertThat(gateway.get("/api/v1/nodes/hollow-0007").orElseThrow().at("/status/conditions/3/status").asText())
                .isEqualTo("True");
        assertThat(gateway.count("POST /apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"))
                .isEqualTo(NODES);
        for (int i = 0; i < pods; i++) {
            gateway.deletePod("p" + i, 30);
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> gateway.count("DELETE") == pods);
    }

    @Test
    void a_pod_that_came_and_went_before_the_start_is_never_run() {
        await().atMost(Duration.ofSeconds(20)).until(() -> nodes.registered() == NODES);
        nodes.close();
        for (int i = 0; i < 50; i++) {
            gateway.putPod(pod(i));
            gateway.forgetPod("p" + i);
        }
        gateway.putPod(pod(60));
        producer.flush();
        nodes = HollowNodes.start(new HollowNodes.Config(NODES, gateway.uri(), HttpClient.newHttpClient(),
                name -> Map.of(), plane.access(Component.NODE_AGENT)));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> gateway.pod("p60").at("/status/phase").asText().equals("Running"));
        assertThat(gateway.count("PATCH /api/v1/namespaces/default/pods")).isEqualTo(1);
        gateway.forgetPod("p60");
    }

    @Test
    void a_poison_record_is_left_out_and_the_next_one_is_served() {
        send(HollowNodes.name(1) + "/default/poison", Optional.of(new byte[]{1, 2, 3}));
        send("not a key", Optional.of(new byte[]{0}));
        gateway.putPod(pod(1));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> gateway.pod("p1").at("/status/phase").asText().equals("Running"));
        gateway.forgetPod("p1");
    }

    @Test
    void the_feed_goes_on_after_the_broker_was_away() {
        await().atMost(Duration.ofSeconds(20)).until(() -> nodes.registered() == NODES);
        plane.restart();
        gateway.putPod(pod(2));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> gateway.pod("p2").at("/status/phase").asText().equals("Running"));
        gateway.forgetPod("p2");
    }
}
