package io.logplane.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Keeps a data directory to one broker, before anything in it is opened.
///
/// Kafka locks its directory too, but only after the second controller has begun to write the first one's metadata log.
/// The operating system gives the lock back when the process dies, however it dies. Thread: the owner's.
final class DirectoryLock implements AutoCloseable {
    static final String FILE = "logplane.lock";

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /// Errors: [BrokerStartFailed].
    static DirectoryLock take(Path directory) {
        try {
            FileChannel channel = FileChannel.open(directory.resolve(FILE), StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            if (locked(channel)) {
                return new DirectoryLock(channel);
            }
            channel.close();
            throw new BrokerStartFailed("Another process uses the Kafka data in " + directory + ".");
        } catch (IOException broken) {
            throw new BrokerStartFailed("The Kafka data directory " + directory + " cannot be locked: " + broken + ".",
                    broken);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException inThisProcess) {
            return false;
        }
    }
}
