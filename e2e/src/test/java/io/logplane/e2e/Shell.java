package io.logplane.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Runs a program as a user would and gives back what he would see.
public final class Shell {

    /// Shape: `output` is standard output, `errors` standard error, both whole.
    public record Result(int code, String output, String errors) {
        public String all() {
            return output + errors;
        }
    }

    private Shell() {
    }

    public static Result run(Duration limit, Map<String, String> environment, String input, List<String> command) {
        try {
            Path out = Files.createTempFile("logplane-e2e", ".out");
            Path err = Files.createTempFile("logplane-e2e", ".err");
            Path in = Files.writeString(Files.createTempFile("logplane-e2e", ".in"), input);
            ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .redirectInput(in.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            Result result = new Result(ended ? process.exitValue() : -1, text(out), text(err));
            for (Path file : List.of(out, err, in)) {
                Files.deleteIfExists(file);
            }
            return result;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
