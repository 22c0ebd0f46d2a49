package io.logplane.gateway.fairness;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;

/// What priority and fairness counts, under upstream's metric names; one set per level.
final class FlowMetrics {
    private static final String LEVEL = "priority.level";

    private FlowMetrics() {
    }

    static void bind(String name, RunningLevel level, MeterRegistry registry) {
        Gauge.builder("apiserver.flowcontrol.current.executing.seats", level, RunningLevel::running)
                .description("Seats taken.").tag(LEVEL, name)
                .register(registry);
        Gauge.builder("apiserver.flowcontrol.current.inqueue.requests", level, RunningLevel::waiting)
                .description("Requests that wait for a seat.").tag(LEVEL, name)
                .register(registry);
        Gauge.builder("apiserver.flowcontrol.current.limit.seats", level, RunningLevel::limit)
                .description("Seats there are.").tag(LEVEL, name)
                .register(registry);
        FunctionCounter.builder("apiserver.flowcontrol.dispatched.requests", level.dispatched, LongAdder::sum)
                .description("Requests that were given a seat.").tag(LEVEL,
                        name)
                .register(registry);
        rejected(name, "queue-full", level.full, registry);
        rejected(name, "time-out", level.timedOut, registry);
        rejected(name, "concurrency-limit", level.refused, registry);
    }

    private static void rejected(String name, String reason, LongAdder count, MeterRegistry registry) {
        FunctionCounter.builder("apiserver.flowcontrol.rejected.requests", count, LongAdder::sum)
                .description("Requests that were refused one.").tag(LEVEL, name).tag(
                        "reason", reason)
                .register(registry);
    }
}
