package io.logplane.launcher;

import io.logplane.broker.pki.ClusterPki;
import io.logplane.broker.pki.PemPair;
import io.logplane.gateway.http.Tls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/// Work for the JVM of a control plane to learn from: `logplane build` sends it to a plane that is thrown away, and the
/// JVM keeps the classes and call sites that these requests linked. It keeps no profiles: replayed ones make the first
/// pods a fifth cheaper and the 20,000th to 100,000th write a third dearer (docs/benchmarks.md).
///
/// Shape: arguments are the data directory and the port. Errors: none that matter; a request that fails teaches less.
/// Thread: main waits; the requests come from virtual threads.
public final class Training {
    /// As many clients as the busiest row of the benchmarks but one: batches form as they do under load.
    private static final int CLIENTS = 64;
    /// On a slow machine the later lessons are shorter; a build is not held up for longer.
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int WATCHES = 40;
    private static final String OBJECTS = "/api/v1/namespaces/default/configmaps";
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
    private static final String JSON = "application/json";
    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
    private static final String TEXT = "x".repeat(1024);

    private final HttpClient client;
    private final String server;
    private final Instant deadline = Instant.now().plus(PATIENCE);

    private Training(HttpClient client, String server) {
        this.client = client;
        this.server = server;
    }

    public static void main(String[] arguments) throws Exception {
        ClusterPki pki = ClusterPki.ensure(Path.of(arguments[0]).resolve("pki"), List.of());
        PemPair admin = pki.admin();
        try (HttpClient client = HttpClient.newBuilder().sslContext(Tls.asking(pki.authorityPem(), admin
                .certificatePem(), admin.keyPem())).build()) {
            new Training(client, "https://127.0.0.1:" + arguments[1]).run();
        }
    }

    private void run() throws Exception {
        lesson(2_000, i -> send("POST", OBJECTS, JSON, object(i, "1"))); // by then the pods' account is there
        lesson(200, i -> send("POST", PODS, JSON, pod(i)));
        lesson(15, i -> send("POST", DEPLOYMENTS, JSON, deployment(i)));
        lesson(12, i -> get(OBJECTS, i % 3 == 0 ? TABLE : i % 3 == 1 ? PROTOBUF : JSON));
        watched();
        lesson(1_000, i -> get(OBJECTS + "/train-" + i, JSON));
        lesson(500, i -> send("PUT", OBJECTS + "/train-" + i, JSON, object(i, "2")));
        lesson(300, i -> send("PATCH", OBJECTS + "/train-" + i, "application/merge-patch+json", change(i, "3")));
        lesson(300, i -> send("PATCH", OBJECTS + "/train-" + i, "application/strategic-merge-patch+json", change(i,
                "4")));
        lesson(300, i -> send("PATCH", OBJECTS + "/train-" + i + "?fieldManager=train&force=true",
                "application/apply-patch+yaml", object(i, "5")));
        lesson(300, i -> get(OBJECTS + "/train-" + i, i % 2 == 0 ? PROTOBUF : TABLE));
        lesson(300, i -> send("DELETE", OBJECTS + "/train-" + i, JSON, "{}"));
    }

    /// Watches that see updates, and end by themselves.
    private void watched() throws InterruptedException {
        List<Future<HttpResponse<Void>>> open = new ArrayList<>();
        for (int i = 0; i < WATCHES; i++) {
            open.add(client.sendAsync(get(OBJECTS + "?watch=true&timeoutSeconds=3", i % 4 == 0 ? PROTOBUF : JSON),
                    HttpResponse.BodyHandlers.discarding()));
        }
        lesson(300, i -> send("PUT", OBJECTS + "/train-" + i, JSON, object(i, "6")));
        for (Future<HttpResponse<Void>> one : open) {
            ended(one);
        }
    }

    private void lesson(int count, IntFunction<HttpRequest> request) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> clients = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(threads.submit(() -> {
                    for (int at = next.getAndIncrement(); at < count && Instant.now().isBefore(deadline); at = next
                            .getAndIncrement()) {
                        ask(request.apply(at));
                    }
                }));
            }
            for (Future<?> one : clients) {
                ended(one);
            }
        }
    }

    private void ask(HttpRequest request) {
        try {
            HttpResponse<Void> unused = client.send(request, HttpResponse.BodyHandlers.discarding());
        } catch (IOException refused) {
            return;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void ended(Future<?> one) throws InterruptedException {
        try {
            Object unused = one.get();
        } catch (java.util.concurrent.ExecutionException failed) {
            return; // it taught what it could
        }
    }

    private HttpRequest get(String path, String accept) {
        return HttpRequest.newBuilder(URI.create(server + path)).header("Accept", accept).build();
    }

    private HttpRequest send(String method, String path, String type, String body) {
        return HttpRequest.newBuilder(URI.create(server + path)).header("Accept", JSON).header("Content-Type", type)
                .method(method, HttpRequest.BodyPublishers.ofString(body)).build();
    }

    private static String object(int i, String value) {
        return """
                {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"train-%d","labels":{"app":"train"}},\
                "data":{"k":"%s","v":"%s"}}""".formatted(i, TEXT, value);
    }

    private static String change(int i, String value) {
        return """
                {"metadata":{"annotations":{"i":"%d"}},"data":{"v":"%s"}}""".formatted(i, value);
    }

    private static String pod(int i) {
        return """
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"train-%d","labels":{"app":"train"}},\
                "spec":{"terminationGracePeriodSeconds":0,"containers":[{"name":"c","image":"x",\
                "resources":{"requests":{"cpu":"1m","memory":"1Mi"}}}]}}""".formatted(i);
    }

    private static String deployment(int i) {
        return """
                {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"train-%d"},"spec":{"replicas":3,\
                "selector":{"matchLabels":{"train":"%d"}},"template":{"metadata":{"labels":{"train":"%d"}},\
                "spec":{"containers":[{"name":"c","image":"x"}]}}}}""".formatted(i, i, i);
    }
}
