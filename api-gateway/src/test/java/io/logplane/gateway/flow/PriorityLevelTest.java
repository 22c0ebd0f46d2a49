package io.logplane.gateway.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.gateway.authn.User;
import io.logplane.gateway.fairness.FlowDefaults;
import io.logplane.gateway.flow.PriorityLevel.Admission;
import io.logplane.gateway.flow.PriorityLevel.Ticket;
import io.logplane.gateway.request.RequestInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Floods in simulated time: who is served, who waits, who is sent away.
class PriorityLevelTest {
    private static final long MILLI = 1_000_000;

    /// A request that ends at a time.
    private record Running(long end, Ticket ticket, String who) {
    }

    /// One level, a crowd of clients each of which keeps so many requests under way, and a clock.
    private static final class World {
        private final PriorityLevel level;
        private final Random random;
        private final PriorityQueue<Running> running = new PriorityQueue<>((a, b) -> Long.compare(a.end(), b.end()));
        private final Map<String, Integer> served = new HashMap<>();
        private final Map<String, Integer> refused = new HashMap<>();
        private final Deque<String> again = new ArrayDeque<>();
        private final Map<String, Long> flows = new HashMap<>();
        private long now;

        World(PriorityLevel level, long seed) {
            this.level = level;
            this.random = new Random(seed);
        }

        void client(String who, int requests) {
            flows.put(who, random.nextLong() >>> 1);
            for (int i = 0; i < requests; i++) {
                again.add(who);
            }
        }

        void run(int steps) {
            for (int i = 0; i < steps; i++) {
                for (int n = again.size(); n > 0; n--) {
                    arrive(again.remove());
                }
                Running done = running.remove();
                now = Math.max(now, done.end());
                assertThat(level.running()).isLessThanOrEqualTo(level.limit());
                again.add(done.who());
                level.leave(done.ticket(), now).forEach(Ticket::wake);
            }
        }

        private void arrive(String who) {
            Ticket[] mine = new Ticket[1];
            Runnable start = () -> {
                served.merge(who, 1, Integer::sum);
                running.add(new Running(now + (1 + random.nextInt(10)) * MILLI, mine[0], who));
            };
            switch (level.enter(flows.get(who), 1, now, start)) {
                case Admission.Run(Ticket ticket) -> {
                    mine[0] = ticket;
                    start.run();
                }
                case Admission.Wait(Ticket ticket) -> mine[0] = ticket;
                case Admission.Reject _ -> {
                    refused.merge(who, 1, Integer::sum);
                    again.add(who);
                }
            }
        }

        int served(String who) {
            return served.getOrDefault(who, 0);
        }
    }

    private static LevelConfig queuing(int queues, int hand, int length) {
        return new LevelConfig("l", "", false, 10, 0, Optional.empty(),
                Optional.of(new LevelConfig.Queuing(queues, hand,
                        length)));
    }

    @Test
    void an_elephant_does_not_starve_a_mouse() {
        for (long seed = 0; seed < 5; seed++) {
            World world = new World(new PriorityLevel(queuing(64, 6, 50), 10, 0), seed);
            world.client("elephant", 400);
            world.client("mouse", 5);
            world.run(5_000);

            // in one line with the elephant it would be served 62 times; each of its queues counts as much as each of
            // the six of the elephant's hand
            assertThat(world.served("mouse")).as("seed " + seed).isGreaterThan(800);
            assertThat(world.refused.getOrDefault("mouse", 0)).as("seed " + seed).isZero();
            assertThat(world.refused.get("elephant")).as("seed " + seed).isPositive();
        }
    }

    @Test
    void equal_clients_get_equal_parts_whatever_they_ask_for() {
        World world = new World(new PriorityLevel(queuing(64, 4, 50), 8, 0), 7);
        List.of(200, 150, 100, 50).forEach(count -> world.client("c" + count, count));
        world.run(10_000);

        List<Integer> parts = new ArrayList<>();
        List.of(200, 150, 100, 50).forEach(count -> parts.add(world.served("c" + count)));
        assertThat(parts).allSatisfy(part -> assertThat(part).isBetween(1_500, 4_250));
    }

    @Test
    void without_queues_the_surplus_is_refused_and_a_freed_seat_is_given_again() {
        LevelConfig rejecting = new LevelConfig("l", "", false, 5, 0, Optional.empty(), Optional.empty());
        PriorityLevel level = new PriorityLevel(rejecting, 2, 0);
        Runnable nothing = () -> {
        };
        Admission.Run first = (Admission.Run) level.enter(1, 1, 0, nothing);
        assertThat(level.enter(2, 1, 0, nothing)).isInstanceOf(Admission.Run.class);
        assertThat(level.enter(3, 1, 0, nothing)).isEqualTo(new Admission.Reject("concurrency-limit"));
        assertThat(level.leave(first.ticket(), 5)).isEmpty();
        assertThat(level.enter(3, 1, 6, nothing)).isInstanceOf(Admission.Run.class);
    }

