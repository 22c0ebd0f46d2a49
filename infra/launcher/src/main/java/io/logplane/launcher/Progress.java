package io.logplane.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/// What `logplane up` shows while it waits: one line per step, then `READY` or `FAILED <sentence>`.
public final class Progress {
    private final Path file;
    private final long began = System.nanoTime();

    public Progress(Path file) {
        this.file = file;
    }

    /// `step` starts with the name of what is up, e.g. "broker".
    public void step(String step) {
        append(String.format(Locale.ROOT, "%-44s %5.1f s", step, (System.nanoTime() - began) / 1e9));
    }

    public void ready() {
        append("READY");
    }

    public void failed(String sentence) {
        append("FAILED " + sentence.replace('\n', ' '));
    }

    private void append(String line) {
        try {
            Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }
}
