package io.logplane.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logplane.broker.pki.KafkaPki;
import io.logplane.schemas.topics.Component;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.KafkaAccess;
import io.logplane.schemas.wire.LocalSchemaIds;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// kill -9 of a real broker process: nothing acknowledged is lost, and it is back in seconds.
class BrokerKilledTest {
    private static final int KILLS = 2;
    /// Five seconds were seen from the start of the JVM on a busy machine; the rest is room.
    private static final Duration BACK_WITHIN = Duration.ofSeconds(30);
    private static final Duration START = Duration.ofSeconds(60);
    private static final TopicPartition REGISTRY = new TopicPartition(Topics.REGISTRY.name(), 0);
    @TempDir
    Path directory;

    @Test
    void acknowledgedRecordsSurviveKillsAndTheBrokerComesBackSoon() throws Exception {
        int port = freePort();
        int controllerPort = freePort();
        List<String> acknowledged = new ArrayList<>();
        Process broker = start(port, controllerPort);
        try {
            KafkaPki pki = KafkaPki.at(directory.resolve("pki"));
            for (int kill = 0; kill < KILLS; kill++) {
                try (var producer = producer(pki, port)) {
                    for (int i = 0; i < 50; i++) {
                        String value = kill + "-" + i;
                        producer.send(new ProducerRecord<>(REGISTRY.topic(), value.getBytes(StandardCharsets.UTF_8)))
                                .get(10, TimeUnit.SECONDS);
                        acknowledged.add(value);
                    }
                    broker.destroyForcibly().waitFor();
                }
                long begin = System.nanoTime();
                broker = start(port, controllerPort);
                Duration took = Duration.ofNanos(System.nanoTime() - begin);
                System.out.println("back after kill -9 in " + took.toMillis() + " ms");
                assertThat(took).isLessThan(BACK_WITHIN);
            }
            assertThat(read(pki, port, acknowledged.size())).isEqualTo(acknowledged);
        } finally {
            broker.destroyForcibly().waitFor();
        }
    }

    private Process start(int port, int controllerPort) throws IOException {
        Path output = directory.resolve("broker.out");
        Files.deleteIfExists(output);
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                BrokerProcess.class.getName(), directory.toString(), Integer.toString(port),
                Integer.toString(controllerPort)).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        await().atMost(START).until(() -> Files.readString(output).contains("UP") || !process.isAlive());
        assertThat(process.isAlive()).as(Files.readString(output)).isTrue();
        return process;
    }

    private static KafkaProducer<byte[], byte[]> producer(KafkaPki pki, int port) {
        Properties properties = access(pki, Component.GATEWAY, port).clientProperties();
        properties.setProperty("acks", "all");
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static List<String> read(KafkaPki pki, int port, int count) {
        List<String> values = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(access(pki, Component.ADMIN, port).clientProperties(),
                new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(REGISTRY));
            consumer.seekToBeginning(List.of(REGISTRY));
            while (values.size() < count) {
                var records = consumer.poll(Duration.ofSeconds(10));
                assertThat(records).as("after " + values.size() + " records").isNotEmpty();
                records.forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }

    private static KafkaAccess access(KafkaPki pki, Component component, int port) {
        return pki.access(component, "127.0.0.1:" + port, new LocalSchemaIds());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
