package io.logplane.controllers.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.controllers.Controllers;
import io.logplane.controllers.core.Controller;
import io.logplane.controllers.core.Observed;
import io.logplane.controllers.core.Plan;
import io.logplane.controllers.core.Settings;
import io.logplane.controllers.core.Type;
import io.logplane.controllers.core.Watch;
import io.logplane.controllers.plane.Objects;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectJson;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.record.Command;
import io.logplane.schemas.record.CommandVerb;
import io.logplane.schemas.record.Outcome;
import io.logplane.schemas.record.StateEntry;
import io.logplane.schemas.record.Watermark;
import io.logplane.schemas.wire.LocalSchemaIds;
import io.logplane.schemas.wire.RecordCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// The shell without a broker: what it reads, when it acts, what it writes.
final class ControllersTopologyTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path directory;
    private final RecordCodec codec = new RecordCodec(new LocalSchemaIds());
    private final List<AutoCloseable> open = new ArrayList<>();
    private CompletableFuture<StartGate.Start> ends = CompletableFuture
            .completedFuture(new StartGate.Start(0, 0));

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private final class Driver {
        private final TopologyTestDriver driver;
        private final TestInputTopic<byte[], byte[]> state;
        private final TestInputTopic<byte[], byte[]> outcomes;
        private final TestOutputTopic<byte[], byte[]> commands;

        Driver(List<Controller> controllers) {
            Properties settings = new Properties();
            settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
            settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
            settings.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
            driver = new TopologyTestDriver(ControllersTopology.of(controllers, Settings.defaults("CA"), codec,
                    InstantSource.fixed(START), () -> ends, () -> "test"), settings, START);
            open.add(driver::close);
            state = driver.createInputTopic("state", new ByteArraySerializer(), new ByteArraySerializer());
            outcomes = driver.createInputTopic("outcomes", new ByteArraySerializer(), new ByteArraySerializer());
            commands = driver.createOutputTopic("commands", new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }

        void put(ObjectKey key, long revision, ObjectNode object) {
            object.withObject("/metadata").put("uid", "uid-" + key.name());
            state.pipeInput(text(key.text()), codec.encode("state", StateEntry.newBuilder().setLog("registry")
                    .setRevision(revision).setObject(ByteBuffer.wrap(ObjectJson.canonical(object))).build()));
        }

        void watermark(long revision) {
            state.pipeInput(text("/~watermark/registry"), codec.encode("state", Watermark.newBuilder()
                    .setLog("registry").setRevision(revision).setOffset(revision).setIncarnation("i")
                    .setChainHash(ByteBuffer.allocate(0)).setWriters(Map.of()).build()));
        }

        void outcome(Command command, int code, long revision) {
            outcomes.pipeInput(text(command.getPrimary()), codec.encode("outcomes", Outcome.newBuilder()
                    .setCommandId(command.getId()).setKey(command.getKey()).setPrimary(command.getPrimary())
                    .setBy("gateway").setCode(code).setRevision(revision).setReason("").setMessage("no")
                    .setTimestamp(0).build()));
        }

        List<Command> commands() {
            return commands.readKeyValuesToList().stream().map(record -> (Command) codec.decode(record.value))
                    .toList();
        }

        /// Through the gate.
        Driver opened() {
            driver.advanceWallClockTime(Duration.ofMillis(60));
            outcome(commands().getFirst(), 404, 0);
            outcome(commands().getFirst(), 404, 0);
            driver.advanceWallClockTime(Duration.ofMillis(60));
            return this;
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectKey namespace(String name) {
        return Type.NAMESPACES.key("", name);
    }

    @Test
    void nothingIsCommandedBeforeTheStateIsCaughtUpAndTheBarrierIsBack() {
        ends = new CompletableFuture<>();
        Driver driver = new Driver(Controllers.ALL);
        driver.put(namespace("a"), 1, Objects.namespace("a"));
        driver.watermark(1);
        driver.driver.advanceWallClockTime(Duration.ofSeconds(60));
        assertThat(driver.commands()).isEmpty();
        ends.complete(new StartGate.Start(0, 4));
        driver.driver.advanceWallClockTime(Duration.ofMillis(60));
        assertThat(driver.commands()).isEmpty();
        driver.put(namespace("b"), 2, Objects.namespace("b"));
        driver.watermark(2);
        List<Command> first = driver.commands();
        assertThat(first).hasSize(1);
        assertThat(first.getFirst().getId()).isEqualTo("barrier-test-1");
        driver.outcome(first.getFirst(), 404, 0);
        List<Command> second = driver.commands();
        assertThat(second).extracting(Command::getId).containsExactly("barrier-test-2");
        driver.outcome(second.getFirst(), 404, 0);
        assertThat(driver.commands()).extracting(Command::getKey).containsExactlyInAnyOrder(
                "/core/serviceaccounts/a/default", "/core/configmaps/a/kube-root-ca.crt",
                "/core/serviceaccounts/b/default", "/core/configmaps/b/kube-root-ca.crt");
    }

    @Test
    void withoutAGatewayTheGateOpensAfterItsPatience() {
        Driver driver = new Driver(Controllers.ALL);
        driver.put(namespace("a"), 1, Objects.namespace("a"));
        driver.watermark(1);
        driver.driver.advanceWallClockTime(StartGate.PATIENCE.plusMillis(200));
        assertThat(driver.commands()).hasSize(3);
    }

    @Test
    void changesActAtTheWatermarkAndCommandsNameUserCauseAndPrimary() {
        Driver driver = new Driver(Controllers.ALL).opened();
        driver.put(namespace("a"), 7, Objects.namespace("a"));
        assertThat(driver.commands()).isEmpty();
        driver.watermark(7);
        Command account = driver.commands().getFirst();
        assertThat(account.getVerb()).isEqualTo(CommandVerb.CREATE);
        assertThat(account.getUser()).isEqualTo("system:serviceaccount:kube-system:service-account-controller");
        assertThat(account.getPrimary()).isEqualTo("/core/namespaces/-/a");
        assertThat(account.getCause().getBy()).isEqualTo("serviceaccount-controller");
        assertThat(account.getCause().getRevisions()).containsExactly(7L);
        assertThat(Json.object(account.getBody().array()).path("kind").asText()).isEqualTo("ServiceAccount");
    }

    @Test
    void aKeyIsHeldUntilTheStateHasPassedItsOwnCommand() {
        Driver driver = new Driver(List.of(new Counting())).opened();
        driver.put(namespace("a"), 1, Objects.namespace("a"));
        driver.watermark(1);
        Command first = driver.commands().getFirst();
        driver.put(namespace("a"), 2, Objects.namespace("a"));
        driver.watermark(2);
        assertThat(driver.commands()).as("its outcome is open").isEmpty();
        driver.outcome(first, 200, 5);
        assertThat(driver.commands()).as("the state has not passed 5").isEmpty();
        driver.watermark(4);
        assertThat(driver.commands()).isEmpty();
        driver.watermark(5);
        assertThat(driver.commands()).hasSize(1);
    }

    @Test
    void poisonIsReportedAndStopsNothing() {
        Driver driver = new Driver(Controllers.ALL).opened();
        driver.state.pipeInput(text("/core/pods/a/b"), new byte[]{1, 2, 3});
        driver.state.pipeInput(text("nonsense"), new byte[]{0});
        driver.outcomes.pipeInput(text("x"), new byte[]{9});
        driver.put(namespace("a"), 3, Objects.namespace("a"));
        driver.watermark(3);
        assertThat(driver.commands()).hasSize(2);
    }

    @Test
    void aControllerThatThrowsStopsNobodyElse() {
        List<Controller> controllers = new ArrayList<>(Controllers.ALL);
        controllers.addFirst(new Throwing());
        Driver driver = new Driver(controllers).opened();
        driver.put(namespace("a"), 3, Objects.namespace("a"));
        driver.watermark(3);
        assertThat(driver.commands()).hasSize(2);
    }

    /// Wants a patch at every pass.
    private static final class Counting implements Controller {
        @Override
        public String name() {
            return "counting";
        }

        @Override
        public String account() {
            return "counting";
        }

        @Override
        public List<Watch> watches() {
            return List.of(new Watch.Itself(Type.NAMESPACES));
        }

        @Override
        public Plan reconcile(ObjectKey primary, Observed observed, Instant now) {
            return observed.view().get(primary)
                    .map(entry -> Plan.of(List.of(io.logplane.controllers.core.Action.patch(entry, "",
                            Json.newObject(), io.logplane.controllers.core.Notes.NONE))))
                    .orElse(Plan.NOTHING);
        }
    }

    private static final class Throwing implements Controller {
        @Override
        public String name() {
            return "throwing";
        }

        @Override
        public String account() {
            return "throwing";
        }

        @Override
        public List<Watch> watches() {
            return List.of(new Watch.Itself(Type.NAMESPACES));
        }

        @Override
        public Plan reconcile(ObjectKey primary, Observed observed, Instant now) {
            throw new IllegalStateException("planted by the test");
        }
    }
}
