package io.logplane.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.logplane.schemas.record.Barrier;
import io.logplane.schemas.topics.Component;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.RecordCodec;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The administrator reads every topic with tools that know nothing of Logplane, and writes none.
class KcatConfigTest {
    @TempDir
    static Path directory;
    private static TestPlane plane;

    @BeforeAll
    static void startAndWriteOneRecord() throws Exception {
        plane = TestPlane.start(directory);
        byte[] record = new RecordCodec(plane.access(Component.GATEWAY).schemaIds()).encode(Topics.REGISTRY.name(),
                new Barrier("gateway-1", 1L, 1L));
        try (var producer = new KafkaProducer<>(plane.access(Component.GATEWAY).clientProperties(),
                new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(Topics.REGISTRY.name(), "/~barrier".getBytes(StandardCharsets.UTF_8),
                    record)).get();
        }
    }

    @AfterAll
    static void stop() {
        plane.close();
    }

    @Test
    void kcatReadsTheRegistryAndCannotWriteIt() throws Exception {
        assumeTrue(onPath("kcat"), "kcat is not installed");
        Path file = directory.resolve("admin.kcat.properties");
        KcatConfig.write(file, plane.kafkaPki(), plane.kafka().bootstrapServers());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");

        assertThat(kcat(file, "-C", "-t", "registry", "-o", "beginning", "-e", "-q", "-f", "%k\n"))
                .isEqualTo("/~barrier\n");
        assertThat(kcat(file, "-P", "-t", "registry", "-l", file.toString())).containsIgnoringCase("authorization");
    }

    @Test
    void theConsoleConsumersFileServesAnyKafkaConsumer() throws Exception {
        Path file = directory.resolve("admin.consumer.properties");
        KcatConfig.writeForConsoleConsumer(file, plane.kafkaPki(), plane.kafka().bootstrapServers());
        Properties settings = new Properties();
        try (var in = Files.newInputStream(file)) {
            settings.load(in);
        }
        settings.setProperty("auto.offset.reset", "earliest");
        List<String> keys = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(Topics.REGISTRY.name()));
            consumer.poll(Duration.ofSeconds(20)).forEach(record -> keys.add(record.key()));
        }
        assertThat(keys).containsExactly("/~barrier");
    }

    private static String kcat(Path file, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("kcat", "-F", file.toString(), "-m", "10"));
        command.addAll(List.of(arguments));
        Process kcat = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(directory.resolve("kcat.out").toFile()).start();
        assertThat(kcat.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return Files.readString(directory.resolve("kcat.out")).replaceAll("(?m)^% Reading configuration.*\n", "");
    }

    private static boolean onPath(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
    }
}
