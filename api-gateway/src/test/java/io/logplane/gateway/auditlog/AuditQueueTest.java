package io.logplane.gateway.auditlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditQueueTest {
    @TempDir
    Path directory;

    @Test
    void what_an_interrupted_thread_records_is_written_too() {
        Path file = directory.resolve("audit.log");
        AuditQueue queue = new AuditQueue(AuditFile.open(file.toString(), new AuditFile.Limits(1, 2, 100),
                InstantSource.system()), true);
        Thread.currentThread().interrupt();
        assertThat(queue.add("{}".getBytes(StandardCharsets.UTF_8))).isTrue();
        assertThat(Thread.interrupted()).isTrue();
        queue.close();

        assertThat(file).hasContent("{}");
        assertThat(queue.lost()).isZero();
    }
}
