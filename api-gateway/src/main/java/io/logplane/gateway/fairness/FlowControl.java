package io.logplane.gateway.fairness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.flow.Borrowing;
import io.logplane.gateway.flow.FlowConfig;
import io.logplane.gateway.flow.FlowSchema;
import io.logplane.gateway.flow.LevelConfig;
import io.logplane.gateway.read.StateFeed;
import io.logplane.gateway.request.RequestInfo;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// Gives requests their seats, by the flow schemas and priority levels of the cluster.
///
/// Two objects are always there, whatever the log says: `exempt` and `catch-all`.
/// Limits: [#seats] in all; a request waits [#PATIENCE] at most.
/// Thread: any; the configuration is swapped whole.
/// Source: KEP-1040; k8s.io/apiserver/pkg/util/flowcontrol.
public final class FlowControl implements StateFeed.Sink {
    public static final String GROUP = "flowcontrol.apiserver.k8s.io";
    public static final List<String> RESOURCES = List.of("prioritylevelconfigurations", "flowschemas");
    /// kube-apiserver's `--max-requests-inflight` and `--max-mutating-requests-inflight`, summed.
    public static final int SEATS = 400 + 200;
    /// A quarter of the time a request may take, as upstream: who waited longer had better come again.
    static final Duration PATIENCE = Duration.ofSeconds(15);

    private final int seats;
    private final MeterRegistry metrics;
    private final Borrowing borrowing = new Borrowing();
    private final Map<String, FlowSchema> schemas = new TreeMap<>();
    private final Map<String, LevelConfig> configs = new TreeMap<>();
    private final AtomicBoolean changed = new AtomicBoolean(true);
    /// By level and schema; what was counted once stays.
    private final Map<List<String>, FlowCounts> counts = new HashMap<>();
    private volatile Current current = new Current(new FlowConfig(List.of(), List.of()), Map.of(), Map.of());

    /// Shape: `counts` by schema.
    private record Current(FlowConfig config, Map<String, RunningLevel> levels, Map<String, FlowCounts> counts) {
    }

    /// Shape: `mandatory` objects hold until the state has its own.
    public FlowControl(int seats, List<JsonNode> mandatory, MeterRegistry metrics) {
        this.seats = seats;
        this.metrics = metrics;
        for (JsonNode object : mandatory) {
            if (object.path("kind").asText().equals("FlowSchema")) {
                schemas.put(object.path("metadata").path("name").asText(), FlowSchema.of(object));
            } else {
                configs.put(object.path("metadata").path("name").asText(), LevelConfig.of(object));
            }
        }
        rebuild();
    }

    /// Where a request is seated; to be given back.
    public static final class Seat implements AutoCloseable {
        private final FlowConfig.Class place;
        private final Optional<Runnable> release;
        private final int retryAfter;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Seat(FlowConfig.Class place, Optional<Runnable> release, int retryAfter) {
            this.place = place;
            this.release = release;
            this.retryAfter = retryAfter;
        }

        public String schemaUid() {
            return place.schema().uid();
        }

        public String levelUid() {
            return place.level().uid();
        }

        /// False: too many requests, come again.
        public boolean granted() {
            return retryAfter == 0;
        }

        /// Units: seconds; 0 for a seat that is granted.
        public int retryAfter() {
            return retryAfter;
        }

        /// Again and again does nothing.
        @Override
        public void close() {
            if (release.isPresent() && closed.compareAndSet(false, true)) {
                release.get().run();
            }
        }
    }

    /// Waits for a seat. Shape: `width` seats; empty when nothing is configured.
    public Optional<Seat> enter(User user, RequestInfo info, int width) {
        Current now = current;
        Optional<FlowConfig.Class> place = now.config().classify(user, info);
        RunningLevel level = place.map(found -> now.levels().get(found.level().name())).orElse(null);
        FlowCounts counted = place.map(found -> now.counts().get(found.schema().name())).orElse(null);
        if (place.isEmpty() || level == null || counted == null) {
            return Optional.empty();
        }
        if (place.get().level().exempt()) {
            counted.begins(width);
            return Optional.of(new Seat(place.get(), Optional.of(() -> counted.ends(width)), 0));
        }
        return Optional.of(switch (level.enter(place.get().flow(), width, PATIENCE.toNanos(), counted)) {
            case RunningLevel.Result.Seated(var ticket) -> new Seat(place.get(), Optional.of(() -> level.leave(
                    ticket, counted)), 0);
            case RunningLevel.Result.Refused(int retryAfter) -> new Seat(place.get(), Optional.empty(), retryAfter);
        });
    }

    @Override
    public synchronized void put(String resource, ObjectNode object) {
        String name = object.path("metadata").path("name").asText();
        if (resource.equals("flowschemas")) {
            schemas.put(name, FlowSchema.of(object));
        } else {
            configs.put(name, LevelConfig.of(object));
        }
        rebuild();
    }

    @Override
    public synchronized void remove(String resource, String namespace, String name) {
        if (FlowDefaults.MANDATORY.contains(name)) {
            return; // its successor is on its way
        }
        if (resource.equals("flowschemas")) {
            schemas.remove(name);
        } else {
            configs.remove(name);
        }
        rebuild();
    }

    private synchronized void rebuild() {
        FlowConfig config = new FlowConfig(schemas.values(), configs.values());
        Map<String, Integer> nominal = config.nominal(seats);
        Map<String, RunningLevel> levels = new ConcurrentHashMap<>();
        for (LevelConfig level : config.levels()) {
            int given = nominal.getOrDefault(level.name(), 1);
            RunningLevel known = current.levels().get(level.name());
            if (known == null) {
                known = new RunningLevel(level, given);
                FlowMetrics.bind(level.name(), known, metrics);
            } else {
                known.reconfigure(level, given);
            }
            known.nominal(given);
            levels.put(level.name(), known);
        }
        Map<String, FlowCounts> counted = new HashMap<>();
        for (FlowSchema schema : config.schemas()) {
            counted.put(schema.name(), counts.computeIfAbsent(List.of(schema.level(), schema.name()), unused -> {
                FlowCounts fresh = new FlowCounts();
                FlowMetrics.bind(schema.level(), schema.name(), fresh, metrics);
                return fresh;
            }));
        }
        current = new Current(config, levels, counted);
        changed.set(true);
    }

    /// One round of lending. To be called every ten seconds.
    public synchronized void lend() {
        Map<String, Integer> peaks = new TreeMap<>();
        current.levels().forEach((name, level) -> peaks.put(name, level.takePeak()));
        Map<String, Integer> given = borrowing.round(current.config(), seats, peaks);
        current.config().levels().forEach(level -> {
            RunningLevel running = current.levels().get(level.name());
            Integer now = given.get(level.name());
            if (running != null && now != null) {
                running.reconfigure(level, now);
            }
        });
    }

    /// True once after each change of a schema or level.
    public boolean takeChanged() {
        return changed.getAndSet(false);
    }
}
