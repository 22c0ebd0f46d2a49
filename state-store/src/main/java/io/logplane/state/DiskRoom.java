package io.logplane.state;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Whether the disk below the state has room for another write.
///
/// A full disk stops a Kafka broker and RocksDB for good; refusing writes a little earlier keeps reads going and lets
/// the cluster recover by itself once somebody has made room. Thread: any. Errors: a disk that cannot be asked counts
/// as one with room, because the write itself will say what is wrong.
final class DiskRoom {
    /// Below this writes are refused. The rest is for barriers, commit positions and compactions of a long outage.
    static final long RESERVE_BYTES = 128L * 1024 * 1024;
    /// Asking the disk costs microseconds; a write every microsecond would feel it.
    private static final long LOOK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MIB = 1024 * 1024;

    private final Path directory;
    private final LongSupplier free;
    private final LongSupplier nanos;
    private volatile long checkedAt;
    private volatile long lastFree = Long.MAX_VALUE;

    DiskRoom(Path directory, LongSupplier free, LongSupplier nanos) {
        this.directory = directory;
        this.free = free;
        this.nanos = nanos;
        this.checkedAt = nanos.getAsLong() - LOOK_AGAIN_NANOS;
    }

    static DiskRoom of(Path directory) {
        return new DiskRoom(directory, () -> usable(directory), System::nanoTime);
    }

    /// Empty: there is room. Else what is wrong, in a sentence.
    Optional<String> lacking() {
        long now = nanos.getAsLong();
        if (now - checkedAt >= LOOK_AGAIN_NANOS) {
            checkedAt = now;
            lastFree = free.getAsLong();
        }
        long seen = lastFree;
        return seen >= RESERVE_BYTES
                ? Optional.empty()
                : Optional.of("the disk of " + directory + " has only " + seen / MIB + " MiB free, and writes need "
                        + RESERVE_BYTES / MIB + " MiB; make room and they go on");
    }

    private static long usable(Path directory) {
        try {
            FileStore disk = Files.getFileStore(directory);
            return disk.getUsableSpace();
        } catch (IOException unknown) {
            return Long.MAX_VALUE;
        }
    }
}
