package io.logplane.cli;

import io.logplane.schemas.topics.Topic;
import io.logplane.schemas.topics.Topics;
import io.logplane.state.core.LogState;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HexFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `logplane verify`: replays every log from its beginning and prints what it hashes to, to compare with another
/// replayer.
@Command(name = "verify", mixinStandardHelpOptions = true, description = {
    "Replays the logs from the beginning and prints position, chain hash and state digest of each."})
final class VerifyCommand implements Runnable {
    private static final Duration PATIENCE = Duration.ofMillis(200);

    @Mixin
    private Access access = new Access();
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        for (Topic log : Topics.LOGS) {
            try (Tail tail = new Tail(access.admin(), log)) {
                long records = 0;
                while (!tail.caughtUp()) {
                    records += tail.next(PATIENCE).isPresent() ? 1 : 0;
                }
                LogState state = tail.raw().state();
                HexFormat hex = HexFormat.of();
                out.println(log.name() + "  records " + records + "  position " + state.position() + "  chain "
                        + hex.formatHex(state.chainHash()) + "  state " + hex.formatHex(state.stateDigest())
                        + (tail.raw().exact() ? "" : "  (the beginning is past retention)"));
                out.flush();
            }
        }
    }
}
