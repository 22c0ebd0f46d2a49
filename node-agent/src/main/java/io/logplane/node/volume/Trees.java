package io.logplane.node.volume;

import io.logplane.node.core.CannotStart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Directory trees on the node: deleting them without leaving them, mounting a tmpfs, going down a path without being
/// led out.
final class Trees {
    /// A mount or umount that takes longer hangs.
    private static final int COMMAND_SECONDS = 20;

    private Trees() {
    }

    /// Links are deleted, never followed; what is mounted below is unmounted first, never emptied.
    static void delete(Path tree) throws IOException {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        for (Path mount : mountsBelow(tree)) {
            run("umount", mount.toString());
        }
        if (!mountsBelow(tree).isEmpty()) {
            throw new IOException("something is still mounted below " + tree);
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failed)
                    throws IOException {
                if (failed != null) {
                    throw failed;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /// Deepest first.
    static List<Path> mountsBelow(Path tree) throws IOException {
        Path root = tree.toAbsolutePath().normalize();
        return Files.readAllLines(Path.of("/proc/self/mountinfo"), StandardCharsets.UTF_8).stream()
                .map(line -> Path.of(line.split(" ")[4].replace("\\040", " "))).filter(m -> m.startsWith(root))
                .sorted(Comparator.comparing(Path::getNameCount).reversed()).toList();
    }

    static void mountTmpfs(Path directory, long bytes) throws IOException {
        if (mountsBelow(directory).contains(directory.toAbsolutePath().normalize())) {
            return;
        }
        String options = "mode=0777" + (bytes > 0 ? ",size=" + bytes : "");
        run("mount", "-t", "tmpfs", "-o", options, "tmpfs", directory.toString());
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command[0] + " hangs");
            }
            if (process.exitValue() != 0) {
                throw new IOException(output.trim());
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + command[0], stopped);
        }
    }

    /// The real path of `subPath` below `volume`, made when missing (as a directory).
    ///
    /// No part may be `..` or a link that leads out of the volume. A container that changes the path between this
    /// check and its own start can still race it; the runtime resolves the path once more.
    static Path inside(Path volume, String subPath) throws IOException {
        Path root = volume.toRealPath();
        Path at = root;
        for (Path part : Path.of(subPath).normalize()) {
            if (part.toString().equals("..") || part.toString().isEmpty() || subPath.startsWith("/")) {
                throw CannotStart.config("subPath \"" + subPath + "\" must stay inside its volume");
            }
            Path next = at.resolve(part);
            if (!Files.exists(next, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(next);
                Files.setPosixFilePermissions(next, AtomicFiles.permissions(0750));
            }
            at = next.toRealPath();
            if (!at.startsWith(root)) {
                throw CannotStart.config("subPath \"" + subPath + "\" leads out of its volume");
            }
        }
        return at;
    }
}
