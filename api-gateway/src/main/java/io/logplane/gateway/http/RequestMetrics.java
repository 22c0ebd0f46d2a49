package io.logplane.gateway.http;

import io.logplane.gateway.request.RequestInfo;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// What requests cost, under upstream's metric names.
///
/// Limits: labels only take values of the catalogue (unknown resources count as "other"), so nobody can grow them.
/// Thread: any.
public final class RequestMetrics {
    private static final int MAX_TIMERS = 2000;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();

    void observe(Optional<RequestInfo> info, String method, int code, long nanos) {
        String verb = info.filter(RequestInfo::resourceRequest).map(RequestInfo::verb).orElse(method);
        if (verb.equals("watch")) {
            return;
        }
        String resource = info.filter(RequestInfo::resourceRequest).filter(i -> io.logplane.schemas.types.ResourceTypes
                .find(i.group(), i.version(), i.resource()).isPresent()).map(RequestInfo::resource).orElse("other");
        String key = verb + "|" + resource + "|" + code;
        Timer known = timers.get(key);
        if (known == null && timers.size() < MAX_TIMERS) {
            known = timers.computeIfAbsent(key, unused -> timer(verb, resource, code));
        }
        if (known != null) {
            known.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    private Timer timer(String verb, String resource, int code) {
        return Timer.builder("apiserver.request.duration").tag("verb", verb).tag("resource", resource).tag("code",
                Integer.toString(code)).serviceLevelObjectives(Duration.ofMillis(5), Duration.ofMillis(25),
                        Duration
                                .ofMillis(100),
                        Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(5))
                .register(registry);
    }

    public PrometheusMeterRegistry registry() {
        return registry;
    }

    String scrape() {
        return registry.scrape();
    }
}
