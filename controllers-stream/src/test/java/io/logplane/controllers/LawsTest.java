package io.logplane.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Change;
import io.logplane.controllers.core.Controller;
import io.logplane.controllers.core.Observed;
import io.logplane.controllers.core.Plan;
import io.logplane.controllers.core.View;
import io.logplane.controllers.core.Watches;
import io.logplane.controllers.loop.Loop;
import io.logplane.controllers.loop.Output;
import io.logplane.controllers.plane.Kubelets;
import io.logplane.controllers.plane.Plane;
import io.logplane.controllers.plane.Scenario;
import io.logplane.controllers.plane.Scenarios;
import io.logplane.controllers.plane.Simulation;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.record.Command;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The laws every entry of Controllers obeys. A new entry needs a scenario, else these fail.
final class LawsTest {
    private static final int SEEDS = Integer.getInteger("logplane.seeds", 25);
    private static final int STORM = 250;

    static Stream<Controller> controllers() {
        return Controllers.ALL.stream();
    }

    private record World(Scenario scenario, Plane plane, Simulation simulation, Map<ObjectKey, ObjectNode> foreign) {
    }

    private static World world(Controller controller, long seed) {
        Scenario scenario = Scenarios.byController().get(controller.name());
        assertThat(scenario).as("a scenario for " + controller.name()).isNotNull();
        Plane plane = new Plane(Scenarios.START);
        Scenarios.foreign(plane);
        scenario.setUp().accept(plane);
        Map<ObjectKey, ObjectNode> foreign = new TreeMap<>();
        Scenarios.foreignKeys().forEach(key -> foreign.put(key, plane.get(key).orElseThrow()));
        Simulation simulation = new Simulation(Controllers.ALL, plane, new Kubelets(plane, scenario.nodes()), seed);
        simulation.invariant(() -> assertThat(scenario.measure().applyAsInt(plane)).as("at any moment")
                .isLessThanOrEqualTo(scenario.most()));
        return new World(scenario, plane, simulation, foreign);
    }

    private static void disturb(World world) {
        Scenario scenario = world.scenario();
        scenario.disturb().accept(world.plane());
        int begin = Math.min(scenario.least(), scenario.measure().applyAsInt(world.plane()));
        world.simulation().invariant(() -> assertThat(scenario.measure().applyAsInt(world.plane()))
                .as("at any moment").isBetween(begin, scenario.most()));
    }

    private static void assertGoal(World world, String when) {
        assertThat(world.scenario().goal().test(world.plane(), world.simulation().view())).as(when + ": "
                + world.plane().keys()).isTrue();
        world.foreign().forEach((key, before) -> assertThat(world.plane().get(key)).as(when + ": foreign " + key)
                .contains(before));
    }

    private static World converged(Controller controller) {
        World world = world(controller, 1);
        world.simulation().settle();
        disturb(world);
        world.simulation().settle();
        world.simulation().pass(Duration.ofSeconds(90), Duration.ofSeconds(5));
        return world;
    }

    @ParameterizedTest
    @MethodSource("controllers")
    void itConvergesAndLeavesForeignObjectsAlone(Controller controller) {
        assertGoal(converged(controller), "settled");
    }

