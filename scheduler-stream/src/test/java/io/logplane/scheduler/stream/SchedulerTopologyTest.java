package io.logplane.scheduler.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.scheduler.Given;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.record.Binding;
import io.logplane.schemas.record.Command;
import io.logplane.schemas.record.CommandVerb;
import io.logplane.schemas.record.Decision;
import io.logplane.schemas.record.Outcome;
import io.logplane.schemas.wire.LocalSchemaIds;
import io.logplane.schemas.wire.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.BiConsumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The shell without a broker: which records come out for which records in, on a clock the test moves.
class SchedulerTopologyTest {
    private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");
    private static final byte[] POISON = {0, 0, 0, 0, 99, 1};
    private final RecordCodec codec = new RecordCodec(new LocalSchemaIds());
    private final Published published = new Published();
    private final List<TopologyTestDriver> drivers = new ArrayList<>();
    private TopologyTestDriver driver = start(0);
    private long revision;

    @AfterEach
    void close() {
        drivers.forEach(TopologyTestDriver::close);
    }

    @Test
    void a_pod_is_bound_at_the_end_of_a_batch_and_not_before() {
        put(Given.nodeKey("a"), Given.node("a"));
        put(Given.podKey("p"), Given.pod("p"));
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        assertThat(commands()).isEmpty();
        watermark();
        Command bind = only(commands());
        assertThat(bind.getVerb()).isEqualTo(CommandVerb.BIND);
        assertThat(bind.getId()).isEqualTo("bind/p-uid/2/1");
        assertThat(bind.getKey()).isEqualTo("/core/pods/default/p");
        assertThat(bind.getPrimary()).isEqualTo("/core/pods/default/p");
        assertThat(bind.getUser()).isEqualTo("system:kube-scheduler");
        assertThat(bind.getExpectedUid()).isEqualTo("p-uid");
        assertThat(bind.getCause().getRevisions()).containsExactly(2L, 1L);
        assertThat(body(bind)).isEqualTo(Json.object(Given.json("{'kind':'Binding','apiVersion':'v1','metadata':"
                + "{'name':'p','namespace':'default','uid':'p-uid'},'target':{'kind':'Node','name':'a'}}")));
        Decision decision = only(read("decisions", Decision.class));
        assertThat(decision.getNode()).isEqualTo("a");
        assertThat(decision.getStateRevision()).isEqualTo(2);
        watermark();
        assertThat(commands()).as("bound once").isEmpty();
    }

    @Test
    void the_scheduled_event_comes_when_the_state_shows_the_binding() {
        put(Given.nodeKey("a"), Given.node("a"));
        put(Given.podKey("p"), Given.pod("p"));
        watermark();
        commands();
        put(Given.podKey("p"), Given.bound("p", "a"));
        watermark();
        Command event = only(commands());
        assertThat(event.getVerb()).isEqualTo(CommandVerb.CREATE);
        assertThat(event.getKey()).startsWith("/core/events/default/p.");
        assertThat(body(event).path("message").asText()).isEqualTo("Successfully assigned default/p to a");
        assertThat(body(event).path("reason").asText()).isEqualTo("Scheduled");
        Binding binding = only(read("bindings", Binding.class));
        assertThat(binding.getNode()).isEqualTo("a");
        assertThat(binding.getRevision()).isEqualTo(3);
    }

