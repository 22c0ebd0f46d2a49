package io.logplane.gateway.auditlog;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Audit records as JSON lines in a file that rotates, or on the standard output.
///
/// Shape: a full file is renamed `NAME-2026-01-31T12-00-00.000.EXT`; only its owner may read it.
/// Units: sizes in MiB, ages in days; 0 is no limit.
/// Source: kube-apiserver `--audit-log-path`, `-maxage`, `-maxbackup`, `-maxsize`.
public final class AuditFile implements AuditBackend {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss.SSS", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final long MIB = 1024L * 1024;
    private static final int NEWLINE = '\n';

    private final Path path;
    private final Limits limits;
    private final InstantSource clock;
    private OutputStream out;
    private long size;

    /// When files are cut and when they go.
    public record Limits(int maxAgeDays, int maxBackups, int maxSizeMiB) {
    }

    private AuditFile(Path path, Limits limits, InstantSource clock, OutputStream out, long size) {
        this.path = path;
        this.limits = limits;
        this.clock = clock;
        this.out = out;
        this.size = size;
    }

    /// Shape: `path` "-" is the standard output. Errors: UncheckedIOException when it cannot be written.
    public static AuditFile open(String path, Limits limits, InstantSource clock) {
        if (path.equals("-")) {
            return new AuditFile(Path.of("-"), new Limits(0, 0, 0), clock, new FileOutputStream(FileDescriptor.out), 0);
        }
        Path file = Path.of(path).toAbsolutePath();
        try {
            Files.createDirectories(parent(file));
            OutputStream out = append(file);
            return new AuditFile(file, limits, clock, out, Files.size(file));
        } catch (IOException unusable) {
            throw new UncheckedIOException("audit records cannot be written to " + path, unusable);
        }
    }

    private static Path parent(Path file) {
        Path parent = file.getParent();
        return parent == null ? Path.of("/") : parent;
    }

    private static OutputStream append(Path file) throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        return Files.newOutputStream(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    @Override
    public String name() {
        return "log";
    }

    @Override
    public boolean awaited(AuditMode mode) {
        return mode != AuditMode.BATCH;
    }

    @Override
    public void write(List<byte[]> records) throws IOException {
        for (byte[] record : records) {
            if (limits.maxSizeMiB() > 0 && size > 0 && size + record.length + 1 > limits.maxSizeMiB() * MIB) {
                rotate();
            }
            byte[] line = java.util.Arrays.copyOf(record, record.length + 1);
            line[record.length] = NEWLINE;
            out.write(line);
            size += line.length;
        }
        out.flush();
    }

    private void rotate() throws IOException {
        out.close();
        String name = name(path);
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        String end = dot > 0 ? name.substring(dot) : "";
        Instant now = clock.instant();
        Path old = path.resolveSibling(stem + "-" + TIME.format(now) + end);
        while (Files.exists(old)) { // two in one millisecond
            now = now.plusMillis(1);
            old = path.resolveSibling(stem + "-" + TIME.format(now) + end);
        }
        Files.move(path, old);
        out = append(path);
        size = 0;
        forget(stem, end);
    }

    private static String name(Path file) {
        Path name = file.getFileName();
        return name == null ? "" : name.toString();
    }

    private void forget(String stem, String end) throws IOException {
        List<Path> old;
        try (Stream<Path> beside = Files.list(parent(path))) {
            old = beside.filter(file -> !file.equals(path) && name(file).startsWith(stem + "-") && name(file).endsWith(
                    end)).sorted(Comparator.comparing((Path file) -> name(file)).reversed()).toList();
        }
        Instant oldest = clock.instant().minus(Duration.ofDays(limits.maxAgeDays()));
        for (int i = 0; i < old.size(); i++) {
            boolean many = limits.maxBackups() > 0 && i >= limits.maxBackups();
            boolean aged = limits.maxAgeDays() > 0 && Files.getLastModifiedTime(old.get(i)).toInstant().isBefore(
                    oldest);
            if (many || aged) {
                Files.delete(old.get(i));
            }
        }
    }

    @Override
    public void close() {
        try {
            if (!path.toString().equals("-")) {
                out.close();
            }
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
