package io.logplane.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.e2e.Plane;
import io.logplane.e2e.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What Kubernetes' own API libraries answered to the scenarios in `src/test/python/upstream`, asked again here.
///
/// The answers are kept beside the scenarios; its README says how they were had.
class UpstreamAnswersTest {
    private static final Path ASKED = Path.of("src/test/python/upstream");
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @ParameterizedTest
    @ValueSource(strings = {"requests", "crds", "filters", "webhooks", "policies"})
    void answersAreAlike(String scenarios) {
        for (String program : List.of("python3", "openssl")) {
            Assumptions.assumeTrue(Stream.of(System.getenv("PATH").split(":")).anyMatch(directory -> Files.isExecutable(
                    Path.of(directory, program))), "no " + program);
        }

        Shell.Result result = Shell.run(LIMIT, Map.of(), "", List.of("python3", "-B", ASKED.resolve("answers.py")
                .toString(), "compare", ASKED.resolve(scenarios + ".py").toString(),
                ASKED.resolve(scenarios + ".json")
                        .toString(),
                Plane.shared().kubeconfig().toString()));

        assertThat(result.code()).as(result.all()).isZero();
    }
}
