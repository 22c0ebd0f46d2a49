package io.logplane.scheduler.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logplane.broker.TestPlane;
import io.logplane.scheduler.Given;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.record.Binding;
import io.logplane.schemas.record.Command;
import io.logplane.schemas.record.CommandVerb;
import io.logplane.schemas.record.Decision;
import io.logplane.schemas.topics.Component;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.KafkaAccess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The scheduler against a real broker with its own certificate: what may and may not be read is real too.
class SchedulerStreamTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    @TempDir
    static Path directory;
    private static TestPlane plane;

    @BeforeAll
    static void start() {
        plane = TestPlane.start(directory.resolve("plane"));
    }

    @AfterAll
    static void stop() {
        plane.close();
    }

    @Test
    void binds_publishes_recovers_from_a_broker_restart_and_corrects_bindings_after_its_own() {
        KafkaAccess access = plane.access(Component.SCHEDULER);
        SchedulerConfig config = new SchedulerConfig(access.clientProperties(), access.schemaIds(),
                directory.resolve("streams"));
        try (StateWriter state = new StateWriter(plane); TopicView view = new TopicView(plane)) {
            state.put(Given.nodeKey("node-a"), Given.node("node-a"));
            state.put(Given.podKey("web"), Given.pod("web"));
            state.watermark();
            try (SchedulerStream ignored = SchedulerStream.start(config)) {
                await().atMost(PATIENCE).until(() -> !binds(view, "web").isEmpty());
                Command bind = binds(view, "web").getFirst();
                assertThat(Json.object(bind.getBody().array()).at("/target/name").asText()).isEqualTo("node-a");
                assertThat(bind.getUser()).isEqualTo("system:kube-scheduler");
                await().atMost(PATIENCE).until(() -> view.records(Topics.DECISIONS.name(), Decision.class).size() == 1);

                state.put(Given.podKey("web"), Given.bound("web", "node-a"));
                state.watermark();
                await().atMost(PATIENCE)
                        .until(() -> view.newest(Topics.BINDINGS.name()).containsKey("node-a/default/web"));
                await().atMost(PATIENCE).until(() -> events(view).anyMatch(event -> event.contains("Scheduled")));

                plane.restart();
                state.put(Given.podKey("again"), Given.pod("again"));
                state.watermark();
                await().atMost(PATIENCE).until(() -> !binds(view, "again").isEmpty());
            }
            state.remove(Given.podKey("web"));
            state.put(Given.podKey("again"), Given.bound("again", "node-a"));
            state.watermark();
            try (SchedulerStream ignored = SchedulerStream.start(config)) {
                await().atMost(PATIENCE).until(() -> view.newest(Topics.BINDINGS.name()).keySet()
                        .equals(java.util.Set.of("node-a/default/again")));
            }
            assertThat(binds(view, "web")).hasSize(1);
            assertThat(((Binding) view.newest(Topics.BINDINGS.name()).get("node-a/default/again")).getUid())
                    .isEqualTo("again-uid");
        }
    }

    private static List<Command> binds(TopicView view, String pod) {
        String key = ObjectKey.of("", "pods", "default", pod).text();
        return view.records(Topics.COMMANDS.name(), Command.class).stream()
                .filter(command -> command.getVerb() == CommandVerb.BIND && command.getKey().equals(key)).toList();
    }

    private static Stream<String> events(TopicView view) {
        return view.records(Topics.COMMANDS.name(), Command.class).stream()
                .filter(command -> command.getVerb() == CommandVerb.CREATE)
                .map(command -> new String(command.getBody().array(), java.nio.charset.StandardCharsets.UTF_8));
    }
}
