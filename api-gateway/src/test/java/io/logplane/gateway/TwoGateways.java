package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.gateway.ApiClient.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;

/// Two gateways on one log, and an administrator at each: the normal set-up of a contract test.
final class TwoGateways implements AutoCloseable {
    private final DevPlane first;
    private final DevPlane second;

    private TwoGateways(DevPlane first, DevPlane second) {
        this.first = first;
        this.second = second;
    }

    static TwoGateways start(Path directory) throws InterruptedException {
        DevPlane first = DevPlane.start(directory, 0);
        TwoGateways both = new TwoGateways(first, first.another(directory.resolve("second")));
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> both.admin().get("/readyz").code() == 200
                && both.other().get("/readyz").code() == 200);
        return both;
    }

    /// A client of its own, with connections of its own.
    ApiClient admin() {
        return new ApiClient(first.port(), first.pki().authorityCertificate(), first.pki().admin());
    }

    ApiClient other() {
        return new ApiClient(second.port(), first.pki().authorityCertificate(), first.pki().admin());
    }

    DevPlane plane() {
        return first;
    }

    DevPlane second() {
        return second;
    }

    /// The path of the ConfigMaps of a new namespace.
    String mapsOf(String namespace) {
        Answer made = admin().post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + namespace + "\"}}");
        assertThat(made.code()).as(made.text()).isEqualTo(201);
        return "/api/v1/namespaces/" + namespace + "/configmaps";
    }

    static String map(String name, String data) {
        return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"" + name
                + "\",\"labels\":{\"t\":\"" + name + "\"}},\"data\":{\"a\":\"" + data + "\"}}";
    }

    static List<String> names(Answer list) {
        List<String> names = new ArrayList<>();
        list.json().path("items").forEach(item -> names.add(item.at("/metadata/name").asText()));
        return names;
    }

    /// Makes the calls at the same time and waits for all.
    static <T> List<T> together(List<Callable<T>> calls) throws InterruptedException {
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<T> results = new ArrayList<>();
            for (Future<T> call : pool.invokeAll(calls)) {
                results.add(call.get());
            }
            return results;
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Override
    public void close() {
        second.closeGateway();
        first.close();
    }
}
