package io.logplane.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A disk that fills up and is emptied again, on a small file system in memory (root only, to mount it).
class FullDiskTest {
    private static final int MIB = 1024 * 1024;

    @Test
    void on_a_full_disk_writes_are_refused_reads_go_on_and_room_brings_everything_back(@TempDir Path folder)
            throws IOException {
        Assumptions.assumeTrue(Plane.canRunContainers(), "mounting a file system needs root");
        assertThat(mount("-t", "tmpfs", "-o", "size=320m", "none", folder.toString()).code()).isZero();
        try (Plane plane = Plane.startAt(folder.resolve("data"), List.of("--no-containers"))) {
            Kubectl kubectl = plane.kubectl();
            kubectl.ok("create", "configmap", "before", "--from-literal=a=1");

            Path filler = folder.resolve("filler");
            fill(filler, 100);
            await().atMost(Duration.ofSeconds(20)).until(() -> kubectl.run("label", "configmap", "before",
                    "--overwrite", "at=" + System.nanoTime()).errors().contains("the disk of"));
            assertThat(kubectl.run("create", "configmap", "during", "--from-literal=a=1").errors()).contains(
                    "make room");
            assertThat(kubectl.ok("get", "configmap", "before", "-o", "jsonpath={.data.a}")).isEqualTo("1");
            assertThat(kubectl.run("get", "--raw", "/readyz").errors()).contains("[-]informer-sync failed");

            Files.delete(filler);
            await().atMost(Duration.ofSeconds(20)).until(() -> kubectl.run("create", "configmap", "after",
                    "--from-literal=a=1").code() == 0);
            assertThat(kubectl.run("get", "configmap", "during").errors()).contains("NotFound");
            Shell.Result verified = plane.logplane("verify");
            assertThat(verified.code()).as(verified.all()).isZero();
        } finally {
            Shell.run(Duration.ofSeconds(20), Map.of(), "", List.of("umount", "-l", folder.toString()));
        }
    }

    private static Shell.Result mount(String... arguments) {
        List<String> words = new java.util.ArrayList<>(List.of("mount"));
        words.addAll(List.of(arguments));
        return Shell.run(Duration.ofSeconds(20), Map.of(), "", words);
    }

    private static void fill(Path file, int leave) throws IOException {
        FileStore disk = Files.getFileStore(file.getParent());
        byte[] block = new byte[MIB];
        try (var out = Files.newOutputStream(file)) {
            while (disk.getUsableSpace() > (long) leave * MIB) {
                out.write(block);
            }
        }
    }
}
