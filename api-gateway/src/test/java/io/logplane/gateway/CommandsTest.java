package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.schemas.record.Cause;
import io.logplane.schemas.record.Command;
import io.logplane.schemas.record.CommandVerb;
import io.logplane.schemas.record.Outcome;
import io.logplane.schemas.topics.Component;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.KafkaAccess;
import io.logplane.schemas.wire.RecordCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Commands through a real topic into a real gateway.
class CommandsTest {
    private static final String RS = "/apps/replicasets/default/web";
    private static final String CONTROLLER = "system:serviceaccount:kube-system:replicaset-controller";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    static Path directory;
    private static DevPlane plane;
    private static ApiClient admin;
    private static KafkaProducer<String, byte[]> commands;
    private static KafkaConsumer<String, byte[]> outcomes;
    private static RecordCodec codec;
    private static final Map<String, Outcome> ANSWERED = new HashMap<>();

    @BeforeAll
    static void start() throws Exception {
        plane = DevPlane.start(directory, 0);
        admin = new ApiClient(plane.port(), plane.pki().authorityCertificate(), plane.pki().admin());
        org.awaitility.Awaitility.await().atMost(PATIENCE).until(() -> admin.get("/readyz").code() == 200);
        admin.post("/api/v1/namespaces/default/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
        KafkaAccess access = plane.kafka().access(Component.CONTROLLERS);
        codec = new RecordCodec(access.schemaIds());
        Properties settings = access.clientProperties();
        commands = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
        outcomes = new KafkaConsumer<>(access.clientProperties(), new StringDeserializer(),
                new ByteArrayDeserializer());
        TopicPartition partition = new TopicPartition(Topics.OUTCOMES.name(), 0);
        outcomes.assign(List.of(partition));
        outcomes.seekToBeginning(List.of(partition));
    }

    @AfterAll
    static void stop() {
        commands.close(Duration.ofSeconds(1));
        outcomes.close();
        plane.close();
    }

    private static Command command(String id, CommandVerb verb, String key, String body, String user) {
        return new Command(id, verb, key, "", body.isEmpty()
                ? null
                : ByteBuffer.wrap(body.getBytes(
                        StandardCharsets.UTF_8)),
                null, null, user, RS, new Cause("replicaset-controller", "registry", List.of(
                        1L)),
                0L);
    }

    private static void send(Command command) {
        commands.send(new ProducerRecord<>(Topics.COMMANDS.name(), command.getKey(), codec.encode(Topics.COMMANDS
                .name(), command)));
    }

    private static Outcome outcome(String id) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!ANSWERED.containsKey(id) && System.nanoTime() < end) {
            for (ConsumerRecord<String, byte[]> record : outcomes.poll(Duration.ofMillis(100))) {
                Outcome outcome = (Outcome) codec.decode(record.value());
                ANSWERED.put(outcome.getCommandId(), outcome);
            }
        }
        assertThat(ANSWERED).containsKey(id);
        return ANSWERED.get(id);
    }

    private static String pod(String name) {
        return "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"" + name
                + "\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}";
    }

    @Test
    void aCommandIsWrittenAsTheUserItNamesAndAnswered() {
        send(command("create-1", CommandVerb.CREATE, "/core/pods/default/web-1", pod("web-1"), CONTROLLER));

        Outcome outcome = outcome("create-1");

        assertThat(outcome.getCode()).isEqualTo(201);
        assertThat(outcome.getPrimary()).isEqualTo(RS);
        assertThat(admin.get("/api/v1/namespaces/default/pods/web-1").revision()).isEqualTo(Long.toString(outcome
                .getRevision()));
    }

    @Test
    void aCommandItsUserMayNotGiveIsRefused() {
        send(command("forbidden", CommandVerb.DELETE, "/core/namespaces/-/default", "", CONTROLLER));

        assertThat(outcome("forbidden").getCode()).isEqualTo(403);
        assertThat(outcome("forbidden").getReason()).isEqualTo("Forbidden");
    }

    @Test
    void aCommandThatExpectsAnotherObjectIsRefused() {
        send(command("create-2", CommandVerb.CREATE, "/core/pods/default/web-2", pod("web-2"), CONTROLLER));
        outcome("create-2");
        Command delete = command("delete-2", CommandVerb.DELETE, "/core/pods/default/web-2", "", CONTROLLER);
        delete.setExpectedUid("another");
        send(delete);

        assertThat(outcome("delete-2").getCode()).isEqualTo(409);
        send(command("delete-2b", CommandVerb.DELETE, "/core/pods/default/web-2", "", CONTROLLER));
        assertThat(outcome("delete-2b").getCode()).isEqualTo(200);
    }

    @Test
    void theSchedulerBindsAPodOnce() {
        send(command("create-3", CommandVerb.CREATE, "/core/pods/default/web-3", pod("web-3"), CONTROLLER));
        outcome("create-3");
        String binding = "{\"kind\":\"Binding\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"web-3\"},\"target\":{\"kind\":\"Node\",\"name\":\"%s\"}}";
        send(command("bind-a", CommandVerb.BIND, "/core/pods/default/web-3", binding.formatted("n1"),
                "system:kube-scheduler"));
        send(command("bind-b", CommandVerb.BIND, "/core/pods/default/web-3", binding.formatted("n2"),
                "system:kube-scheduler"));

        assertThat(outcome("bind-a").getCode()).isEqualTo(201);
        assertThat(outcome("bind-b").getCode()).isEqualTo(409);
        assertThat(admin.get("/api/v1/namespaces/default/pods/web-3").json().at("/spec/nodeName").asText()).isEqualTo(
                "n1");
    }

    @Test
    void aRecordThatIsNoCommandIsReportedAndTheNextOneRuns() {
        commands.send(new ProducerRecord<>(Topics.COMMANDS.name(), "/core/pods/default/poison", new byte[]{1, 2, 3}));
        send(command("create-4", CommandVerb.CREATE, "/core/pods/default/web-4", pod("web-4"), CONTROLLER));

        assertThat(outcome("create-4").getCode()).isEqualTo(201);
        assertThat(outcome("").getKey()).isEqualTo("/core/pods/default/poison");
        assertThat(outcome("").getCode()).isEqualTo(400);
    }

    @Test
    void aThousandCommandsAreAnsweredEachOnce() {
        long started = System.nanoTime();
        for (int i = 0; i < 1000; i++) {
            send(command("many-" + i, CommandVerb.CREATE, "/core/pods/default/many-" + i, pod("many-" + i),
                    CONTROLLER));
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(outcome("many-" + i).getCode()).isEqualTo(201);
        }
        System.out.println("1000 commands in " + (System.nanoTime() - started) / 1_000_000 + " ms");
    }
}
