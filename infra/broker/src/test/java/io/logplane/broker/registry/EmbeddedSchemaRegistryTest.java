package io.logplane.broker.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logplane.broker.BrokerStartFailed;
import io.logplane.broker.TestPlane;
import io.logplane.broker.pki.KafkaPki;
import io.logplane.schemas.topics.Component;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.SchemaIds;
import io.logplane.schemas.wire.Subjects;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedSchemaRegistryTest extends RegistryContract {
    @TempDir
    static Path directory;
    private static TestPlane plane;
    private static String url = "";

    @BeforeAll
    static void start() {
        plane = TestPlane.start(directory);
        url = plane.registry().listen("127.0.0.1", 0);
    }

    @AfterAll
    static void stop() {
        plane.close();
    }

    @Override
    String url() {
        return url;
    }

    @Override
    Optional<SSLContext> tls() {
        return Optional.of(plane.kafkaPki().sslContext(Component.GATEWAY));
    }

    @Test
    void itRefusesAClientWithoutACertificateOfOurRoot() {
        Path elsewhere = directory.resolve("other-pki");
        SSLContext stranger = KafkaPki.ensure(elsewhere, List.of("127.0.0.1")).sslContext(Component.GATEWAY);
        for (Optional<SSLContext> tls : List.of(Optional.<SSLContext>empty(), Optional.of(stranger))) {
            assertThatThrownBy(() -> send(tls, "GET", "/subjects", "")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aReaderMayLookUpButNotRegister() throws Exception {
        for (Component reader : List.of(Component.ADMIN, Component.NODE_AGENT)) {
            Optional<SSLContext> tls = Optional.of(plane.kafkaPki().sslContext(reader));
            assertThat(send(tls, "GET", "/subjects", "").status()).isEqualTo(200);
            assertThat(send(tls, "POST", "/subjects/x/versions", "{\"schema\":\"\\\"string\\\"\"}").status())
                    .isEqualTo(403);
            assertThat(send(tls, "PUT", "/config", "{\"compatibility\":\"NONE\"}").code()).isEqualTo(40301);
            assertThat(send(tls, "DELETE", "/subjects/x", "").status()).isEqualTo(403);
            SchemaIds ids = plane.kafkaPki().access(reader, "unused:1", url()).schemaIds();
            for (Subjects.Subject known : Subjects.ALL) {
                assertThat(ids.byId(ids.idOf(known.name(), known.schema()))).isEqualTo(known.schema());
            }
        }
    }

    @Test
    void idsAreTheSameInEveryInstallation() {
        Map<String, Integer> ids = new LinkedHashMap<>();
        SchemaIds registry = plane.registry().schemaIds();
        Subjects.ALL.forEach(known -> ids.putIfAbsent(known.schema().getName(),
                registry.idOf(known.name(), known.schema())));

        assertThat(ids.toString()).isEqualTo("{Genesis=1, WriterHello=2, Barrier=3, FeatureLevel=4, Checkpoint=5, "
                + "Change=6, StateEntry=7, Watermark=8, Command=9, Outcome=10, Binding=11, Decision=12}");
    }

    @Test
    void ourOwnSubjectsCannotBeDeletedOrLoosened() throws Exception {
        String change = Subjects.name(Topics.REGISTRY.name(), io.logplane.schemas.record.Change.getClassSchema());

        assertThat(send("DELETE", "/subjects/" + change, "").code()).isEqualTo(42205);
        assertThat(send("DELETE", "/subjects/" + change + "/versions/1", "").code()).isEqualTo(42205);
        assertThat(put("/config/" + change, "{\"compatibility\":\"NONE\"}").code()).isEqualTo(42205);
        assertThat(put("/config/" + change, "{\"compatibility\":\"FULL\"}").status()).isEqualTo(200);
    }

    @Test
    void deletingIsSoftFirstAndPermanentSecond() throws Exception {
        register(subject, "\"int\"");

        assertThat(send("DELETE", "/subjects/" + subject + "?permanent=true", "").code()).isEqualTo(40405);
        assertThat(send("DELETE", "/subjects/" + subject + "/versions/1", "").body().asInt()).isEqualTo(1);
        assertThat(send("DELETE", "/subjects/" + subject + "/versions/1", "").code()).isEqualTo(40406);
        assertThat(send("DELETE", "/subjects/" + subject, "").code()).isEqualTo(40404);
        assertThat(get("/subjects/" + subject + "/versions?deleted=true").body().toString()).isEqualTo("[1]");
        assertThat(send("DELETE", "/subjects/" + subject + "?permanent=true", "").body().toString()).isEqualTo("[1]");
        assertThat(get("/subjects/" + subject + "/versions?deleted=true").code()).isEqualTo(40401);
    }

    @Test
    void aReadOnlySubjectTakesNothingNew() throws Exception {
        register(subject, "\"int\"");
        assertThat(put("/mode/" + subject, "{\"mode\":\"READONLY\"}").body().path("mode").asText())
                .isEqualTo("READONLY");

        assertThat(post("/subjects/" + subject + "/versions", "\"long\"").code()).isEqualTo(42205);
        assertThat(put("/mode/" + subject, "{\"mode\":\"UPSIDEDOWN\"}").code()).isEqualTo(42204);
        assertThat(send("DELETE", "/mode/" + subject, "").status()).isEqualTo(200);
        assertThat(post("/subjects/" + subject + "/versions", "\"long\"").status()).isEqualTo(200);
    }

    @Test
    void malformedRequestsGetAnAnswerAndNeverA5xx() throws Exception {
        assertThat(send("POST", "/subjects/" + subject + "/versions", "{").status()).isEqualTo(400);
        assertThat(send("POST", "/subjects/" + subject + "/versions", "[]").status()).isEqualTo(400);
        assertThat(send("POST", "/subjects/" + subject + "/versions", "{}").code()).isEqualTo(42201);
        assertThat(post("/subjects/" + subject + "/versions", "[".repeat(100_000)).code()).isEqualTo(42201);
        assertThat(send("POST", "/subjects/x/versions", "x".repeat(2_000_000)).status()).isEqualTo(413);
        // Confluent's code for it; Apicurio answers 40402.
        assertThat(get("/subjects/" + subject + "/versions/0").code()).isEqualTo(42202);
        assertThat(get("/schemas/ids/many").code()).isEqualTo(40403);
        assertThat(get("/nowhere").code()).isEqualTo(404);
    }

    @Test
    void everythingIsThereAgainAfterARestartAndAPoisonRecordHarmsNobody(@TempDir Path own) throws Exception {
        try (TestPlane other = TestPlane.start(own)) {
            int id = other.registry().schemaIds().idOf(subject, org.apache.avro.Schema.create(
                    org.apache.avro.Schema.Type.LONG));
            try (var producer = new KafkaProducer<>(other.access(Component.SCHEMA_REGISTRY).clientProperties(),
                    new ByteArraySerializer(), new ByteArraySerializer())) {
                for (String poison : List.of("", "nonsense", "{\"keytype\":\"SCHEMA\"}", "{\"keytype\":\"?\"}",
                        "[1]")) {
                    producer.send(new ProducerRecord<>(Topics.SCHEMAS.name(), poison.getBytes(StandardCharsets.UTF_8),
                            "{\"id\":-1}".getBytes(StandardCharsets.UTF_8))).get();
                }
            }
            other.kill();
            other.resume();

            assertThat(other.registry().schemaIds().byId(id).getType()).isEqualTo(org.apache.avro.Schema.Type.LONG);
            assertThat(keysOf(other)).contains("{\"keytype\":\"NOOP\",\"magic\":0}",
                    "{\"keytype\":\"SCHEMA\",\"subject\":\"" + subject + "\",\"version\":1,\"magic\":1}");
        }
    }

    @Test
    void aBusyPortIsOneClearSentence() throws Exception {
        try (ServerSocket busy = new ServerSocket(0)) {
            assertThatThrownBy(() -> plane.registry().listen("127.0.0.1", busy.getLocalPort()))
                    .isInstanceOf(BrokerStartFailed.class).hasMessageContaining("Port " + busy.getLocalPort());
        }
    }

    private static List<String> keysOf(TestPlane of) {
        var settings = of.access(Component.ADMIN).clientProperties();
        TopicPartition schemas = new TopicPartition(Topics.SCHEMAS.name(), 0);
        List<String> keys = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(schemas));
            consumer.seekToBeginning(List.of(schemas));
            long end = consumer.endOffsets(List.of(schemas)).getOrDefault(schemas, 0L);
            while (consumer.position(schemas) < end) {
                consumer.poll(Duration.ofSeconds(5)).forEach(record -> keys.add(record.key()));
            }
        }
        return keys;
    }
}
