package io.logplane.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.schemas.topics.Component;
import io.logplane.schemas.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The rights of a component are enough to run Kafka Streams with a changelog and a repartition topic, and no more.
class StreamsRightsTest {
    @TempDir
    Path directory;

    @Test
    void aStreamsApplicationOfItsOwnNameRunsWithTheRightsOfItsComponent() throws Exception {
        try (TestPlane plane = TestPlane.start(directory)) {
            CountDownLatch counted = new CountDownLatch(1);
            StreamsBuilder builder = new StreamsBuilder();
            builder.stream(Topics.STATE.name(), Consumed.with(Serdes.String(), Serdes.String()))
                    .groupBy((key, value) -> value).count().toStream().peek((value, count) -> counted.countDown())
                    .mapValues(String::valueOf)
                    .to(Topics.COMMANDS.name(), Produced.with(Serdes.String(), Serdes.String()));
            Properties settings = plane.access(Component.SCHEDULER).clientProperties();
            settings.setProperty("application.id", Component.SCHEDULER.commonName());
            settings.setProperty("state.dir", directory.resolve("streams").toString());
            settings.setProperty("default.key.serde", Serdes.StringSerde.class.getName());
            settings.setProperty("default.value.serde", Serdes.StringSerde.class.getName());
            settings.setProperty("auto.offset.reset", "earliest");
            settings.setProperty("commit.interval.ms", "50");
            try (var producer = new KafkaProducer<>(plane.access(Component.MATERIALISER).clientProperties(),
                    new ByteArraySerializer(), new ByteArraySerializer());
                    var streams = new KafkaStreams(builder.build(), settings)) {
                streams.start();
                producer.send(new ProducerRecord<>(Topics.STATE.name(), "k".getBytes(StandardCharsets.UTF_8),
                        "v".getBytes(StandardCharsets.UTF_8))).get();

                assertThat(counted.await(40, TimeUnit.SECONDS)).isTrue();
                assertThat(internalTopics(plane)).hasSize(2)
                        .allMatch(name -> name.startsWith("logplane-scheduler-"));
            }
        }
    }

    private static Set<String> internalTopics(TestPlane plane) throws Exception {
        try (Admin admin = Admin.create(plane.access(Component.ADMIN).clientProperties())) {
            Set<String> names = new TreeSet<>(admin.listTopics().names().get());
            Topics.ALL.forEach(topic -> names.remove(topic.name()));
            return names;
        }
    }
}
