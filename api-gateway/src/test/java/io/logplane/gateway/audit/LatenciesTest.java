package io.logplane.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.gateway.audit.Latencies.Layer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LatenciesTest {
    private static void took(Latencies latencies, Layer layer, long millis) {
        latencies.took(layer, TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void ofASlowRequestItIsSaidWhereItsTimeWent() {
        Latencies latencies = new Latencies();
        took(latencies, Layer.MUTATING_WEBHOOKS, 200);
        took(latencies, Layer.MUTATING_WEBHOOKS, 100);
        took(latencies, Layer.VALIDATING_WEBHOOKS, 200);
        took(latencies, Layer.VALIDATING_WEBHOOKS, 100);

        assertThat(latencies.annotations(Duration.ofMillis(500))).isEmpty();
        assertThat(latencies.annotations(Duration.ofMillis(1501))).isEqualTo(Map.of(
                "apiserver.latency.k8s.io/mutating-webhook", "300ms", "apiserver.latency.k8s.io/validating-webhook",
                "200ms", "apiserver.latency.k8s.io/total", "1.501s"));
    }

    @ParameterizedTest
    @CsvSource({"0,0s", "17,17ns", "1700,1.7µs", "523400000,523.4ms", "1000000000,1s", "62500000000,1m2.5s",
        "3600000000000,1h0m0s"})
    void aTimeIsWrittenAsGoDoes(long nanos, String text) {
        assertThat(Latencies.text(nanos)).isEqualTo(text);
    }
}
