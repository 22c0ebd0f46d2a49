package io.logplane.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.logplane.broker.pki.ClusterPki;
import io.logplane.broker.pki.PemPair;
import io.logplane.node.FakeGateway;
import io.logplane.node.TestPods;
import io.logplane.node.hollow.HollowRuntime;
import io.logplane.node.http.Pem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Probes of real servers on this machine.
class ProbeRunnerTest {
    private final ProbeRunner runner = new ProbeRunner(new HollowRuntime("10.1.1", InstantSource.system()));

    @AfterEach
    void close() {
        runner.close();
    }

    private Optional<String> run(String probe) {
        return runner.run("id", TestPods.json(probe), new ProbeRunner.Target("127.0.0.1", TestPods.json("{}")),
                Duration.ofSeconds(5));
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] bytes) {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public byte[] parse(InputStream in) {
            try {
                return in.readAllBytes();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    /// Serves "good"; is not serving anything else.
    private static Server health() throws IOException {
        MethodDescriptor<byte[], byte[]> check = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY).setFullMethodName("grpc.health.v1.Health/Check")
                .setRequestMarshaller(new Bytes()).setResponseMarshaller(new Bytes()).build();
        byte[] good = {10, 4, 'g', 'o', 'o', 'd'};
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(ServerServiceDefinition.builder("grpc.health.v1.Health").addMethod(check, ServerCalls
                        .asyncUnaryCall((request, answer) -> {
                            answer.onNext(new byte[]{8, (byte) (java.util.Arrays.equals(request, good) ? 1 : 2)});
                            answer.onCompleted();
                        })).build())
                .build().start();
    }

    @Test
    void a_grpc_probe_asks_for_its_service() throws IOException {
        Server server = health();
        try {
            assertThat(run("{'grpc':{'port':" + server.getPort() + ",'service':'good'}}")).isEmpty();
            assertThat(run("{'grpc':{'port':" + server.getPort() + "}}"))
                    .contains("service unhealthy (responded with \"NOT_SERVING\")");
        } finally {
            server.shutdownNow();
        }
    }

    @Test
    void a_grpc_probe_of_nobody_fails() throws IOException {
        int port = unused();
        assertThat(run("{'grpc':{'port':" + port + "}}")).contains("timeout: failed to connect service \"127.0.0.1:"
                + port + "\" within 5s: context deadline exceeded");
    }

    @Test
    void an_http_probe_tells_the_status_and_a_refused_connection() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] said = "x".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(exchange.getRequestURI().getPath().equals("/ok") ? 302 : 500, said.length);
            exchange.getResponseBody().write(said);
            exchange.close();
        });
        server.start();
        int port = server.getAddress().getPort();
        assertThat(run("{'httpGet':{'port':" + port + ",'path':'/ok'}}")).isEmpty();
        assertThat(run("{'httpGet':{'port':" + port + ",'path':'/bad'}}"))
                .contains("HTTP probe failed with statuscode: 500");
        server.stop(0);
        assertThat(run("{'httpGet':{'port':" + port + ",'path':'/ok'}}")).contains("Get \"http://127.0.0.1:" + port
                + "/ok\": dial tcp 127.0.0.1:" + port + ": connect: connection refused");
        assertThat(run("{'tcpSocket':{'port':" + port + "}}")).contains("dial tcp 127.0.0.1:" + port
                + ": connect: connection refused");
    }

    @Test
    void an_https_probe_takes_any_certificate_but_not_any_answer(@TempDir Path directory) {
        ClusterPki pki = ClusterPki.ensure(directory.resolve("pki"), List.of());
        PemPair other = pki.nodeServing("other", List.of("10.9.9.9"));
        try (FakeGateway server = new FakeGateway(Optional.of(Pem.context(pki.authorityCertificate(),
                other.certificate(), other.key())))) {
            server.put("/healthy", TestPods.json("{}"));
            String probe = "{'httpGet':{'scheme':'HTTPS','port':" + server.uri().getPort() + ",'path':'/";
            assertThat(run(probe + "healthy'}}")).isEmpty();
            assertThat(run(probe + "ill'}}")).contains("HTTP probe failed with statuscode: 404");
        }
    }

    private static int unused() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
