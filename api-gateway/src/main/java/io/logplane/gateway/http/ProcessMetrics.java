package io.logplane.gateway.http;

import com.sun.management.UnixOperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// What the process uses, under the names all Prometheus clients have, and which build it is.
///
/// Thread: any. Source: prometheus.io/docs/instrumenting/writing_clientlibs, k8s.io/component-base/metrics.
final class ProcessMetrics {
    private static final long PAGE_BYTES = 4096;
    private static final Path PAGES = Path.of("/proc/self/statm");

    private ProcessMetrics() {
    }

    static void bind(MeterRegistry registry) {
        var runtime = ManagementFactory.getRuntimeMXBean();
        Gauge.builder("process.start.time.seconds", runtime, up -> (double) up.getStartTime() / TimeUnit.SECONDS
                .toMillis(1)).description("When the process started, in seconds since 1970.").strongReference(true)
                .register(registry);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            FunctionCounter.builder("process.cpu.seconds", system, now -> (double) now.getProcessCpuTime()
                    / TimeUnit.SECONDS.toNanos(1)).description("Processor time used.").register(registry);
            Gauge.builder("process.open.fds", system, UnixOperatingSystemMXBean::getOpenFileDescriptorCount)
                    .description("Files and sockets open.").strongReference(true).register(registry);
            Gauge.builder("process.max.fds", system, UnixOperatingSystemMXBean::getMaxFileDescriptorCount)
                    .description("Files and sockets that may be open.").strongReference(true).register(registry);
        }
        Gauge.builder("process.virtual.memory.bytes", () -> pages(0)).description("Address space.").register(registry);
        Gauge.builder("process.resident.memory.bytes", () -> pages(1)).description("Memory in use.").register(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        Gauge.builder("kubernetes.build.info", () -> 1).description("Which build this is; always 1.")
                .tag("git_version", PathRoutes.GIT_VERSION).tag("major",
                        PathRoutes.MAJOR)
                .tag("minor", PathRoutes.MINOR).tag("go_version", "").tag("platform", PathRoutes
                        .platform())
                .tag("compiler", "javac").tag("git_commit", "").tag("git_tree_state", "clean")
                .tag("build_date", "1970-01-01T00:00:00Z").register(registry);
    }

    /// In bytes; not a number where there is no such file.
    private static double pages(int field) {
        try {
            return (double) Long.parseLong(Files.readString(PAGES).split(" ")[field]) * PAGE_BYTES;
        } catch (IOException nowhere) {
            return Double.NaN;
        }
    }
}
