package io.logplane.node.volume;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.node.core.CannotStart;
import io.logplane.node.core.ContainerSpec.Mount;
import io.logplane.node.core.Environment;
import io.logplane.node.core.Facts;
import io.logplane.node.core.Pod;
import io.logplane.node.core.PodRef;
import io.logplane.node.core.PodStorage;
import io.logplane.node.core.Sources;
import io.logplane.node.core.Specs;
import io.logplane.node.core.VolumeFiles;
import io.logplane.schemas.model.Quantity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Everything a pod has on the node's disk.
///
/// | path below the agent's root | holds |
/// |---|---|
/// | `pods/<uid>/volumes/<name>/` | one volume |
/// | `pods/<uid>/etc-hosts` | the pod's /etc/hosts |
/// | `pods/<uid>/containers/<name>/<attempt>` | last words of one container |
/// | `logs/<namespace>_<name>_<uid>/<container>/<attempt>.log` | its output, in CRI's format |
///
/// Errors: [CannotStart] with reason FailedMount; UncheckedIOException when the disk refuses.
public final class PodFiles implements PodStorage {
    /// What a container may leave as its last words; upstream reads no more.
    private static final int MAX_MESSAGE = 4096;

    private final Path root;

    public PodFiles(Path root) {
        this.root = root.toAbsolutePath();
    }

    @Override
    public String logDirectory(PodRef pod) {
        return logs(pod).toString();
    }

    private Path logs(PodRef pod) {
        return root.resolve("logs").resolve(pod.directory());
    }

    private Path pod(String uid) {
        return root.resolve("pods").resolve(uid);
    }

    @Override
    public Map<String, String> prepare(Pod pod, Sources sources, Facts facts) {
        try {
            Path base = pod(pod.uid());
            Files.createDirectories(base.resolve("volumes"));
            Files.setPosixFilePermissions(base, AtomicFiles.permissions(0750));
            Map<String, String> paths = new LinkedHashMap<>();
            for (JsonNode volume : pod.spec().path("volumes")) {
                String name = volume.path("name").asText();
                paths.put(name, one(pod, volume, base.resolve("volumes").resolve(name), sources, facts).toString());
            }
            return paths;
        } catch (IOException refused) {
            throw new CannotStart("FailedMount", "volumes of the pod: " + refused.getMessage());
        }
    }

    private static Path one(Pod pod, JsonNode volume, Path path, Sources sources, Facts facts) throws IOException {
        if (volume.has("emptyDir")) {
            Files.createDirectories(path);
            if (volume.path("emptyDir").path("medium").asText().equals("Memory")) {
                String limit = volume.path("emptyDir").path("sizeLimit").asText();
                Trees.mountTmpfs(path, limit.isEmpty() ? 0 : Quantity.parse(limit).value());
            }
            group(pod, path);
            Files.setPosixFilePermissions(path, AtomicFiles.permissions(0777));
            return path;
        }
        if (volume.has("hostPath")) {
            return HostPaths.prepare(Path.of(volume.path("hostPath").path("path").asText()),
                    volume.path("hostPath").path("type").asText());
        }
        if (VolumeFiles.KINDS.stream().anyMatch(volume::has)) {
            AtomicFiles.write(path, VolumeFiles.of(pod, volume, sources, facts));
            return path;
        }
        String kind = volume.properties().stream().map(Map.Entry::getKey).filter(k -> !k.equals("name")).findFirst()
                .orElse("nothing");
        throw new CannotStart("FailedMount",
                "volume \"" + volume.path("name").asText() + "\": kind " + kind + " is not supported by this node");
    }

    private static void group(Pod pod, Path path) throws IOException {
        JsonNode group = pod.spec().path("securityContext").path("fsGroup");
        if (group.isNumber()) {
            Files.setAttribute(path, "unix:gid", group.asInt());
        }
    }

