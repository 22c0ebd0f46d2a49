package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.logplane.broker.pki.PemPair;
import io.logplane.gateway.ApiClient.Answer;
import io.logplane.gateway.http.Tls;
import java.io.BufferedReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Logs through the gateway from a node's kubelet API, played by a small HTTPS server.
class PodLogsTest {
    private static final String POD = "/api/v1/namespaces/default/pods/p";

    @TempDir
    static Path directory;
    private static final CountDownLatch SECOND_LINE = new CountDownLatch(1);
    private static DevPlane plane;
    private static ApiClient admin;
    private static HttpsServer kubelet;

    @BeforeAll
    static void start() throws Exception {
        plane = DevPlane.start(directory, 0);
        admin = new ApiClient(plane.port(), plane.pki().authorityCertificate(), plane.pki().admin());
        org.awaitility.Awaitility.await().atMost(java.time.Duration.ofSeconds(60))
                .until(() -> admin.get("/readyz").code() == 200);
        kubelet = kubelet();
        admin.post("/api/v1/namespaces/default/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
        admin.post("/api/v1/nodes", "{\"metadata\":{\"name\":\"n1\"}}");
        admin.merge("/api/v1/nodes/n1/status", """
                {"status":{"addresses":[{"type":"InternalIP","address":"127.0.0.1"}],
                 "daemonEndpoints":{"kubeletEndpoint":{"Port":%d}}}}""".formatted(kubelet.getAddress().getPort()));
        assertThat(admin.post("/api/v1/namespaces/default/pods", """
                {"metadata":{"name":"p"},"spec":{"nodeName":"n1","containers":[{"name":"c","image":"i"}]}}""").code())
                .isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        kubelet.stop(0);
        plane.close();
    }

    private static HttpsServer kubelet() throws Exception {
        PemPair serving = plane.pki().nodeServing("n1", List.of("127.0.0.1"));
        HttpsServer server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(Tls.serving(serving.certificate(), serving.key(), Tls
                .certificates(plane.pki().authorityCertificate()))) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters all = getSSLContext().getDefaultSSLParameters();
                all.setNeedClientAuth(true);
                parameters.setSSLParameters(all);
            }
        });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/containerLogs/default/p/c", exchange -> {
            String client = ((HttpsExchange) exchange).getSSLSession().getPeerPrincipal().getName();
            exchange.sendResponseHeaders(200, 0);
            try (var out = exchange.getResponseBody()) {
                String query = exchange.getRequestURI().getQuery();
                out.write((client.contains("kubelet-client") + " " + query + "\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
                if (query != null && query.contains("follow=true")) {
                    SECOND_LINE.await();
                    out.write("second\n".getBytes(StandardCharsets.UTF_8));
                }
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        return server;
    }

    @Test
    void logsComeFromTheNodeWithTheGatewaysOwnCertificate() {
        assertThat(admin.get(POD + "/log?tailLines=5&timestamps&previous=0&sinceTime=2026-01-01T00:00:00%2B01:00")
                .text()).isEqualTo("true timestamps=true&sinceTime=2026-01-01T00:00:00+01:00&tailLines=5\n");
    }

    @Test
    void aFollowedLogIsPassedOnLineByLine() throws Exception {
        BufferedReader lines = admin.watch(POD + "/log?follow=true");

        assertThat(lines.readLine()).isEqualTo("true follow=true");
        SECOND_LINE.countDown();
        assertThat(lines.readLine()).isEqualTo("second");
        assertThat(lines.readLine()).isNull();
    }

    @Test
    void aContainerThePodDoesNotHaveIsRefused() {
        assertThat(admin.get(POD + "/log?container=x").code()).isEqualTo(400);
        assertThat(admin.get("/api/v1/namespaces/default/pods/none/log").code()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "tailLines=x | 400 | strconv.ParseInt: parsing \"x\": invalid syntax",
        "tailLines=-1 | 422 | PodLogOptions \"p\" is invalid: tailLines: Invalid value: -1: must be greater than or "
                + "equal to 0",
        "limitBytes=0&sinceSeconds=0 | 422 | PodLogOptions \"p\" is invalid: [limitBytes: Invalid value: 0: must be "
                + "greater than 0, sinceSeconds: Invalid value: 0: must be greater than 0]",
        "sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z | 422 | PodLogOptions \"p\" is invalid: : Forbidden: at most "
                + "one of `sinceTime` or `sinceSeconds` may be specified",
    })
    void whatMakesNoSenseIsRefusedBeforeAnybodyIsAsked(String query, int code, String message) {
        Answer refused = admin.get(POD + "/log?" + query);
        assertThat(refused.code() + " " + refused.json().path("message").asText()).isEqualTo(code + " " + message);
    }
}
