package io.logplane.gateway.audit;

import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Where the time of one request went, for the audit record of one that was slow.
///
/// Thread: any; few write. Source: k8s.io/apiserver/pkg/endpoints/request (webhook_duration.go).
public final class Latencies {
    private static final String PREFIX = "apiserver.latency.k8s.io/";
    /// Upstream says nothing of requests that took no longer.
    private static final Duration SLOW = Duration.ofMillis(500);

    /// A part of the server. Of those that are waited for one by one the times are added up, of those that are asked at
    /// once the longest counts.
    public enum Layer {
        AUTHENTICATION("authentication", true), AUTHORIZATION("authorization", true), QUEUE("apf-queue-wait",
                true), MUTATING_WEBHOOKS("mutating-webhook", true), VALIDATING_WEBHOOKS("validating-webhook",
                        false), LOG("etcd", true);

        private final String key;
        private final boolean summed;

        Layer(String key, boolean summed) {
            this.key = key;
            this.summed = summed;
        }
    }

    private final Map<Layer, Long> nanos = new EnumMap<>(Layer.class);

    /// So many nanoseconds were spent there.
    public synchronized void took(Layer layer, long spent) {
        nanos.merge(layer, spent, layer.summed ? Long::sum : Math::max);
    }

    /// Annotations of a request that took so long in all; none of a fast one.
    public synchronized Map<String, String> annotations(Duration total) {
        Map<String, String> said = new LinkedHashMap<>();
        if (total.compareTo(SLOW) > 0) {
            nanos.forEach((layer, spent) -> said.put(PREFIX + layer.key, text(spent)));
            said.put(PREFIX + "total", text(total.toNanos()));
        }
        return said;
    }

    /// As Go writes a duration: `1m2.5s`, `523.4ms`, `17µs`.
    static String text(long spent) {
        if (spent < TimeUnit.MICROSECONDS.toNanos(1)) {
            return spent == 0 ? "0s" : spent + "ns";
        }
        if (spent < TimeUnit.MILLISECONDS.toNanos(1)) {
            return decimal(spent, TimeUnit.MICROSECONDS) + "µs";
        }
        if (spent < TimeUnit.SECONDS.toNanos(1)) {
            return decimal(spent, TimeUnit.MILLISECONDS) + "ms";
        }
        long minutes = TimeUnit.NANOSECONDS.toMinutes(spent);
        String seconds = decimal(spent - TimeUnit.MINUTES.toNanos(minutes), TimeUnit.SECONDS) + "s";
        if (minutes == 0) {
            return seconds;
        }
        return (minutes < 60 ? "" : minutes / 60 + "h") + minutes % 60 + "m" + seconds;
    }

    private static String decimal(long spent, TimeUnit unit) {
        return new java.math.BigDecimal(spent).divide(new java.math.BigDecimal(unit.toNanos(1))).stripTrailingZeros()
                .toPlainString();
    }
}
