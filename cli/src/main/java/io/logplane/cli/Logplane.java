package io.logplane.cli;

import java.io.PrintWriter;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `logplane log`, `logplane history`, `logplane verify`. Exit codes: 0 done, 1 it did not work (one sentence), 2
/// wrong use.
@Command(name = "logplane", subcommands = {LogCommand.class, HistoryCommand.class, VerifyCommand.class})
public final class Logplane {
    private Logplane() {
    }

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        CommandLine line = new CommandLine(new Logplane());
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            PrintWriter err = command.getErr();
            err.println("logplane: " + sentence(failure));
            return 1;
        });
        return line.execute(arguments);
    }

    private static String sentence(Exception failure) throws Exception {
        return switch (failure) {
            case IllegalArgumentException wrong -> String.valueOf(wrong.getMessage());
            case KafkaException away ->
                "the log cannot be read (" + away.getMessage() + "); is it running? see ./logplane status";
            case java.io.UncheckedIOException unreadable -> String.valueOf(unreadable.getMessage());
            default -> throw failure;
        };
    }
}
