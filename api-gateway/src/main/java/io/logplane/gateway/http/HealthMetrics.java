package io.logplane.gateway.http;

import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// What single checks of health said, for indicators of the service's level.
///
/// Thread: any. Source: k8s.io/component-base/metrics/prometheus/slis.
final class HealthMetrics {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<Tags, AtomicInteger> last = new ConcurrentHashMap<>();

    Optional<String> counted(String type, String name, Optional<String> wrong) {
        Tags tags = Tags.of("name", name, "type", type);
        last.computeIfAbsent(tags, unused -> registry.gauge("kubernetes.healthcheck", tags, new AtomicInteger()))
                .set(wrong.isEmpty() ? 1 : 0);
        registry.counter("kubernetes.healthchecks", tags.and("status", wrong.isEmpty() ? "success" : "error"))
                .increment();
        return wrong;
    }

    String scrape() {
        return registry.scrape();
    }
}
