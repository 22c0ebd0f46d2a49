package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.gateway.audit.AuditPolicy;
import io.logplane.gateway.auditlog.AuditBackend;
import io.logplane.gateway.auditlog.AuditFile;
import io.logplane.gateway.auditlog.AuditLog;
import io.logplane.gateway.auditlog.AuditMode;
import io.logplane.gateway.auditlog.Pacing;
import io.logplane.gateway.identity.SettingsInvalid;
import io.logplane.gateway.remote.AuditWebhook;
import io.logplane.schemas.model.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Records on their way to a real server over HTTPS, through the queue that keeps requests from waiting.
class AuditWebhookTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final AuditPolicy POLICY = AuditPolicy.parse(Json.object(
            "{\"apiVersion\":\"audit.k8s.io/v1\",\"kind\":\"Policy\",\"rules\":[{\"level\":\"Metadata\"}]}".getBytes(
                    StandardCharsets.UTF_8)));

    @TempDir
    Path directory;
    private AuditCollector collector;

    @BeforeEach
    void start() throws Exception {
        collector = new AuditCollector(directory.resolve("pki"));
    }

    @AfterEach
    void stop() {
        collector.close();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }

    private AuditWebhook webhook(Pacing pacing) throws Exception {
        return new AuditWebhook(new AuditWebhook.Settings(collector.kubeconfig(directory.resolve("config")), SHORT,
                pacing));
    }

    private static AuditLog log(AuditBackend... places) {
        return new AuditLog(POLICY, AuditMode.BLOCKING_STRICT, List.of(places));
    }

    private static boolean record(AuditLog log, int number) {
        return log.record(("{\"auditID\":\"" + number + "\"}").getBytes(StandardCharsets.UTF_8), true);
    }

    private Set<String> arrived() {
        Set<String> ids = new TreeSet<>();
        collector.records().forEach(record -> ids.add(record.path("auditID").asText()));
        return ids;
    }

    @Test
    void a_batch_leaves_when_it_is_full_and_what_is_gathered_when_the_gateway_stops() throws Exception {
        try (AuditLog log = log(webhook(new Pacing(100, 3, LONG, 0, 1, 5)))) {
            for (int i = 0; i < 7; i++) {
                assertThat(record(log, i)).isTrue();
            }
            await().until(() -> collector.lists().size() == 2);
            assertThat(collector.records()).hasSize(6);
        }

        assertThat(arrived()).containsExactly("0", "1", "2", "3", "4", "5", "6");
        JsonNode last = collector.lists().getLast();
        assertThat(last.toString()).isEqualTo("{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"metadata\":"
                + "{},\"items\":[{\"auditID\":\"6\"}]}");
    }

    @Test
    void a_batch_that_does_not_fill_leaves_when_its_time_has_come() throws Exception {
        try (AuditLog log = log(webhook(new Pacing(100, 50, Duration.ofMillis(100), 0, 1, 5)))) {
            record(log, 1);
            await().until(() -> arrived().equals(Set.of("1")));
            record(log, 2);
            record(log, 3);
            await().until(() -> arrived().equals(Set.of("1", "2", "3")));
        }
    }

    @Test
    void whatever_fails_is_tried_again_and_a_server_that_comes_back_gets_what_comes_then() throws Exception {
        try (AuditLog log = log(webhook(new Pacing(100, 1, LONG, 0, 1, 1)))) {
            collector.failing(4);
            record(log, 1);
            await().until(() -> arrived().equals(Set.of("1")));
            assertThat(collector.asked()).isEqualTo(5);
            assertThat(log.lost()).isEqualTo(Map.of("webhook", 0L));

            collector.failing(5);
            record(log, 2);
            await().until(() -> log.lost().equals(Map.of("webhook", 1L)));
            assertThat(collector.asked()).isEqualTo(10);

            record(log, 3);
            await().until(() -> arrived().equals(Set.of("1", "3")));
            assertThat(log.lost()).isEqualTo(Map.of("webhook", 1L));
        }
    }

    @Test
    void a_server_that_does_not_answer_holds_up_neither_requests_nor_files() throws Exception {
        CountDownLatch answering = new CountDownLatch(1);
        collector.first(() -> {
            try {
                answering.await();
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
        });
        Path file = directory.resolve("audit.log");
        try (AuditLog log = log(webhook(new Pacing(4, 2, LONG, 0, 1, 2)), AuditFile.open(file.toString(),
                new AuditFile.Limits(0, 0, 0), InstantSource.system()))) {
            for (int i = 0; i < 6; i++) {
                assertThat(record(log, i)).isTrue();
            }
            await().until(() -> collector.asked() == 2); // 4 records are on their way, 2 wait, and so may 2 more
            for (int i = 6; i < 50; i++) {
                assertThat(record(log, i)).as("stored where it is waited for").isTrue();
            }

            assertThat(Files.readAllLines(file)).hasSize(50);
            assertThat(log.lost().get("log")).isZero();
            long lost = log.lost().get("webhook");
            assertThat(lost).as("none but what neither waits nor is on its way").isBetween(40L, 42L);
            answering.countDown();
            await().until(() -> collector.records().size() == 50 - lost);
            assertThat(log.rejected()).isZero();
            record(log, 50);
            record(log, 51);
            await().until(() -> arrived().containsAll(Set.of("50", "51")));
        }
    }

    /// Takes everything at once and remembers when.
    private record Stopwatch(Pacing pacing, List<Long> times) implements AuditBackend {
        @Override
        public String name() {
            return "stopwatch";
        }

        @Override
        public void write(List<byte[]> records) {
            times.add(System.nanoTime());
        }

        @Override
        public boolean awaited(AuditMode mode) {
            return false;
        }

        @Override
        public void close() {
            // nothing to close
        }
    }

    @Test
    void batches_leave_at_their_rate_after_a_burst() {
        Stopwatch watch = new Stopwatch(new Pacing(100, 1, LONG, 5, 2, 1), new CopyOnWriteArrayList<>());
        long began = System.nanoTime();
        try (AuditLog log = log(watch)) {
            for (int i = 0; i < 5; i++) {
                record(log, i);
            }
            await().until(() -> watch.times().size() == 5);
        }
        assertThat(Duration.ofNanos(watch.times().getLast() - began)).as("3 above the burst, 200 ms each")
                .isGreaterThanOrEqualTo(Duration.ofMillis(599));
    }

    @Test
    void credentials_do_not_travel_without_encryption() throws Exception {
        Path plain = collector.kubeconfig(directory.resolve("plain"), "http", 1);

        assertThatThrownBy(() -> AuditWebhook.Settings.of(plain).check()).isInstanceOf(SettingsInvalid.class)
                .hasMessageContaining("credentials need an https URL");
        Files.writeString(plain, Files.readString(plain).replace("user: {token: let-me-in}", "user: {}"));
        AuditWebhook.Settings.of(plain).check();
    }
}
