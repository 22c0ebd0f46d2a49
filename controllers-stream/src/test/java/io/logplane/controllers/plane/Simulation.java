package io.logplane.controllers.plane;

import io.logplane.controllers.core.Change;
import io.logplane.controllers.core.Controller;
import io.logplane.controllers.core.Entry;
import io.logplane.controllers.core.Settings;
import io.logplane.controllers.core.View;
import io.logplane.controllers.loop.Loop;
import io.logplane.controllers.loop.Output;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.record.Command;
import io.logplane.schemas.record.Outcome;
import io.logplane.schemas.topics.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// The plane, the loop and the topics between them in one thread, with seeded delays, duplicates and crashes.
public final class Simulation implements Output {
    public static final Settings SETTINGS = Settings.defaults("-----CA-----");
    /// Rounds of one settling; rollouts of these tests need fewer than a hundred.
    private static final int MOST_STEPS = 2_000;

    private final List<Controller> controllers;
    private final Plane plane;
    private final Kubelets kubelets;
    private final Random random;
    private final Deque<Command> commands = new ArrayDeque<>();
    private final Deque<Outcome> outcomes = new ArrayDeque<>();
    private final List<Command> sent = new ArrayList<>();
    private final List<Command> events = new ArrayList<>();
    private View view = new View();
    private Loop loop;
    private int delivered;
    private Runnable invariant = () -> {
    };

    public Simulation(List<Controller> controllers, Plane plane, Kubelets kubelets, long seed) {
        this.controllers = controllers;
        this.plane = plane;
        this.kubelets = kubelets;
        this.random = new Random(seed);
        this.loop = new Loop(controllers, view, SETTINGS, this);
        loop.activate();
    }

    public void invariant(Runnable check) {
        invariant = check;
    }

    public View view() {
        return view;
    }

    public List<Command> sent() {
        return sent;
    }

    public List<Command> events() {
        return events;
    }

    /// In order, one thing after the other, until nothing moves; does not wait for wake-ups.
    public void settle() {
        for (int i = 0; i < MOST_STEPS; i++) {
            deliver(Integer.MAX_VALUE);
            boolean moved = false;
            while (!commands.isEmpty()) {
                outcomes.add(plane.apply(commands.remove()));
                invariant.run();
                moved = true;
            }
            while (!outcomes.isEmpty()) {
                loop.outcome(outcomes.remove(), plane.now());
            }
            deliver(Integer.MAX_VALUE);
            moved |= kubelets.step();
            if (!moved && commands.isEmpty() && delivered == plane.history().size()) {
                return;
            }
        }
        throw new AssertionError("does not converge");
    }

    /// Goes on for `time`, in steps of `step`, settling after each.
    public void pass(Duration time, Duration step) {
        Instant end = plane.now().plus(time);
        while (plane.now().isBefore(end)) {
            plane.sleep(step);
            settle();
        }
    }

    /// `steps` random things: parts of batches, commands twice, late outcomes, crashes; then settles.
    public void storm(int steps, boolean crashes) {
        for (int i = 0; i < steps; i++) {
            switch (random.nextInt(crashes ? 8 : 7)) {
                case 0, 1 -> deliver(1 + random.nextInt(5));
                case 2, 3 -> {
                    if (!commands.isEmpty()) {
                        Command command = commands.remove();
                        outcomes.add(plane.apply(command));
                        invariant.run();
                        if (random.nextInt(5) == 0) {
                            plane.apply(command);
                            invariant.run();
                        }
                    }
                }
                case 4 -> {
                    if (!outcomes.isEmpty()) {
                        loop.outcome(outcomes.remove(), plane.now());
                        loop.run(plane.now());
                    }
                }
                case 5 -> kubelets.step();
                case 6 -> {
                    plane.sleep(Duration.ofMillis(random.nextInt(300)));
                    loop.run(plane.now());
                }
                default -> {
                    if (random.nextInt(4) == 0) {
                        crash();
                    }
                }
            }
        }
        for (int i = 0; i < 20; i++) {
            settle();
            plane.sleep(Duration.ofSeconds(10));
            loop.run(plane.now());
        }
        settle();
    }

    /// A new process: rebuilds its view, lets the commands of its predecessor be answered first (the start gate).
    public void crash() {
        while (!commands.isEmpty()) {
            plane.apply(commands.remove());
            invariant.run();
        }
        outcomes.clear();
        view = new View();
        loop = new Loop(controllers, view, SETTINGS, this);
        delivered = 0;
        deliver(Integer.MAX_VALUE);
        loop.activate();
        loop.run(plane.now());
    }

    /// Delivers up to `count` steps of the state, then the watermark.
    private void deliver(int count) {
        for (int i = 0; i < count && delivered < plane.history().size(); i++) {
            Plane.Step step = plane.history().get(delivered++);
            loop.changed(apply(view, step, plane.now()), step.revision());
        }
        long revision = delivered == 0 ? 0 : plane.history().get(delivered - 1).revision();
        loop.passed(Topics.REGISTRY.name(), revision);
        loop.run(plane.now());
    }

    public static Change apply(View view, Plane.Step step, Instant now) {
        byte[] object = step.object();
        return object == null
                ? view.remove(step.key(), now)
                : view.put(Entry.of(step.key(), step.revision(), object, now));
    }

    /// A view of the first `count` steps.
    public static View prefix(List<Plane.Step> history, int count, Instant now) {
        View view = new View();
        history.subList(0, count).forEach(step -> apply(view, step, now));
        return view;
    }

    public Optional<Entry> seen(ObjectKey key) {
        return view.get(key);
    }

    @Override
    public void command(Command command) {
        if (ObjectKey.parse(command.getKey()).resource().equals("events")) {
            events.add(command);
        } else {
            sent.add(command);
            commands.add(command);
        }
    }

    @Override
    public void fault(String controller, ObjectKey primary, RuntimeException why) {
        throw new AssertionError(controller + " failed for " + primary, why);
    }

    @Override
    public void overdue(String controller, ObjectKey primary) {
        // storms lose outcomes on purpose
    }
}