    @ParameterizedTest
    @MethodSource("controllers")
    void atRestItPlansNothing(Controller controller) {
        World world = converged(controller);
        View view = world.simulation().view();
        for (Controller each : Controllers.ALL) {
            for (ObjectKey primary : primaries(each, view)) {
                Plan plan = each.reconcile(primary, observed(view), world.plane().now());
                assertThat(plan.actions()).as(each.name() + " of " + primary).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("controllers")
    void theSameStateGivesTheSamePlanInWhateverOrderItArrivedAndHoweverOften(Controller controller) {
        World world = converged(controller);
        List<Plane.Step> history = world.plane().history();
        Random random = new Random(7);
        for (int count = 1; count <= history.size(); count += 1 + history.size() / 60) {
            View straight = Simulation.prefix(history, count, Scenarios.START);
            View shuffled = new View();
            shuffle(history.subList(0, count), random)
                    .forEach(step -> Simulation.apply(shuffled, step, Scenarios.START));
            Instant now = Scenarios.START.plusSeconds(30);
            for (ObjectKey primary : primaries(controller, straight)) {
                Plan plan = controller.reconcile(primary, observed(straight), now);
                assertThat(controller.reconcile(primary, observed(straight), now)).isEqualTo(plan);
                assertThat(controller.reconcile(primary, observed(shuffled), now)).isEqualTo(plan);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("controllers")
    void aStaleViewDoesNoHarm(Controller controller) {
        World world = world(controller, 1);
        world.simulation().settle();
        List<Plane.Step> history = List.copyOf(world.plane().history());
        for (int count = 1; count < history.size(); count++) {
            View stale = Simulation.prefix(history, count, Scenarios.START);
            commands(controller, stale, world.plane().now()).forEach(command -> {
                world.plane().apply(command);
                assertThat(world.scenario().measure().applyAsInt(world.plane())).as("stale")
                        .isBetween(world.scenario().least(), world.scenario().most());
            });
            world.foreign().forEach((key, before) -> assertThat(world.plane().get(key)).contains(before));
        }
        world.simulation().settle();
        disturb(world);
        world.simulation().settle();
        world.simulation().pass(Duration.ofSeconds(90), Duration.ofSeconds(10));
        assertGoal(world, "after acting on every prefix");
    }

    @ParameterizedTest
    @MethodSource("controllers")
    void delaysDuplicatesAndCrashesBetweenAnyTwoCommandsStillConverge(Controller controller) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                World world = world(controller, seed);
                world.simulation().settle();
                disturb(world);
                world.simulation().storm(STORM, true);
                assertGoal(world, "after the storm");
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
            }
        }
    }

    private static Observed observed(View view) {
        return new Observed(view, List.of(), Simulation.SETTINGS);
    }

    private static List<ObjectKey> primaries(Controller controller, View view) {
        TreeSet<ObjectKey> found = new TreeSet<>();
        view.all().forEach(entry -> controller.watches().forEach(watch -> Watches.concerned(watch,
                new Change(entry.key(), Optional.empty(), Optional.of(entry)), view, found::add)));
        return List.copyOf(found);
    }

    /// What one controller would send on this view.
    private static List<Command> commands(Controller controller, View view, Instant now) {
        List<Command> sent = new ArrayList<>();
        Loop loop = new Loop(List.of(controller), view, Simulation.SETTINGS, new Collecting(sent::add));
        loop.activate();
        loop.run(now);
        return sent;
    }

    private record Collecting(Consumer<Command> to) implements Output {
        @Override
        public void command(Command command) {
            to.accept(command);
        }

        @Override
        public void fault(String controller, ObjectKey primary, RuntimeException why) {
            throw new AssertionError(controller, why);
        }

        @Override
        public void overdue(String controller, ObjectKey primary) {
            throw new AssertionError(controller);
        }
    }

    /// Another order that keeps each key's own, with repetitions.
    private static List<Plane.Step> shuffle(List<Plane.Step> steps, Random random) {
        Map<String, List<Plane.Step>> byKey = new TreeMap<>();
        steps.forEach(step -> byKey.computeIfAbsent(step.key().text(), unused -> new ArrayList<>()).add(step));
        List<List<Plane.Step>> queues = new ArrayList<>(byKey.values());
        Collections.shuffle(queues, random);
        List<Plane.Step> order = new ArrayList<>();
        while (!queues.isEmpty()) {
            List<Plane.Step> queue = queues.get(random.nextInt(queues.size()));
            Plane.Step step = queue.removeFirst();
            order.add(step);
            if (step.object() != null && random.nextInt(4) == 0) {
                order.add(step);
            }
            if (queue.isEmpty()) {
                queues.remove(queue);
            }
        }
        return order;
    }
}
