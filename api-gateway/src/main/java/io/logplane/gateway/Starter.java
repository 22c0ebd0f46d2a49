package io.logplane.gateway;

import io.logplane.schemas.model.Refused;
import io.logplane.state.Registry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the bootstrap until it has succeeded once; the log may come later than the gateway.
///
/// Thread: one virtual thread of its own; close ends it.
final class Starter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Starter.class);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Bootstrap bootstrap;
    private final Registry registry;
    private final AtomicReference<Optional<String>> state;
    private final Thread thread;

    Starter(Bootstrap bootstrap, Registry registry, AtomicReference<Optional<String>> state) {
        this.bootstrap = bootstrap;
        this.registry = registry;
        this.state = state;
        this.thread = Thread.ofVirtual().name("bootstrap").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            Optional<String> wrong = registry.notReady();
            if (wrong.isEmpty()) {
                wrong = attempt();
            }
            state.set(wrong);
            if (wrong.isEmpty()) {
                return;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private Optional<String> attempt() {
        try {
            bootstrap.run();
            return Optional.empty();
        } catch (Refused refused) {
            LOG.warn("first objects not written yet: {}", refused.refusal().message());
            return Optional.of(refused.refusal().message());
        } catch (RuntimeException fault) {
            LOG.error("the first objects cannot be written", fault);
            return Optional.of("a fault: " + fault);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
