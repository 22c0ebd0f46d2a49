package io.logplane.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.e2e.Plane;
import io.logplane.e2e.Shell;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Kubernetes' client for Python, as Debian has it: the suites in `src/test/python`. It speaks HTTP/1.1.
class PythonClientTest {
    /// The system's, which has Debian's packages.
    private static final String PYTHON = "/usr/bin/python3";
    private static final Duration LIMIT = Duration.ofMinutes(8);

    @BeforeAll
    static void findTheLibrary() {
        Assumptions.assumeTrue(python(Map.of(), "-c", "import kubernetes").code() == 0,
                "no python3-kubernetes: ./logplane test installs it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"objects_test", "watches_test", "pods_test"})
    void everyPartOfTheLibraryWorks(String suite) {
        Shell.Result result = python(Map.of("KUBECONFIG", Plane.shared().kubeconfig().toString(), "PYTHONPATH",
                "src/test/python", "PYTHONDONTWRITEBYTECODE", "1"), "-m", "unittest", "-v", suite);

        assertThat(result.code()).as(result.all()).isZero();
        assertThat(result.errors()).containsPattern("\nOK( \\(skipped=\\d+\\))?\n");
    }

    private static Shell.Result python(Map<String, String> environment, String... arguments) {
        return Shell.run(LIMIT, environment, "", Stream.concat(Stream.of(PYTHON), Stream.of(arguments)).toList());
    }
}
