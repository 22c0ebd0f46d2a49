package io.logplane.state.core;

import java.nio.file.Path;

/// Records the golden logs of a new feature level; run once, by hand, into src/test/resources/golden.
public final class RecordGolden {
    private RecordGolden() {
    }

    public static void main(String[] arguments) throws Exception {
        GoldenLogTest.record(Path.of(arguments[0]), "level1-mixed", Logs.mixed(20261120, 400));
        GoldenLogTest.record(Path.of(arguments[0]), "level1-longer", Logs.mixed(7, 1_000));
    }
}
