package io.logplane.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The library that kube-controller-manager, kube-scheduler, kubelet and the operators are built on, of the version
/// served: the programs in `src/test/go/clientgo`, with real containers where there are some.
class ClientGoTest {
    private static final Path FETCHED = Plane.ROOT.resolve("target/go");
    private static final Path GO = FETCHED.resolve("usr/lib/go-1.26");
    private static final Duration BUILD = Duration.ofMinutes(15); // a minute alone on two cores, ten among others
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @TempDir
    static Path built;

    @BeforeAll
    static void build() {
        Assumptions.assumeTrue(Files.isExecutable(GO.resolve("bin/go")), "no client-go: ./logplane test fetches it");
        Shell.Result result = Shell.run(BUILD, Map.of("GOROOT", GO.toString(), "GOPATH", FETCHED.resolve(
                "usr/share/gocode").toString(), "GO111MODULE", "off", "CGO_ENABLED", "0", "GOTOOLCHAIN", "local"), "",
                List.of(GO.resolve("bin/go").toString(), "test", "-C", Plane.ROOT.resolve("e2e/src/test/go/clientgo")
                        .toString(), "-vet=off", "-c", "-o", built.resolve("suite").toString(), "."));
        assertThat(result.code()).as(result.all()).isZero();
    }

    /// What is run, and which of the library's features are set otherwise than by default.
    static Stream<Arguments> features() {
        return Stream.of(
                Arguments.of("", Map.of("KUBE_WATCHLIST_INCONSISTENCY_DETECTOR", "true")),
                Arguments.of("Informers", Map.of("KUBE_FEATURE_WatchListClient", "false")),
                Arguments.of("Informers|CBOR", Map.of("KUBE_FEATURE_ClientsAllowCBOR", "true",
                        "KUBE_FEATURE_ClientsPreferCBOR", "true")));
    }

    @ParameterizedTest
    @MethodSource("features")
    void everyPartOfTheLibraryWorks(String tests, Map<String, String> features) {
        Map<String, String> environment = new HashMap<>(features);
        environment.put("KUBECONFIG", Plane.shared().kubeconfig().toString());

        Shell.Result result = Shell.run(LIMIT, environment, "", List.of(built.resolve("suite").toString(),
                "-test.run", tests, "-test.v"));

        assertThat(result.code()).as(result.all()).isZero();
        assertThat(result.output()).contains("--- PASS: TestInformersOfEveryType");
    }
}
