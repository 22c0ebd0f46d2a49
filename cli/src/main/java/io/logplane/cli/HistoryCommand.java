package io.logplane.cli;

import io.logplane.cli.core.HistoryText;
import io.logplane.cli.core.LogEntry;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.types.ResourceType;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `logplane history KIND/NAME`: every version of one object, deleted and re-created ones too, with what changed, who
/// and why.
@Command(name = "history", mixinStandardHelpOptions = true, sortOptions = false, description = {
    "Shows every change of one object: verdict, who, why, and the fields it changed. Values of Secrets are hidden."})
final class HistoryCommand implements Runnable {
    private static final Duration PATIENCE = Duration.ofMillis(200);

    @Mixin
    private Access access = new Access();
    @Parameters(paramLabel = "KIND/NAME", description = "the object, e.g. deployment/web")
    private String object = "";
    @Option(names = {"-n", "--namespace"}, description = "its namespace (default ${DEFAULT-VALUE})")
    private String namespace = "default";
    @Option(names = "--field", description = "only changes of this field, e.g. spec.replicas")
    private String field = "";
    @Option(names = {"-o", "--output"}, description = "text or json, one document a line (default ${DEFAULT-VALUE})")
    private String output = "text";
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        int slash = object.indexOf('/');
        if (slash <= 0 || slash == object.length() - 1) {
            throw new IllegalArgumentException("'" + object + "' is not KIND/NAME, e.g. deployment/web");
        }
        ResourceType type = Names.type(object.substring(0, slash));
        ObjectKey key = type.key(namespace, object.substring(slash + 1));
        HistoryText text = new HistoryText(field.isEmpty() ? Optional.empty() : Optional.of(field));
        PrintWriter out = spec.commandLine().getOut();
        int shown = 0;
        try (Tail tail = new Tail(access.admin(), access.sealing(), Topics.logOf(key.group(), key.resource()))) {
            while (!tail.caughtUp()) {
                Optional<LogEntry> entry = tail.next(PATIENCE);
                if (entry.flatMap(LogEntry::change).filter(c -> c.getKey().equals(key.text())).isPresent()) {
                    shown++;
                    print(entry.get(), text, out);
                }
            }
        }
        out.flush();
        if (shown == 0) {
            throw new IllegalArgumentException(
                    "the log has never seen " + type.qualifiedName() + " \"" + key.name() + "\""
                            + (type.namespaced() ? " in namespace " + namespace : ""));
        }
    }

    private void print(LogEntry entry, HistoryText text, PrintWriter out) {
        if (output.equals("json")) {
            text.json(entry).ifPresent(json -> out.println(json.toString()));
        } else {
            text.lines(entry).forEach(out::println);
        }
    }
}
