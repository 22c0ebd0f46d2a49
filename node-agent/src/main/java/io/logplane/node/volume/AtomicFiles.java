package io.logplane.node.volume;

import io.logplane.node.core.VolumeFiles.Entry;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Files of a config volume, changed all at once.
///
/// | name | is |
/// |---|---|
/// | `..<random>/` | the files of one version |
/// | `..data` | a link to the newest version, replaced by one rename |
/// | `<first part of a path>` | a link to `..data/<first part>`: what the container sees |
///
/// Source: the layout every Kubernetes node gives; programs in containers watch `..data`.
final class AtomicFiles {
    private static final String DATA = "..data";

    private AtomicFiles() {
    }

    /// True when something changed.
    static boolean write(Path directory, List<Entry> entries) throws IOException {
        Files.createDirectories(directory);
        Path data = directory.resolve(DATA);
        if (Files.exists(data) && same(data, entries)) {
            return false;
        }
        Path version = Files.createTempDirectory(directory, "..v");
        Files.setPosixFilePermissions(version, permissions(0755));
        for (Entry entry : entries) {
            Path file = version.resolve(entry.path());
            Files.createDirectories(file.getParent() == null ? version : file.getParent());
            Files.write(file, entry.content());
            Files.setPosixFilePermissions(file, permissions(entry.mode()));
        }
        Path fresh = directory.resolve("..data_new");
        Files.deleteIfExists(fresh);
        Files.createSymbolicLink(fresh, version.getFileName());
        Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
        links(directory, entries);
        removeOld(directory, version);
        return true;
    }

    private static boolean same(Path data, List<Entry> entries) throws IOException {
        Set<String> present = new LinkedHashSet<>();
        Path real = data.toRealPath();
        try (var files = Files.walk(real)) {
            files.filter(Files::isRegularFile).forEach(f -> present.add(real.relativize(f).toString()));
        }
        if (present.size() != entries.stream().map(Entry::path).distinct().count()) {
            return false;
        }
        for (Entry entry : entries) {
            Path file = real.resolve(entry.path());
            if (!present.contains(entry.path()) || !Arrays.equals(Files.readAllBytes(file), entry.content())
                    || !Files.getPosixFilePermissions(file).equals(permissions(entry.mode()))) {
                return false;
            }
        }
        return true;
    }

    private static void links(Path directory, List<Entry> entries) throws IOException {
        Set<String> wanted = new LinkedHashSet<>();
        entries.forEach(e -> wanted.add(Path.of(e.path()).getName(0).toString()));
        for (String name : wanted) {
            Path link = directory.resolve(name);
            if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(link, Path.of(DATA, name));
            }
        }
        try (DirectoryStream<Path> present = Files.newDirectoryStream(directory)) {
            for (Path link : present) {
                String name = link.getFileName().toString();
                if (!name.startsWith("..") && !wanted.contains(name)) {
                    Files.delete(link);
                }
            }
        }
    }

    private static void removeOld(Path directory, Path current) throws IOException {
        try (DirectoryStream<Path> present = Files.newDirectoryStream(directory, "..v*")) {
            for (Path version : present) {
                if (!version.equals(current)) {
                    Trees.delete(version);
                }
            }
        }
    }

    static Set<PosixFilePermission> permissions(int mode) {
        PosixFilePermission[] all = {PosixFilePermission.OTHERS_EXECUTE, PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_READ, PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_READ, PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_READ};
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        for (int bit = 0; bit < all.length; bit++) {
            if ((mode & 1 << bit) != 0) {
                set.add(all[bit]);
            }
        }
        return set;
    }
}
