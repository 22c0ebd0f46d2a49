package io.logplane.gateway.auditlog;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Audit records as JSON lines in a file that rotates, or on the standard output.
///
/// Shape: a full file is renamed `NAME-2026-01-31T12-00-00.000.EXT`; only its owner may read it. Nothing is deleted
/// but files of such names. A file that cannot be written, or that somebody took away, is opened anew for the next
/// records; half a line that a broken write left behind gets its end.
/// Units: sizes in MiB, ages in days; 0 is no limit.
/// Source: kube-apiserver `--audit-log-path`, `-maxage`, `-maxbackup`, `-maxsize`.
public final class AuditFile implements AuditBackend {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss.SSS", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final Logger LOG = LoggerFactory.getLogger(AuditFile.class);
    private static final String TIMES = "-\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d\\.\\d{3}";
    private static final String STANDARD = "-";
    private static final long MIB = 1024L * 1024;
    private static final int NEWLINE = '\n';

    private final Path path;
    private final Limits limits;
    private final InstantSource clock;
    private Optional<OutputStream> out = Optional.empty();
    private long size;

    /// When files are cut and when they go.
    public record Limits(int maxAgeDays, int maxBackups, int maxSizeMiB) {
    }

    private AuditFile(Path path, Limits limits, InstantSource clock) {
        this.path = path;
        this.limits = limits;
        this.clock = clock;
    }

    /// Shape: `path` "-" is the standard output. Errors: UncheckedIOException when it cannot be written.
    public static AuditFile open(String path, Limits limits, InstantSource clock) {
        if (path.equals(STANDARD)) {
            return new AuditFile(Path.of(path), new Limits(0, 0, 0), clock);
        }
        AuditFile file = new AuditFile(Path.of(path).toAbsolutePath(), limits, clock);
        try {
            OutputStream unused = file.out();
            return file;
        } catch (IOException unusable) {
            throw new UncheckedIOException("audit records cannot be written to " + path, unusable);
        }
    }

    private static Path parent(Path file) {
        Path parent = file.getParent();
        return parent == null ? Path.of("/") : parent;
    }

    /// Opened when it is not.
    private OutputStream out() throws IOException {
        if (out.isEmpty()) {
            out = Optional.of(path.toString().equals(STANDARD) ? new FileOutputStream(FileDescriptor.out) : append());
        }
        return out.get();
    }

    private OutputStream append() throws IOException {
        Files.createDirectories(parent(path));
        if (!Files.exists(path)) {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        size = Files.size(path);
        boolean torn = torn();
        OutputStream opened = Files.newOutputStream(path, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        if (torn) {
            opened.write(NEWLINE);
            size++;
        }
        return opened;
    }

    private boolean torn() throws IOException {
        if (size == 0) {
            return false;
        }
        ByteBuffer last = ByteBuffer.allocate(1);
        try (SeekableByteChannel whole = Files.newByteChannel(path)) {
            int read = whole.position(size - 1).read(last);
            return read == 1 && last.get(0) != NEWLINE;
        }
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
        try {
            for (byte[] record : records) {
                byte[] line = Arrays.copyOf(record, record.length + 1);
                line[record.length] = NEWLINE;
                OutputStream file = out();
                if (limits.maxSizeMiB() > 0 && size > 0 && size + line.length > limits.maxSizeMiB() * MIB) {
                    rotate();
                    file = out();
                }
                file.write(line);
                size += line.length;
            }
            out().flush();
        } catch (IOException broken) {
            letGo();
            throw broken;
        }
    }

    /// To be opened again. The standard output is not ours to close.
    private void letGo() {
        Optional<OutputStream> held = path.toString().equals(STANDARD) ? Optional.empty() : out;
        out = Optional.empty();
        try {
            if (held.isPresent()) {
                held.get().close();
            }
        } catch (IOException gone) {
            LOG.debug("closing {}", path, gone);
        }
    }

    private void rotate() throws IOException {
        letGo();
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
        if (Files.exists(path)) {
            Files.move(path, old);
        }
        try {
            forget(Pattern.compile(Pattern.quote(stem) + TIMES + Pattern.quote(end)));
        } catch (IOException kept) {
            LOG.warn("old files of {} stay", path, kept);
        }
    }

    private static String name(Path file) {
        Path name = file.getFileName();
        return name == null ? "" : name.toString();
    }

    private void forget(Pattern names) throws IOException {
        List<Path> old;
        try (Stream<Path> beside = Files.list(parent(path))) {
            old = beside.filter(file -> names.matcher(name(file)).matches()).sorted(Comparator.comparing(
                    (Path file) -> name(file)).reversed()).toList();
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
        letGo();
    }
}
