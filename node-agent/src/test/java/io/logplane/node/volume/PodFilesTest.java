package io.logplane.node.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.node.TestPods;
import io.logplane.node.core.CannotStart;
import io.logplane.node.core.ContainerSpec.Mount;
import io.logplane.node.core.Facts;
import io.logplane.node.core.Pod;
import io.logplane.node.core.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodFilesTest {
    private static final Facts FACTS = new Facts("n", List.of("10.0.0.1"), 2000, 1L << 30, 1L << 40, "api", 6443,
            List.of(), "cluster.local");
    @TempDir
    Path root;

    private static Pod pod(String volumes, String mounts) {
        ObjectNode pod = TestPods.shell("p", "x");
        ((ObjectNode) pod.get("spec")).set("volumes", TestPods.json("{'v':" + volumes + "}").get("v"));
        ((ObjectNode) pod.at("/spec/containers/0")).set("volumeMounts",
                TestPods.json("{'v':" + mounts + "}").get("v"));
        return new Pod(pod);
    }

    private static Sources map(String data) {
        return new Sources(Map.of("m", TestPods.json("{'data':" + data + "}")), Map.of(), Map.of());
    }

    private List<Mount> mounts(Pod pod, Map<String, String> volumes) {
        return new PodFiles(root).mounts(pod, pod.members().getFirst(), 0, volumes, Map.of("POD", "x"),
                List.of("10.1.1.5"));
    }

    @Test
    void a_config_volume_changes_all_at_once_and_forgets_keys_that_went() throws IOException {
        Pod pod = pod("[{'name':'v','configMap':{'name':'m'}}]", "[]");
        PodFiles files = new PodFiles(root);
        Path volume = Path.of(files.prepare(pod, map("{'a':'1','b':'2'}"), FACTS).get("v"));
        assertThat(volume.resolve("a")).isSymbolicLink().hasContent("1");
        Path version = volume.resolve("..data").toRealPath();
        files.prepare(pod, map("{'a':'1','b':'2'}"), FACTS);
        assertThat(volume.resolve("..data").toRealPath()).as("same content, same version").isEqualTo(version);
        files.prepare(pod, map("{'a':'3','c':'4'}"), FACTS);
        assertThat(volume.resolve("a")).hasContent("3");
        assertThat(volume.resolve("c")).hasContent("4");
        assertThat(volume.resolve("b")).doesNotExist();
        assertThat(version).doesNotExist();
    }

    @Test
    void modes_and_paths_of_items_are_kept() throws IOException {
        Pod pod = pod("[{'name':'v','configMap':{'name':'m','defaultMode':256,"
                + "'items':[{'key':'a','path':'d/x'},{'key':'a','path':'y','mode':493}]}}]", "[]");
        Path volume = Path.of(new PodFiles(root).prepare(pod, map("{'a':'1'}"), FACTS).get("v"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(volume.resolve("d/x"))))
                .isEqualTo("r--------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(volume.resolve("y"))))
                .isEqualTo("rwxr-xr-x");
    }

    @Test
    void a_missing_source_is_a_trouble_unless_it_is_optional() {
        Pod needed = pod("[{'name':'v','configMap':{'name':'other'}}]", "[]");
        assertThatThrownBy(() -> new PodFiles(root).prepare(needed, Sources.NONE, FACTS))
                .isInstanceOf(CannotStart.class).hasMessage("configmap \"other\" not found");
        Pod optional = pod("[{'name':'v','configMap':{'name':'other','optional':true}}]", "[]");
        assertThat(new PodFiles(root).prepare(optional, Sources.NONE, FACTS)).containsKey("v");
    }

    @Test
    void a_path_never_leads_out_of_a_volume() throws IOException {
        for (String path : List.of("../x", "/etc/passwd", "a/../../x")) {
            Pod pod = pod("[{'name':'v','configMap':{'name':'m','items':[{'key':'a','path':'" + path + "'}]}}]",
                    "[]");
            assertThatThrownBy(() -> new PodFiles(root).prepare(pod, map("{'a':'1'}"), FACTS)).as(path)
                    .isInstanceOf(CannotStart.class);
        }
        Pod pod = pod("[{'name':'v','emptyDir':{}}]", "[{'name':'v','mountPath':'/m','subPath':'link/x'}]");
        Map<String, String> volumes = new PodFiles(root).prepare(pod, Sources.NONE, FACTS);
        Files.createSymbolicLink(Path.of(volumes.get("v")).resolve("link"), root);
        assertThatThrownBy(() -> mounts(pod, volumes)).isInstanceOf(CannotStart.class)
                .hasMessageContaining("out of its volume");
        Pod dots = pod("[{'name':'v','emptyDir':{}}]", "[{'name':'v','mountPath':'/m','subPath':'../..'}]");
        assertThatThrownBy(() -> mounts(dots, volumes)).isInstanceOf(CannotStart.class);
    }

    @Test
    void mounts_have_sub_paths_hosts_and_a_place_for_last_words() throws IOException {
        Pod pod = pod("[{'name':'v','emptyDir':{}}]",
                "[{'name':'v','mountPath':'/m','subPathExpr':'a/$(POD)','readOnly':true}]");
        Map<String, String> volumes = new PodFiles(root).prepare(pod, Sources.NONE, FACTS);
        List<Mount> mounts = mounts(pod, volumes);
        assertThat(mounts).extracting(Mount::containerPath).containsExactlyInAnyOrder("/m", "/etc/hosts",
                "/dev/termination-log");
        Mount volume = mounts.stream().filter(m -> m.containerPath().equals("/m")).findFirst().orElseThrow();
        assertThat(volume.hostPath()).endsWith("/volumes/v/a/x");
        assertThat(volume.readOnly()).isTrue();
        Path hosts = Path.of(mounts.stream().filter(m -> m.containerPath().equals("/etc/hosts")).findFirst()
                .orElseThrow().hostPath());
        assertThat(Files.readString(hosts)).contains("10.1.1.5\tp\n");
    }

    @Test
    void removing_a_pod_follows_no_link() throws IOException {
        Pod pod = pod("[{'name':'v','emptyDir':{}}]", "[]");
        PodFiles files = new PodFiles(root);
        Path outside = Files.writeString(root.resolve("precious"), "x");
        Files.createSymbolicLink(Path.of(files.prepare(pod, Sources.NONE, FACTS).get("v")).resolve("link"), root);
        files.remove(pod.ref());
        assertThat(outside).hasContent("x");
        assertThat(files.present(pod.ref())).isFalse();
    }

    @Test
    void a_host_path_is_what_it_says_or_refused() {
        PodFiles files = new PodFiles(root);
        String type = "[{'name':'v','hostPath':{'path':'" + root + "/h','type':'%s'}}]";
        assertThatThrownBy(() -> files.prepare(pod(String.format(type, "Directory"), "[]"), Sources.NONE, FACTS))
                .isInstanceOf(CannotStart.class).hasMessageContaining("hostPath type check failed");
        files.prepare(pod(String.format(type, "DirectoryOrCreate"), "[]"), Sources.NONE, FACTS);
        assertThat(root.resolve("h")).isDirectory();
        assertThatThrownBy(() -> files.prepare(pod(String.format(type, "File"), "[]"), Sources.NONE, FACTS))
                .isInstanceOf(CannotStart.class);
    }

    @Test
    void a_kind_of_volume_this_node_lacks_is_named() {
        assertThatThrownBy(() -> new PodFiles(root).prepare(pod("[{'name':'v','nfs':{'server':'s'}}]", "[]"),
                Sources.NONE, FACTS)).hasMessageContaining("kind nfs is not supported");
    }
}
