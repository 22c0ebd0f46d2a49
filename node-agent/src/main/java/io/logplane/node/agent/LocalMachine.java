package io.logplane.node.agent;

import io.logplane.node.core.Facts;
import io.logplane.node.core.NodeStatus;
import io.logplane.node.core.NodeStatus.Machine;
import io.logplane.node.core.NodeStatus.Pressure;
import io.logplane.node.core.PodRuntime;
import io.logplane.node.core.PodRuntime.RuntimeFault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// The machine under the agent, read from /proc, /sys and /etc.
/// Thread: any.
public final class LocalMachine implements Supplier<Machine> {
    private static final long KI = 1024;
    /// Upstream's thresholds of eviction.
    private static final long LOW_MEMORY = 100L * KI * KI;
    private static final int LOW_DISK_PERCENT = 10;
    private static final int LOW_PID_PERCENT = 5;
    /// More than /proc/meminfo, /proc/cpuinfo's first processor and /etc/os-release hold.
    private static final int PROC_FILE_BYTES = 16 * 1024;

    private final Facts facts;
    private final PodRuntime runtime;
    private final Path root;
    private final int kubeletPort;

    public LocalMachine(Facts facts, PodRuntime runtime, Path root, int kubeletPort) {
        this.facts = facts;
        this.runtime = runtime;
        this.root = root;
        this.kubeletPort = kubeletPort;
    }

    /// Units: bytes.
    public static long memory() {
        return meminfo("MemTotal");
    }

    /// Units: bytes, of the file system `root` is on.
    public static long storage(Path root) {
        try {
            return Files.getFileStore(root).getTotalSpace();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public Machine get() {
        Optional<String> down = Optional.empty();
        List<PodRuntime.Image> images = List.of();
        String version = "containerd://unknown";
        try {
            PodRuntime.Version answer = runtime.version();
            version = answer.name() + "://" + answer.version();
            images = runtime.images();
        } catch (RuntimeFault fault) {
            down = Optional.of(String.valueOf(fault.getMessage()));
        }
        return new Machine(facts, info(version), kubeletPort, pressure(), down, images);
    }

    private static Map<String, String> info(String runtimeVersion) {
        Map<String, String> info = new LinkedHashMap<>();
        String machineId = text(Path.of("/etc/machine-id"));
        info.put("machineID", machineId);
        info.put("systemUUID", Optional.of(text(Path.of("/sys/class/dmi/id/product_uuid"))).filter(s -> !s.isEmpty())
                .orElse(machineId));
        info.put("bootID", text(Path.of("/proc/sys/kernel/random/boot_id")));
        info.put("kernelVersion", text(Path.of("/proc/sys/kernel/osrelease")));
        info.put("osImage", osImage());
        info.put("containerRuntimeVersion", runtimeVersion);
        info.put("kubeletVersion", NodeStatus.KUBELET_VERSION);
        info.put("kubeProxyVersion", "");
        info.put("operatingSystem", "linux");
        info.put("architecture", arch());
        return info;
    }

    static String arch() {
        String arch = System.getProperty("os.arch", "amd64");
        return arch.equals("aarch64") ? "arm64" : arch;
    }

    private static String osImage() {
        return text(Path.of("/etc/os-release")).lines().filter(l -> l.startsWith("PRETTY_NAME="))
                .map(l -> l.substring("PRETTY_NAME=".length()).replace("\"", "")).findFirst().orElse("Linux");
    }

    private Pressure pressure() {
        try {
            var store = Files.getFileStore(root);
            boolean disk = store.getUsableSpace() < store.getTotalSpace() / 100 * LOW_DISK_PERCENT;
            long available = meminfo("MemAvailable");
            return new Pressure(available > 0 && available < LOW_MEMORY, disk, pidsLow());
        } catch (IOException unreadable) {
            return Pressure.NONE;
        }
    }

    private static boolean pidsLow() {
        String[] load = text(Path.of("/proc/loadavg")).split("[ /]");
        String max = text(Path.of("/proc/sys/kernel/pid_max"));
        if (load.length < 5 || max.isEmpty()) {
            return false;
        }
        long limit = Long.parseLong(max);
        return limit - Long.parseLong(load[4]) < limit / 100 * LOW_PID_PERCENT;
    }

    private static long meminfo(String field) {
        return text(Path.of("/proc/meminfo")).lines().filter(l -> l.startsWith(field + ":"))
                .map(l -> Long.parseLong(l.replaceAll("[^0-9]", "")) * KI).findFirst().orElse(0L);
    }

    /// In one read: a file below /proc/sys gives nothing to a second one.
    private static String text(Path file) {
        byte[] bytes = new byte[PROC_FILE_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            int length = Math.max(in.read(bytes), 0);
            return new String(bytes, 0, length, StandardCharsets.UTF_8).trim();
        } catch (IOException absent) {
            return "";
        }
    }
}