    @Test
    void an_unschedulable_pod_gets_its_condition_and_one_event_and_keeps_its_other_conditions() {
        put(Given.nodeKey("a"), Given.node("a"));
        String pod = new String(Given.pod("p", "{}", "{'cpu':'9'}", "{}"), StandardCharsets.UTF_8);
        put(Given.podKey("p"),
                pod.replace("\"phase\"", "\"conditions\":[{\"type\":\"Other\",\"status\":\"True\"}],\"phase\"")
                        .getBytes(StandardCharsets.UTF_8));
        watermark();
        List<Command> commands = commands();
        assertThat(commands).extracting(Command::getVerb).containsExactly(CommandVerb.MERGE_PATCH, CommandVerb.CREATE);
        JsonNode conditions = body(commands.getFirst()).at("/status/conditions");
        assertThat(conditions.at("/0/type").asText()).isEqualTo("Other");
        assertThat(conditions.at("/1/reason").asText()).isEqualTo("Unschedulable");
        assertThat(commands.getFirst().getExpectedRevision()).isEqualTo(2);
        assertThat(body(commands.getLast()).path("reason").asText()).isEqualTo("FailedScheduling");
        put(Given.podKey("p"), pod.replace("\"phase\"", "\"conditions\":" + conditions + ",\"phase\"")
                .getBytes(StandardCharsets.UTF_8));
        put(Given.nodeKey("a"), Given.node("a", "{}", "{}", "{'cpu':'5','memory':'8Gi','pods':'9'}"));
        watermark();
        driver.advanceWallClockTime(Duration.ofSeconds(2));
        assertThat(read("decisions", Decision.class)).hasSize(2);
        assertThat(commands()).as("nothing new to say").isEmpty();
    }

    @Test
    void a_refused_bind_is_tried_again_after_a_pause_under_a_new_id() {
        put(Given.nodeKey("a"), Given.node("a"));
        put(Given.podKey("p"), Given.pod("p"));
        watermark();
        Command bind = only(commands());
        outcome(bind.getId(), 201);
        outcome("bind/p-uid/1/1", 409);
        driver.advanceWallClockTime(Duration.ofSeconds(20));
        assertThat(commands()).as("accepted, or about another attempt").isEmpty();
        outcome(bind.getId(), 503);
        driver.advanceWallClockTime(Duration.ofMillis(800));
        assertThat(commands()).isEmpty();
        driver.advanceWallClockTime(Duration.ofMillis(400));
        assertThat(only(commands()).getId()).isEqualTo("bind/p-uid/2/2");
    }

    @Test
    void poison_is_left_out_and_everything_else_goes_on() {
        state().pipeInput("/core/nodes/-/bad".getBytes(StandardCharsets.UTF_8), POISON);
        state().pipeInput("no key".getBytes(StandardCharsets.UTF_8), POISON);
        state().pipeInput("/~watermark/registry".getBytes(StandardCharsets.UTF_8), POISON);
        put(Given.podKey("broken"), Given.json("[]"));
        outcomes().pipeInput("/core/pods/default/p".getBytes(StandardCharsets.UTF_8), POISON);
        put(Given.nodeKey("a"), Given.node("a"));
        put(Given.podKey("p"), Given.pod("p"));
        watermark();
        assertThat(only(commands()).getKey()).isEqualTo("/core/pods/default/p");
    }

    @Test
    void before_the_end_it_found_at_start_it_decides_and_publishes_nothing() {
        driver = start(4);
        put(Given.nodeKey("a"), Given.node("a"));
        watermark();
        put(Given.podKey("p"), Given.bound("p", "a"));
        assertThat(driver.producedTopicNames()).isEmpty();
        watermark();
        assertThat(read("bindings", Binding.class)).hasSize(1);
    }

    @Test
    void bindings_of_pods_that_went_while_it_was_away_are_taken_back() {
        published.records.put("a/default/gone", codec.encode("bindings", Binding.newBuilder().setNode("a")
                .setKey("/core/pods/default/gone").setUid("u").setRevision(1).setPod(java.nio.ByteBuffer.allocate(0))
                .setTimestamp(0).build()));
        driver = start(0);
        put(Given.nodeKey("a"), Given.node("a"));
        watermark();
        List<TestRecord<byte[], byte[]>> records = output("bindings");
        assertThat(records).hasSize(1);
        assertThat(new String(records.getFirst().key(), StandardCharsets.UTF_8)).isEqualTo("a/default/gone");
        assertThat(records.getFirst().value()).isNull();
    }

