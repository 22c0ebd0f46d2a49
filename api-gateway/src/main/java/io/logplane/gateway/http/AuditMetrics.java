package io.logplane.gateway.http;

import io.logplane.gateway.auditlog.AuditLog;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;

/// What audit counts, under upstream's metric names.
public final class AuditMetrics {
    private AuditMetrics() {
    }

    public static void bind(AuditLog log, MeterRegistry registry) {
        FunctionCounter.builder("apiserver.audit.event", log, AuditLog::events).description(
                "audit records made").register(registry);
        FunctionCounter.builder("apiserver.audit.requests.rejected", log, AuditLog::rejected).description(
                "requests refused because their audit record could not be stored").register(registry);
        log.lost().keySet().forEach(place -> FunctionCounter.builder("apiserver.audit.error", log, all -> all.lost()
                .getOrDefault(place, 0L)).tag("plugin", place).description("audit records lost").register(registry));
    }
}
