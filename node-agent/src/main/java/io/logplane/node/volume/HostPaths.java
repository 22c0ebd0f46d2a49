package io.logplane.node.volume;

import io.logplane.node.core.CannotStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/// hostPath volumes: what must be there, what is made.
///
/// Source: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
final class HostPaths {
    private static final int FILE_TYPE = 0170000;
    private static final int SOCKET = 0140000;
    private static final int CHARACTER = 0020000;
    private static final int BLOCK = 0060000;

    private HostPaths() {
    }

    static Path prepare(Path path, String type) throws IOException {
        switch (type) {
            case "" -> {
                if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectories(path);
                }
            }
            case "DirectoryOrCreate" -> {
                if (!Files.exists(path)) {
                    Files.createDirectories(path);
                    Files.setPosixFilePermissions(path, AtomicFiles.permissions(0755));
                }
                require(Files.isDirectory(path), path, "a directory");
            }
            case "Directory" -> require(Files.isDirectory(path), path, "a directory");
            case "FileOrCreate" -> {
                if (!Files.exists(path)) {
                    Files.createFile(path);
                    Files.setPosixFilePermissions(path, AtomicFiles.permissions(0644));
                }
                require(Files.isRegularFile(path), path, "a file");
            }
            case "File" -> require(Files.isRegularFile(path), path, "a file");
            case "Socket" -> require(is(path, SOCKET), path, "a socket");
            case "CharDevice" -> require(is(path, CHARACTER), path, "a character device");
            case "BlockDevice" -> require(is(path, BLOCK), path, "a block device");
            default -> throw new CannotStart("FailedMount", "unknown hostPath type " + type);
        }
        return path;
    }

    private static boolean is(Path path, int type) throws IOException {
        return Files.exists(path) && ((int) Files.getAttribute(path, "unix:mode") & FILE_TYPE) == type;
    }

    private static void require(boolean holds, Path path, String what) {
        if (!holds) {
            throw new CannotStart("FailedMount", "hostPath type check failed: " + path + " is not " + what);
        }
    }
}
