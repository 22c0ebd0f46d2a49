package io.logplane.controllers.loop;

import io.logplane.controllers.core.Action;
import io.logplane.controllers.core.Change;
import io.logplane.controllers.core.Controller;
import io.logplane.controllers.core.Entry;
import io.logplane.controllers.core.Observed;
import io.logplane.controllers.core.Plan;
import io.logplane.controllers.core.Settings;
import io.logplane.controllers.core.View;
import io.logplane.controllers.core.Watch;
import io.logplane.controllers.core.Watches;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.record.Command;
import io.logplane.schemas.record.CommandVerb;
import io.logplane.schemas.record.Outcome;
import io.logplane.schemas.topics.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Runs every controller: changes mark keys, [#run] makes a pass of each marked key that is not held, and sends its
/// commands.
///
/// A key is marked by changes its watches name, by wake-ups, and by the outcomes of its own commands; marks of one
/// batch
/// collapse into one pass. A key is held while its commands are under way (see Flights). Nothing runs before
/// [#activate].
/// Limits: [#MAX_PASSES] passes a run; the rest stays marked. Thread: one.
public final class Loop {
    /// Passes of one run: a run must end before Kafka takes the process for dead (minutes), even if a pass takes 10 ms.
    static final int MAX_PASSES = 5_000;
    /// Revisions named as cause of one command; the newest say enough.
    static final int MAX_CAUSES = 8;
    /// Events about refusals of one pass: a thousand refused pods have one reason.
    static final int MAX_REFUSED_NOTES = 3;
    private static final int MAX_REPORTED = 1_000;
    private static final int HTTP_ERROR = 400;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;
    /// What a key backs off from when its pass threw.
    private static final String FAULT = "pass";

    private record Sent(WorkKey key, Command command, Action action, int[] refusedNotes) {
    }

    private final List<Controller> controllers;
    private final View view;
    private final Settings settings;
    private final Output output;
    private final Map<WorkKey, List<Long>> marked = new LinkedHashMap<>();
    private final Map<String, Sent> sent = new HashMap<>();
    private final Flights flights = new Flights();
    private final Backoffs backoffs = new Backoffs();
    private final Timers timers = new Timers();
    private final Set<String> reported = new HashSet<>();
    private boolean active;
    private long passed;

    public Loop(List<Controller> controllers, View view, Settings settings, Output output) {
        this.controllers = List.copyOf(controllers);
        this.view = view;
        this.settings = settings;
        this.output = output;
    }

    /// The view has moved by `change`; `revision` of the log `registry`, 0 for another log's.
    public void changed(Change change, long revision) {
        if (!active) {
            return;
        }
        for (Controller controller : controllers) {
            for (Watch watch : controller.watches()) {
                Watches.concerned(watch, change, view, primary -> mark(new WorkKey(controller, primary), revision));
            }
        }
    }

    /// Everything of `log` up to `revision` is in the view.
    public void passed(String log, long revision) {
        if (log.equals(Topics.REGISTRY.name())) {
            passed = Math.max(passed, revision);
            flights.landed(passed).forEach(key -> mark(key, 0));
        }
    }

    /// From here on passes are made; all that exists is looked at once.
    public void activate() {
        if (!active) {
            active = true;
            view.all().forEach(entry -> changed(
                    new Change(entry.key(), Optional.empty(), Optional.of(entry)), 0));
        }
    }

    public boolean active() {
        return active;
    }

    public void outcome(Outcome outcome, Instant now) {
        Sent command = sent.remove(outcome.getCommandId());
        if (command == null) {
            return;
        }
        boolean gone = outcome.getCode() == NOT_FOUND && command.command().getVerb() == CommandVerb.DELETE;
        if (outcome.getCode() < HTTP_ERROR || gone) {
            backoffs.accepted(command.key(), CommandWriter.target(command.action()));
            backoffs.accepted(command.key(), CommandWriter.targetAtRevision(command.action()));
            command.action().notes().accepted().filter(note -> !gone).ifPresent(note -> output.command(
                    CommandWriter.event(command.key(), note, "", command.command(), outcome.getRevision(), now)));
        } else {
            refused(command, outcome, now);
        }
        ObjectKey key = ObjectKey.parse(command.command().getKey());
        boolean inRegistry = Topics.logOf(key.group(), key.resource()).equals(Topics.REGISTRY);
        if (flights.outcome(command.key(), outcome.getCommandId(), inRegistry ? outcome.getRevision() : 0, passed)) {
            mark(command.key(), 0);
        }
    }

    /// Makes a pass of every key that is due.
    public void run(Instant now) {
        if (!active) {
            return;
        }
        timers.due(now).forEach(key -> mark(key, 0));
        for (WorkKey key : flights.overdue(now)) {
            output.overdue(key.controller().name(), key.primary());
            sent.values().removeIf(command -> command.key().equals(key));
            mark(key, 0);
        }
        List<WorkKey> due = new ArrayList<>();
        for (WorkKey key : marked.keySet()) {
            if (due.size() < MAX_PASSES && !flights.holds(key)) {
                due.add(key);
            }
        }
        for (WorkKey key : due) {
            List<Long> causes = marked.remove(key);
            pass(key, causes == null ? List.of() : causes, now);
        }
    }

    /// Keys that are marked, commands whose outcome is open, wake-ups set.
    public Figures figures() {
        return new Figures(marked.size(), sent.size(), flights.size(), timers.size());
    }

    public record Figures(int marked, int open, int held, int timers) {
    }

    private void mark(WorkKey key, long revision) {
        List<Long> causes = marked.computeIfAbsent(key, unused -> new ArrayList<>());
        if (revision > 0 && !causes.contains(revision)) {
            causes.addFirst(revision);
            if (causes.size() > MAX_CAUSES) {
                causes.removeLast();
            }
        }
    }

    private void pass(WorkKey key, List<Long> causes, Instant now) {
        timers.clear(key);
        Plan plan;
        try {
            Observed observed = new Observed(view, backoffs.shown(key), settings);
            plan = key.controller().reconcile(key.primary(), observed, now);
        } catch (RuntimeException bug) {
            fault(key, bug, now);
            return;
        }
        backoffs.accepted(key, FAULT);
        plan.recheckAt().ifPresent(at -> timers.set(key, at));
        send(key, plan, causes, now);
    }

    private void fault(WorkKey key, RuntimeException bug, Instant now) {
        backoffs.refused(key, FAULT, Optional.empty(), now);
        timers.set(key, backoffs.waitsUntil(key, FAULT, now).orElse(now));
        String signature = key.controller().name() + " " + bug.getClass().getName() + " "
                + (bug.getStackTrace().length > 0 ? bug.getStackTrace()[0] : "");
        if (reported.size() < MAX_REPORTED && reported.add(signature)) {
            output.fault(key.controller().name(), key.primary(), bug);
        }
    }

    private void send(WorkKey key, Plan plan, List<Long> causes, Instant now) {
        long revision = view.get(key.primary()).map(Entry::revision).orElse(0L);
        List<Long> because = causes.isEmpty() && revision > 0 ? List.of(revision) : List.copyOf(causes);
        Set<String> wanted = new HashSet<>();
        List<Command> commands = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        int[] refusedNotes = new int[1];
        for (Action action : plan.actions()) {
            String target = CommandWriter.target(action);
            String version = CommandWriter.targetAtRevision(action);
            wanted.add(target);
            wanted.add(version);
            Optional<Instant> wait = backoffs.waitsUntil(key, target, now)
                    .or(() -> backoffs.waitsUntil(key, version, now));
            if (wait.isPresent()) {
                timers.setEarliest(key, wait.get());
                continue;
            }
            int attempt = backoffs.attempts(key, target) + backoffs.attempts(key, version);
            Command command = CommandWriter.command(key, action, revision, attempt, because, now);
            commands.add(command);
            ids.add(command.getId());
            sent.put(command.getId(), new Sent(key, command, action, refusedNotes));
        }
        backoffs.keepOnly(key, wanted);
        if (!ids.isEmpty()) {
            flights.start(key, ids, now);
            commands.forEach(output::command);
        }
    }

    private void refused(Sent command, Outcome outcome, Instant now) {
        int code = outcome.getCode();
        boolean race = code == CONFLICT || code == NOT_FOUND || code == TOO_MANY || code >= SERVER_ERROR
                || outcome.getMessage().contains("because it is being terminated");
        Optional<Observed.Refused> shown = race
                ? Optional.empty()
                : Optional.of(new Observed.Refused(command.command().getVerb() == CommandVerb.CREATE, code,
                        outcome.getReason(), outcome.getMessage()));
        String target = code == CONFLICT
                ? CommandWriter.targetAtRevision(command.action())
                : CommandWriter.target(command.action());
        backoffs.refused(command.key(), target, shown, now);
        if (!race && command.refusedNotes()[0]++ < MAX_REFUSED_NOTES) {
            command.action().notes().refused().ifPresent(note -> output.command(CommandWriter.event(command.key(), note,
                    outcome.getMessage(), command.command(), 0, now)));
        }
    }
}
