package io.logplane.state.kafka;

import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/// Notices that fetches are no longer answered: a consumer's poll says nothing when the broker is away. Even an idle
/// log
/// answers every fetch.max.wait. Thread: the reader's.
final class FetchWatch {
    /// Six unanswered long polls; short against the 10 s in which readiness must turn red.
    static final int PATIENCE_SECONDS = 3;
    private final Metric answered;
    private double last = -1;
    private long since = System.nanoTime();
    private boolean stalled;

    FetchWatch(KafkaConsumer<byte[], byte[]> consumer) {
        answered = consumer.metrics().entrySet().stream().filter(entry -> isFetchTotal(entry.getKey()))
                .map(Map.Entry::getValue).findFirst()
                .orElseThrow(() -> new IllegalStateException("this Kafka client has no metric fetch-total"));
    }

    boolean stalled() {
        double now = ((Number) answered.metricValue()).doubleValue();
        if (now != last) {
            last = now;
            since = System.nanoTime();
            stalled = false;
        } else if (System.nanoTime() - since > PATIENCE_SECONDS * 1_000_000_000L) {
            stalled = true;
        }
        return stalled;
    }

    boolean recovered() {
        return !stalled;
    }

    private static boolean isFetchTotal(MetricName name) {
        return name.name().equals("fetch-total") && name.group().equals("consumer-fetch-manager-metrics")
                && !name.tags().containsKey("topic");
    }
}
