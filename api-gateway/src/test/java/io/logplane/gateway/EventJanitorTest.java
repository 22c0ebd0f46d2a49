package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.gateway.admission.Admission;
import io.logplane.gateway.commands.EventJanitor;
import io.logplane.gateway.write.Appender;
import io.logplane.gateway.write.Pipeline;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Events age by a clock that the test moves.
class EventJanitorTest {
    private static final String EVENTS = "/api/v1/namespaces/default/events";

    @Test
    void eventsPastTheirAgeAreDeletedByAChangeEachAndYoungerOnesStay(@TempDir Path directory) throws Exception {
        try (DevPlane plane = DevPlane.start(directory, 0)) {
            ApiClient admin = new ApiClient(plane.port(), plane.pki().authorityCertificate(), plane.pki().admin());
            org.awaitility.Awaitility.await().atMost(java.time.Duration.ofSeconds(60))
                    .until(() -> admin.get("/readyz").code() == 200);
            Instant now = Instant.now();
            assertThat(admin.post(EVENTS, event("once", now)).code()).isEqualTo(201);
            assertThat(admin.post(EVENTS, event("seen-again-later", now.plus(Duration.ofHours(20)))).code()).isEqualTo(
                    201);

            assertThat(sweep(plane, now.plus(Duration.ofHours(23)))).isZero();
            assertThat(sweep(plane, now.plus(Duration.ofHours(25)))).isEqualTo(1);

            assertThat(admin.get(EVENTS + "/once").code()).isEqualTo(404);
            assertThat(admin.get(EVENTS + "/seen-again-later").code()).isEqualTo(200);
        }
    }

    private static int sweep(DevPlane plane, Instant now) {
        InstantSource clock = InstantSource.fixed(now);
        Pipeline pipeline = new Pipeline(new RepresentationModule(), new Appender(plane.registry(), clock),
                new Admission(List.of()));
        try (EventJanitor janitor = new EventJanitor(plane.registry(), pipeline, Duration.ofHours(24), clock)) {
            return janitor.sweep();
        }
    }

    private static String event(String name, Instant last) {
        return "{\"metadata\":{\"name\":\"" + name + "\",\"namespace\":\"default\"},\"involvedObject\":"
                + "{\"kind\":\"Pod\",\"name\":\"p\",\"namespace\":\"default\"},\"reason\":\"R\",\"message\":\"m\","
                + "\"type\":\"Normal\",\"lastTimestamp\":\"" + last.truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                + "\"}";
    }
}
