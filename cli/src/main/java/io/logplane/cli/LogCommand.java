package io.logplane.cli;

import io.logplane.cli.core.EntryText;
import io.logplane.cli.core.LogEntry;
import io.logplane.cli.core.LogFilter;
import io.logplane.cli.core.When;
import io.logplane.schemas.topics.Topic;
import io.logplane.schemas.topics.Topics;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `logplane log`: the registry log, line by line, straight from Kafka.
@Command(name = "log", mixinStandardHelpOptions = true, sortOptions = false, description = {
    "Reads the registry log: revision, time, verdict, verb, object, who, and behind '<-' what made it act."}, footer = {
        "Times: a revision (12345), RFC 3339 (2026-11-20T10:00:00Z), or an age (90s, 15m, 2h, 3d)."})
final class LogCommand implements Runnable {
    private static final Duration PATIENCE = Duration.ofMillis(200);
    /// A log whose end does not come within this is not reachable.
    private static final Duration STALL = Duration.ofSeconds(20);

    @Mixin
    private Access access = new Access();
    @Parameters(arity = "0..1", paramLabel = "KIND/NAME", description = "only this object")
    private String object = "";
    @Option(names = {"-f", "--follow"}, description = "wait for more")
    private boolean follow;
    @Option(names = {"-n", "--namespace"}, description = "only objects of this namespace")
    private String namespace = "";
    @Option(names = "--resource", description = "only this type: pods, deployments.apps, …")
    private String resource = "";
    @Option(names = "--actor", description = "only changes by this user")
    private String actor = "";
    @Option(names = "--verb", description = "only this verb: create, update, patch, delete, bind, …")
    private String verb = "";
    @Option(names = "--from", description = "first revision or time")
    private String from = "";
    @Option(names = "--to", description = "last revision or time")
    private String to = "";
    @Option(names = "--refused", description = "only changes that were not accepted")
    private boolean refused;
    @Option(names = "--own", description = "also the log's own records: genesis, hellos, barriers")
    private boolean own;
    @Option(names = "--log", description = "registry, registry-events or registry-leases (default ${DEFAULT-VALUE})")
    private String log = Topics.REGISTRY.name();
    @Option(names = {"-o", "--output"}, description = "text or json, one document a line (default ${DEFAULT-VALUE})")
    private String output = "text";
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        Topic topic = Topics.LOGS.stream().filter(t -> t.name().equals(log)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no log '" + log + "'; there are registry, "
                        + "registry-events and registry-leases"));
        LogFilter filter = filter();
        Range range = new Range(when(from), when(to));
        PrintWriter out = spec.commandLine().getOut();
        try (Tail tail = new Tail(access.admin(), access.sealing(), topic)) {
            long quietSince = System.nanoTime();
            while (follow || !tail.caughtUp()) {
                Optional<LogEntry> entry = tail.next(PATIENCE);
                if (entry.isPresent()) {
                    quietSince = System.nanoTime();
                    if (range.isOver(entry.get())) {
                        break;
                    }
                    if (range.contains(entry.get()) && filter.test(entry.get())) {
                        out.println(output.equals("json")
                                ? EntryText.json(entry.get()).toString()
                                : EntryText.line(entry.get()));
                        out.flush();
                    }
                } else if (!follow && System.nanoTime() - quietSince > STALL.toNanos()) {
                    throw new IllegalArgumentException(
                            "the log stopped answering after offset " + tail.raw().position());
                }
            }
        }
        out.flush();
    }

    private LogFilter filter() {
        Optional<String> type = some(resource).map(r -> Names.type(r).plural());
        Optional<String> name = Optional.empty();
        if (!object.isEmpty()) {
            int slash = object.indexOf('/');
            if (slash <= 0 || slash == object.length() - 1) {
                throw new IllegalArgumentException("'" + object + "' is not KIND/NAME, e.g. deployment/web");
            }
            type = Optional.of(Names.type(object.substring(0, slash)).plural());
            name = Optional.of(object.substring(slash + 1));
        }
        return new LogFilter(type, some(namespace), name, some(actor), some(verb), refused, own);
    }

    private static Optional<When> when(String text) {
        return some(text).map(t -> When.parse(t, Instant.now()));
    }

    private static Optional<String> some(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /// From here to there, both included; empty means open.
    private record Range(Optional<When> from, Optional<When> to) {
        boolean contains(LogEntry entry) {
            return from.map(w -> compare(entry, w) >= 0).orElse(true);
        }

        boolean isOver(LogEntry entry) {
            return to.map(w -> compare(entry, w) > 0).orElse(false);
        }

        private static int compare(LogEntry entry, When when) {
            return switch (when) {
                case When.Revision r -> Long.compare(entry.revision(), r.revision());
                case When.Moment m -> entry.appended().compareTo(m.instant());
            };
        }
    }
}