    @Override
    public List<Mount> mounts(Pod pod, Pod.Member member, int attempt, Map<String, String> volumes,
            Map<String, String> env, List<String> podIps) {
        try {
            List<Mount> mounts = new ArrayList<>();
            for (JsonNode mount : member.json().path("volumeMounts")) {
                mounts.add(volume(mount, volumes, env));
            }
            if (mounts.stream().noneMatch(m -> m.containerPath().equals("/etc/hosts"))) {
                mounts.add(new Mount(hosts(pod, podIps).toString(), "/etc/hosts", false, "None"));
            }
            Path words = pod(pod.uid()).resolve("containers").resolve(member.name())
                    .resolve(Integer.toString(attempt));
            Files.createDirectories(words.getParent() == null ? root : words.getParent());
            Files.write(words, new byte[0]);
            Files.setPosixFilePermissions(words, AtomicFiles.permissions(0666));
            mounts.add(new Mount(words.toString(),
                    member.json().path("terminationMessagePath").asText("/dev/termination-log"), false, "None"));
            Files.createDirectories(logs(pod.ref()).resolve(member.name()));
            mounts.sort(java.util.Comparator.comparingInt(m -> Path.of(m.containerPath()).getNameCount()));
            return mounts;
        } catch (IOException refused) {
            throw CannotStart.config("files of container " + member.name() + ": " + refused.getMessage());
        }
    }

    private static Mount volume(JsonNode mount, Map<String, String> volumes, Map<String, String> env)
            throws IOException {
        String name = mount.path("name").asText();
        String path = volumes.get(name);
        if (path == null) {
            throw CannotStart.config("no volume is called \"" + name + "\"");
        }
        String sub = mount.path("subPath").asText(Environment.expand(mount.path("subPathExpr").asText(), env));
        String host = sub.isEmpty() ? path : Trees.inside(Path.of(path), sub).toString();
        String target = mount.path("mountPath").asText();
        return new Mount(host, target.startsWith("/") ? target : "/" + target,
                mount.path("readOnly").asBoolean(), mount.path("mountPropagation").asText("None"));
    }

    private Path hosts(Pod pod, List<String> podIps) throws IOException {
        Path file = pod(pod.uid()).resolve("etc-hosts");
        if (pod.hostNetwork()) {
            Files.write(file, Files.readAllBytes(Path.of("/etc/hosts")));
            return file;
        }
        StringBuilder text = new StringBuilder("# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n"
                + "::1\tlocalhost ip6-localhost ip6-loopback\nfe00::\tip6-localnet\nfe00::\tip6-mcastprefix\n"
                + "fe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n");
        podIps.forEach(ip -> text.append(ip).append('\t').append(Specs.hostname(pod)).append('\n'));
        for (JsonNode alias : pod.spec().path("hostAliases")) {
            text.append(alias.path("ip").asText());
            alias.path("hostnames").forEach(h -> text.append('\t').append(h.asText()));
            text.append('\n');
        }
        Files.writeString(file, text);
        return file;
    }

    @Override
    public String lastWords(String file) {
        Path path = Path.of(file);
        if (file.isEmpty() || !path.normalize().startsWith(root) || !Files.isRegularFile(path)) {
            return "";
        }
        try (var in = Files.newInputStream(path)) {
            return new String(in.readNBytes(MAX_MESSAGE), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            return "";
        }
    }

    @Override
    public boolean present(PodRef pod) {
        return Files.exists(pod(pod.uid())) || Files.exists(logs(pod));
    }

    @Override
    public void remove(PodRef pod) {
        try {
            Trees.delete(pod(pod.uid()));
            Trees.delete(logs(pod));
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    /// The uids of all pods that have files here, for finding what a crash left.
    public List<String> uids() {
        Path pods = root.resolve("pods");
        if (!Files.isDirectory(pods)) {
            return List.of();
        }
        try (var entries = Files.list(pods)) {
            return entries.map(p -> p.getFileName().toString()).sorted().toList();
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }
}