    @Test
    void who_stops_waiting_leaves_no_trace() {
        PriorityLevel level = new PriorityLevel(queuing(8, 2, 50), 1, 0);
        Runnable nothing = () -> {
        };
        Admission.Run first = (Admission.Run) level.enter(1, 1, 0, nothing);
        Admission.Wait second = (Admission.Wait) level.enter(2, 1, 0, nothing);
        Admission.Wait third = (Admission.Wait) level.enter(3, 1, 0, nothing);
        assertThat(level.cancel(second.ticket())).isTrue();
        assertThat(level.cancel(second.ticket())).isFalse();
        assertThat(level.leave(first.ticket(), 5)).containsExactly(third.ticket());
        assertThat(level.leave(third.ticket(), 9)).isEmpty();
        assertThat(level.running() + level.waiting()).isZero();
    }

    @Test
    void hands_are_dealt_without_repeats() {
        PriorityLevel level = new PriorityLevel(queuing(3, 3, 1), 1, 0);
        Runnable nothing = () -> {
        };
        assertThat(level.enter(41, 1, 0, nothing)).isInstanceOf(Admission.Run.class);
        for (int i = 0; i < 3; i++) { // one flow, three queues of length one: all are filled before it is refused
            assertThat(level.enter(41, 1, 0, nothing)).as("" + i).isInstanceOf(Admission.Wait.class);
        }
        assertThat(level.enter(41, 1, 0, nothing)).isEqualTo(new Admission.Reject("queue-full"));
    }

    private static FlowConfig defaults() {
        List<FlowSchema> schemas = new ArrayList<>();
        List<LevelConfig> levels = new ArrayList<>();
        FlowDefaults.all().forEach(object -> {
            if (object.path("kind").asText().equals("FlowSchema")) {
                schemas.add(FlowSchema.of(object));
            } else {
                levels.add(LevelConfig.of(object));
            }
        });
        return new FlowConfig(schemas, levels);
    }

    private static String schemaOf(User user, String verb, String group, String resource, String namespace) {
        RequestInfo info = new RequestInfo(true, "", verb, group, "v1", resource, "", namespace, "x", false);
        return defaults().classify(user, info).orElseThrow().schema().name();
    }

    @Test
    void the_bootstrap_configuration_puts_everybody_where_upstream_does() {
        User node = User.named("system:node:n1");
        User admin = new User("a", "", List.of("system:masters"), Map.of());
        assertThat(schemaOf(node, "update", "coordination.k8s.io", "leases", "kube-node-lease")).isEqualTo(
                "system-node-high");
        assertThat(schemaOf(node, "list", "", "pods", "")).isEqualTo("system-nodes");
        assertThat(schemaOf(admin, "list", "", "pods", "")).isEqualTo("exempt");
        assertThat(schemaOf(User.named("system:kube-scheduler"), "update", "coordination.k8s.io", "leases",
                "kube-system")).isEqualTo("system-leader-election");
        assertThat(schemaOf(User.named("system:kube-scheduler"), "list", "", "pods", "")).isEqualTo("kube-scheduler");
        assertThat(schemaOf(User.named("system:serviceaccount:kube-system:x"), "get", "", "pods", "d")).isEqualTo(
                "kube-system-service-accounts");
        assertThat(schemaOf(User.named("system:serviceaccount:d:x"), "get", "", "pods", "d")).isEqualTo(
                "service-accounts");
        assertThat(schemaOf(User.named("jane"), "get", "", "pods", "d")).isEqualTo("global-default");
        assertThat(defaults().classify(User.ANONYMOUS, RequestInfo.nonResource("/readyz", "GET")).orElseThrow().schema()
                .name()).isEqualTo("probes");
    }

    @Test
    void a_flood_of_users_borrows_what_is_idle_but_leaves_nodes_their_seats() {
        FlowConfig config = defaults();
        assertThat(config.nominal(600)).containsEntry("node-high", 98).containsEntry("catch-all", 13).containsEntry(
                "exempt", 0);
        Borrowing borrowing = new Borrowing();
        Map<String, Integer> given = Map.of();
        for (int round = 0; round < 10; round++) {
            given = borrowing.round(config, 600, Map.of("global-default", 5_000, "node-high", 40));
        }
        assertThat(given.get("global-default")).isGreaterThan(250);
        assertThat(given.get("node-high")).isGreaterThanOrEqualTo(73);
        assertThat(given.values().stream().mapToInt(Integer::intValue).sum()).isLessThanOrEqualTo(620);
    }
}
