package io.logplane.gateway.auditlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.gateway.audit.AuditPolicy;
import io.logplane.schemas.model.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files of records as they are cut, kept and forgotten, on a real disk.
class AuditFileTest {
    private static final AuditFile.Limits UNLIMITED = new AuditFile.Limits(0, 0, 0);
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final AuditPolicy POLICY = AuditPolicy.parse(Json.object(
            "{\"apiVersion\":\"audit.k8s.io/v1\",\"kind\":\"Policy\",\"rules\":[{\"level\":\"Metadata\"}]}".getBytes(
                    StandardCharsets.UTF_8)));

    @TempDir
    Path directory;
    private Instant now = NOW;
    private final InstantSource clock = () -> now;

    private AuditFile open(AuditFile.Limits limits) {
        return AuditFile.open(directory.resolve("audit.log").toString(), limits, clock);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// A record of 400 KiB: two fit into a MiB.
    private static byte[] big(char what) {
        return bytes(String.valueOf(what).repeat(400 * 1024));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(file -> String.valueOf(file.getFileName())).sorted().toList();
        }
    }

    /// The first letter of each record.
    private String letters(String file) throws IOException {
        StringBuilder letters = new StringBuilder();
        Files.readAllLines(directory.resolve(file)).forEach(line -> letters.append(line.charAt(0)));
        return letters.toString();
    }

    @Test
    void a_full_file_is_put_aside_under_its_time_and_no_record_is_cut_or_lost() throws IOException {
        try (AuditFile file = open(new AuditFile.Limits(0, 0, 1))) {
            file.write(List.of(big('a'), big('b'), big('c'), big('d'), big('e')));
        }

        assertThat(names()).containsExactly("audit-2026-01-31T12-00-00.000.log", "audit-2026-01-31T12-00-00.001.log",
                "audit.log");
        assertThat(letters("audit-2026-01-31T12-00-00.000.log") + letters("audit-2026-01-31T12-00-00.001.log")
                + letters("audit.log")).isEqualTo("abcde");
        for (String name : names()) {
            assertThat(Files.size(directory.resolve(name))).isLessThanOrEqualTo(1024 * 1024);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name)))).isEqualTo(
                    "rw-------");
        }
    }

    @Test
    void a_file_that_was_there_goes_on_and_counts() throws IOException {
        for (char letter : "abc".toCharArray()) {
            try (AuditFile file = open(new AuditFile.Limits(0, 0, 1))) {
                file.write(List.of(big(letter)));
            }
        }

        assertThat(letters("audit-2026-01-31T12-00-00.000.log")).isEqualTo("ab");
        assertThat(letters("audit.log")).isEqualTo("c");
    }

    @Test
    void the_oldest_files_go_and_nothing_else_does() throws IOException {
        List<String> others = List.of("audit-policy.log", "audit-2026.log", "audit-2026-01-31T12-00-00.000.log.gz",
                "other-2020-01-01T00-00-00.000.log");
        for (String other : others) {
            Files.createFile(directory.resolve(other));
        }
        try (AuditFile file = open(new AuditFile.Limits(0, 2, 1))) {
            for (char letter : "aabbccddee".toCharArray()) {
                file.write(List.of(big(letter)));
                now = now.plusSeconds(1);
            }
        }

        List<String> left = new ArrayList<>(names());
        left.removeAll(others);
        assertThat(left).hasSize(3);
        assertThat(letters(left.get(0)) + letters(left.get(1)) + letters(left.get(2))).isEqualTo("ccddee");
        assertThat(names()).containsAll(others);
    }

    @Test
    void files_older_than_their_days_go() throws IOException {
        Path old = Files.createFile(directory.resolve("audit-2026-01-01T00-00-00.000.log"));
        Path young = Files.createFile(directory.resolve("audit-2026-01-30T00-00-00.000.log"));
        Files.setLastModifiedTime(old, FileTime.from(NOW.minus(Duration.ofDays(8))));
        Files.setLastModifiedTime(young, FileTime.from(NOW.minus(Duration.ofDays(6))));
        try (AuditFile file = open(new AuditFile.Limits(7, 0, 1))) {
            file.write(List.of(big('a'), big('b'), big('c')));
        }

        assertThat(names()).containsExactly("audit-2026-01-30T00-00-00.000.log", "audit-2026-01-31T12-00-00.000.log",
                "audit.log");
    }

    @Test
    void half_a_line_gets_its_end_before_the_next_record() throws IOException {
        Files.write(directory.resolve("audit.log"), bytes("{\"auditID\":\"1\"}\n{\"audi"));
        try (AuditFile file = open(UNLIMITED)) {
            file.write(List.of(bytes("{\"auditID\":\"2\"}")));
        }

        assertThat(Files.readAllLines(directory.resolve("audit.log"))).containsExactly("{\"auditID\":\"1\"}",
                "{\"audi", "{\"auditID\":\"2\"}");
    }

    @Test
    void a_file_that_somebody_took_away_is_begun_anew() throws IOException {
        try (AuditFile file = open(new AuditFile.Limits(0, 0, 1))) {
            file.write(List.of(big('a'), big('b')));
            Files.move(directory.resolve("audit.log"), directory.resolve("elsewhere"));
            file.write(List.of(big('c')));
        }

        assertThat(letters("audit.log")).isEqualTo("c");
    }

    /// A full disk is what /dev/full says it is.
    @Test
    void requests_are_refused_while_a_file_is_lost_and_go_on_when_it_is_back() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("audit.log"), Path.of("/dev/full"));
        try (AuditLog log = new AuditLog(POLICY, AuditMode.BLOCKING_STRICT, List.of(open(UNLIMITED)))) {
            assertThat(log.record(bytes("1"), true)).isFalse();
            assertThat(log.record(bytes("2"), false)).as("only the first record decides").isTrue();
            assertThat(log.lost()).isEqualTo(Map.of("log", 2L));
            assertThat(log.rejected()).isEqualTo(1);

            Files.delete(link);
            assertThat(log.record(bytes("3"), true)).isTrue();
            assertThat(log.lost()).isEqualTo(Map.of("log", 2L));
        }
        assertThat(Files.readAllLines(link)).containsExactly("3");
    }
}
