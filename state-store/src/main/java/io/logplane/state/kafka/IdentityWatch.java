package io.logplane.state.kafka;

import java.util.Optional;
import org.apache.kafka.common.KafkaException;

/// Asks again and again whether the topic is still the same one. Thread: its own virtual thread; `changed` from any.
final class IdentityWatch implements AutoCloseable {
    private static final long EVERY_MILLIS = 10_000;
    private final Thread thread;
    private volatile Optional<String> changed = Optional.empty();

    IdentityWatch(Topology topology, String log, Topology.Ids expected) {
        thread = Thread.ofVirtual().name("identity-" + log).start(() -> {
            while (changed.isEmpty()) {
                try {
                    Thread.sleep(EVERY_MILLIS);
                    Topology.Ids now = topology.of(log);
                    if (!now.equals(expected)) {
                        changed = Optional.of(log + " is another topic than a moment ago (" + expected + ", now " + now
                                + "): it was deleted and created again");
                    }
                } catch (KafkaException unknown) {
                    // Not an answer; asked again.
                } catch (InterruptedException closing) {
                    return;
                }
            }
        });
    }

    Optional<String> changed() {
        return changed;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
