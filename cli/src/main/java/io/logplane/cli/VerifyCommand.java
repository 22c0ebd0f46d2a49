package io.logplane.cli;

import io.logplane.schemas.topics.Topic;
import io.logplane.schemas.topics.Topics;
import io.logplane.state.core.LogState;
import io.logplane.state.kafka.LogTail;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `logplane verify`: replays every log from its beginning, compares it with the checkpoints gateways signed on the
/// way, and prints what it hashes to, to compare with another replayer.
@Command(name = "verify", mixinStandardHelpOptions = true, description = {
    "Replays the logs from the beginning and prints position, chain hash and state digest of each.",
    "Every published checkpoint is compared with what the log gives now,",
    "and its signature with DIR/pki/checkpoint.pub.",
    "Exit code 1: a checkpoint does not agree, or its signature is wrong."})
final class VerifyCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMillis(200);

    @Mixin
    private Access access = new Access();
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        CheckpointCheck check = CheckpointCheck.read(access.admin(), access.checkpointKey());
        boolean agree = true;
        for (Topic log : Topics.LOGS) {
            agree &= verify(log, check, out);
        }
        return agree ? 0 : 1;
    }

    private boolean verify(Topic log, CheckpointCheck check, PrintWriter out) {
        CheckpointCheck.Tally tally = check.of(log.name());
        try (Tail tail = new Tail(access.admin(), access.sealing(), log)) {
            long records = 0;
            while (!tail.caughtUp()) {
                Optional<LogTail.Line> line = tail.raw().next(PATIENCE);
                records += line.isPresent() ? 1 : 0;
                if (tail.raw().exact()) {
                    line.ifPresent(tally::compare);
                }
            }
            LogState state = tail.raw().state();
            HexFormat hex = HexFormat.of();
            out.println(log.name() + "  records " + records + "  position " + state.position() + "  chain "
                    + hex.formatHex(state.chainHash()) + "  state " + hex.formatHex(state.stateDigest()) + "  "
                    + (tail.raw().exact() ? tally.text() : "(the beginning is past retention)"));
            tally.problems().forEach(out::println);
            out.flush();
        }
        return tally.problems().isEmpty();
    }
}
