package io.logplane.gateway.fairness;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.atomic.LongAdder;

/// What priority and fairness counts, under upstream's metric names: seats by level, requests by level and schema.
///
/// Source: k8s.io/apiserver/pkg/util/flowcontrol/metrics.
final class FlowMetrics {
    private static final String LEVEL = "priority.level";
    private static final String SCHEMA = "flow.schema";

    private FlowMetrics() {
    }

    static void bind(String name, RunningLevel level, MeterRegistry registry) {
        Gauge.builder("apiserver.flowcontrol.current.limit.seats", level, RunningLevel::limit)
                .description("Seats there are.").tag(LEVEL, name).register(registry);
        Gauge.builder("apiserver.flowcontrol.nominal.limit.seats", level, RunningLevel::nominal)
                .description("Seats there are while nobody lends any.").tag(LEVEL, name).register(registry);
    }

    static void bind(String level, String schema, FlowCounts counts, MeterRegistry registry) {
        Tags tags = Tags.of(LEVEL, level, SCHEMA, schema);
        gauge("current.executing.seats", "Seats taken.", counts.seats, tags, registry);
        gauge("current.executing.requests", "Requests that have a seat.", counts.executing, tags, registry);
        gauge("current.inqueue.requests", "Requests that wait for a seat.", counts.waiting, tags, registry);
        FunctionCounter.builder("apiserver.flowcontrol.dispatched.requests", counts.dispatched, LongAdder::sum)
                .description("Requests that were given a seat.").tags(tags).register(registry);
        rejected("queue-full", counts.full, tags, registry);
        rejected("time-out", counts.timedOut, tags, registry);
        rejected("concurrency-limit", counts.refused, tags, registry);
    }

    private static void gauge(String name, String what, LongAdder count, Tags tags, MeterRegistry registry) {
        Gauge.builder("apiserver.flowcontrol." + name, count, LongAdder::sum).description(what).tags(tags)
                .register(registry);
    }

    private static void rejected(String reason, LongAdder count, Tags tags, MeterRegistry registry) {
        FunctionCounter.builder("apiserver.flowcontrol.rejected.requests", count, LongAdder::sum)
                .description("Requests that were refused one.").tags(tags.and("reason", reason)).register(registry);
    }
}
