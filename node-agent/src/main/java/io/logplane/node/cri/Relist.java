package io.logplane.node.cri;

import io.logplane.node.core.PodRef;
import io.logplane.node.core.PodRuntime.RuntimeFault;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks regularly at everything the runtime has and names the pods that differ from the last look. Level-triggered:
/// a look that fails is made good by the next one.
/// Thread: one virtual thread of its own.
final class Relist implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Relist.class);

    private final Supplier<Map<PodRef, String>> look;
    private final Duration every;
    private @Nullable Thread thread;
    private boolean reachable = true;

    Relist(Supplier<Map<PodRef, String>> look, Duration every) {
        this.look = look;
        this.every = every;
    }

    synchronized void start(Consumer<PodRef> listener) {
        thread = Thread.ofVirtual().name("cri-relist").start(() -> run(listener));
    }

    private void run(Consumer<PodRef> listener) {
        Map<PodRef, String> last = new LinkedHashMap<>();
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(every);
                Map<PodRef, String> now = look.get();
                reachable(true, "");
                Set<PodRef> pods = new LinkedHashSet<>(last.keySet());
                pods.addAll(now.keySet());
                for (PodRef pod : pods) {
                    if (!now.getOrDefault(pod, "").equals(last.getOrDefault(pod, ""))) {
                        listener.accept(pod);
                    }
                }
                last = now;
            } catch (InterruptedException stopped) {
                return;
            } catch (RuntimeFault fault) {
                reachable(false, String.valueOf(fault.getMessage()));
            }
        }
    }

    private void reachable(boolean now, String why) {
        if (now != reachable) {
            reachable = now;
            if (now) {
                LOG.info("container runtime answers again");
            } else {
                LOG.warn("container runtime does not answer: {}", why);
            }
        }
    }

    @Override
    public synchronized void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