    @Test
    void binds_that_were_on_their_way_at_a_restart_go_to_the_same_node_under_the_same_id() {
        put(Given.nodeKey("a"), Given.node("a"));
        put(Given.nodeKey("b"), Given.node("b"));
        put(Given.podKey("p"), Given.pod("p"));
        watermark();
        Command before = only(commands());
        Decision decision = only(read("decisions", Decision.class));
        String other = decision.getNode().equals("a") ? "b" : "a";
        published.decisions.add(codec.encode("decisions", decision));
        driver = start(0);
        put(Given.nodeKey("a"), Given.node("a"));
        put(Given.nodeKey("b"), Given.node("b"));
        put(Given.podKey("q"), Given.bound("q", decision.getNode()));
        put(Given.podKey("p"), Given.pod("p"));
        watermark();
        Command after = only(commands());
        assertThat(after.getId()).isEqualTo(before.getId());
        assertThat(body(after)).isEqualTo(body(before));
        assertThat(read("decisions", Decision.class)).as("nothing decided anew, although " + other + " is emptier")
                .isEmpty();
    }

    @Test
    void a_removed_pod_leaves_a_tombstone_and_its_place() {
        put(Given.nodeKey("a"), Given.node("a", "{}", "{}", "{'cpu':'1','memory':'8Gi','pods':'1'}"));
        put(Given.podKey("p"), Given.bound("p", "a"));
        put(Given.podKey("q"), Given.pod("q"));
        watermark();
        assertThat(output("bindings")).hasSize(1);
        commands();
        state().pipeInput("/core/pods/default/p".getBytes(StandardCharsets.UTF_8), (byte[]) null);
        watermark();
        assertThat(only(output("bindings")).value()).isNull();
        driver.advanceWallClockTime(Duration.ofSeconds(2));
        assertThat(only(commands()).getVerb()).isEqualTo(CommandVerb.BIND);
    }

    private TopologyTestDriver start(long end) {
        published.end = end;
        Properties settings = new Properties();
        settings.setProperty(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        settings.setProperty(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
        TopologyTestDriver started = new TopologyTestDriver(SchedulerTopology.build(codec, published), settings, START);
        drivers.add(started);
        return started;
    }

    private TestInputTopic<byte[], byte[]> state() {
        return driver.createInputTopic("state", new ByteArraySerializer(), new ByteArraySerializer());
    }

    private TestInputTopic<byte[], byte[]> outcomes() {
        return driver.createInputTopic("outcomes", new ByteArraySerializer(), new ByteArraySerializer());
    }

    private void put(ObjectKey key, byte[] json) {
        revision++;
        state().pipeInput(key.text().getBytes(StandardCharsets.UTF_8),
                codec.encode("state", StateWriter.entry(revision, json)));
    }

    private void watermark() {
        state().pipeInput("/~watermark/registry".getBytes(StandardCharsets.UTF_8),
                codec.encode("state", StateWriter.watermark(revision)));
    }

    private void outcome(String id, int code) {
        outcomes().pipeInput("/core/pods/default/p".getBytes(StandardCharsets.UTF_8), codec.encode("outcomes",
                Outcome.newBuilder().setCommandId(id).setKey("/core/pods/default/p").setPrimary("/core/pods/default/p")
                        .setBy("scheduler").setCode(code).setTimestamp(0).build()));
    }

    private List<Command> commands() {
        return read("commands", Command.class);
    }

    private <T extends SpecificRecord> List<T> read(String topic, Class<T> type) {
        return output(topic).stream().map(record -> type.cast(codec.decode(record.value()))).toList();
    }

    private List<TestRecord<byte[], byte[]>> output(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    private static <T> T only(List<T> list) {
        assertThat(list).hasSize(1);
        return list.getFirst();
    }

    private static JsonNode body(Command command) {
        return Json.object(command.getBody().array());
    }

    /// What a broker would have answered about topics at start.
    private static final class Published implements LogReader {
        private final Map<String, byte[]> records = new LinkedHashMap<>();
        private final List<byte[]> decisions = new ArrayList<>();
        private long end;

        @Override
        public long end(String topic) {
            return end;
        }

        @Override
        public void last(String topic, int count, BiConsumer<byte[], byte[]> record) {
            decisions.forEach(value -> record.accept(new byte[0], value));
        }

        @Override
        public void all(String topic, BiConsumer<byte[], byte[]> record) {
            records.forEach((key, value) -> record.accept(key.getBytes(StandardCharsets.UTF_8), value));
        }
    }
}
