package io.logplane.node.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.node.core.Container;
import io.logplane.node.core.Pod;
import io.logplane.node.core.Pod.Member;
import io.logplane.node.core.PodEvent;
import io.logplane.node.core.PodInput.Health;
import io.logplane.node.core.PodObserved;
import io.logplane.node.core.PodRef;
import io.logplane.node.core.ProbeTally;
import io.logplane.node.core.ProbeTally.Settings;
import io.logplane.node.core.Sandbox;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Runs startup, readiness and liveness probes of running containers and remembers how they go.
/// Thread: any; one timer per probe, no thread between two runs.
final class Probes implements AutoCloseable {
    private final Node node;
    private final ProbeRunner runner;
    private final EventSender events;
    private final Map<String, Watched> watched = new ConcurrentHashMap<>();

    Probes(Node node, EventSender events) {
        this.node = node;
        this.events = events;
        this.runner = new ProbeRunner(node.runtime());
    }

    /// One container with probes.
    private final class Watched {
        private final Pod pod;
        private final Member member;
        private final String id;
        private final Runnable onChange;
        private final Map<String, JsonNode> probes = new LinkedHashMap<>();
        private final Map<String, ProbeTally> tallies = new ConcurrentHashMap<>();
        private final ProbeRunner.Target target;
        private final Map<String, Future<?>> next = new ConcurrentHashMap<>();
        private volatile boolean over;

        Watched(Pod pod, Member member, Container container, ProbeRunner.Target target, Runnable onChange) {
            JsonNode json = member.json();
            this.pod = pod;
            this.member = member;
            this.id = container.id();
            this.onChange = onChange;
            this.target = target;
            for (String kind : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
                if (json.path(kind).isObject()) {
                    probes.put(kind, json.path(kind));
                    tallies.put(kind, ProbeTally.initial(kind.equals("livenessProbe")));
                }
            }
        }

        void begin() {
            probes.forEach((kind, probe) -> schedule(kind, Settings.of(probe).initialDelay()));
        }

        private void schedule(String kind, Duration delay) {
            if (!over) {
                next.put(kind, node.threads().later(delay, () -> once(kind)));
            }
        }

        private void once(String kind) {
            JsonNode probe = probes.get(kind);
            if (over || probe == null || kind.equals("startupProbe") && started()) {
                return;
            }
            Settings settings = Settings.of(probe);
            if (kind.equals("startupProbe") || started()) {
                Health before = health();
                Optional<String> failure = runner.run(id, probe, target, settings.timeout());
                tallies.computeIfPresent(kind, (k, tally) -> tally.after(failure.isEmpty(), settings));
                if (!over) {
                    failure.ifPresent(said -> events.tell(pod, PodEvent.unhealthy(member, kind, said)));
                }
                if (!over && !health().equals(before)) {
                    onChange.run();
                }
            }
            schedule(kind, settings.period());
        }

        private boolean started() {
            return passing("startupProbe");
        }

        private boolean passing(String kind) {
            @Nullable
            ProbeTally tally = tallies.get(kind);
            return tally == null || tally.passing();
        }

        Health health() {
            ProbeTally startup = tallies.get("startupProbe");
            JsonNode probe = probes.get("startupProbe");
            boolean startupFailed = startup != null && probe != null && startup.failed(Settings.of(probe))
                    && !startup.passing();
            return new Health(started(), passing("readinessProbe"), passing("livenessProbe") && !startupFailed);
        }

        void end() {
            over = true;
            next.values().forEach(f -> f.cancel(false));
        }
    }

    /// Begins probing containers that run and ends it for those that do not.
    void watch(Pod pod, PodObserved observed, Runnable onChange) {
        Optional<Sandbox> sandbox = observed.readySandbox();
        for (Container container : observed.containers()) {
            if (container.running() && sandbox.isPresent() && !watched.containsKey(container.id())) {
                pod.member(container.name()).filter(m -> hasProbe(m.json())).ifPresent(member -> {
                    String ip = pod.hostNetwork()
                            ? node.facts().hostIps().getFirst()
                            : sandbox.get().ips().isEmpty() ? "" : sandbox.get().ips().getFirst();
                    Watched fresh = new Watched(pod, member, container, new ProbeRunner.Target(ip, member.json()),
                            onChange);
                    if (watched.putIfAbsent(container.id(), fresh) == null) {
                        fresh.begin();
                    }
                });
            } else if (!container.running()) {
                Watched old = watched.remove(container.id());
                if (old != null) {
                    old.end();
                }
            }
        }
    }

    private static boolean hasProbe(JsonNode container) {
        return container.has("startupProbe") || container.has("readinessProbe") || container.has("livenessProbe");
    }

    Map<String, Health> health(PodObserved observed) {
        Map<String, Health> health = new LinkedHashMap<>();
        for (Container container : observed.containers()) {
            Watched known = watched.get(container.id());
            if (known != null) {
                health.put(container.id(), known.health());
            }
        }
        return health;
    }

    void forget(PodRef pod) {
        watched.values().removeIf(w -> {
            if (w.pod.ref().equals(pod)) {
                w.end();
                return true;
            }
            return false;
        });
    }

    @Override
    public void close() {
        watched.values().forEach(Watched::end);
        runner.close();
    }
}
