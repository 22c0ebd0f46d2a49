package io.logplane.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.broker.pki.ClusterPki;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Handshakes that begin in turns hold up nobody, over real sockets.
class HandshakesTest {
    private static final int MANY = 64;
    @TempDir
    Path directory;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<Socket> silent = new ArrayList<>();
    private WebServer server;
    private SSLContext asking;

    @BeforeEach
    void start() {
        ClusterPki pki = ClusterPki.ensure(directory, List.of("127.0.0.1"));
        var authorities = Tls.certificates(pki.authorityCertificate());
        asking = Tls.asking(pki.admin().certificate(), pki.admin().key(), authorities);
        server = WebServer.start("127.0.0.1", 0, Tls.serving(pki.gateway().certificate(), pki.gateway().key(),
                authorities), (request, response) -> {
                    if (request.getRequestURI().equals("/long")) {
                        awaitEnd();
                    }
                    response.getOutputStream().print(request.getRequestURI());
                }, () -> {
                });
    }

    @AfterEach
    void stop() throws IOException {
        ended.countDown();
        for (Socket socket : silent) {
            socket.close();
        }
        server.close();
    }

    @Test
    void clientsThatComeAtOnceAreAllAnswered() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                String path = "/" + i;
                answers.add(threads.submit(() -> asked(path)));
            }
            for (int i = 0; i < MANY; i++) {
                assertThat(answers.get(i).get(60, TimeUnit.SECONDS)).startsWith("HTTP/1.1 200 OK").endsWith("/" + i);
            }
        }
    }

    @Test
    void clientsThatSayHelloOrHalfOfItAndNothingMoreKeepNobodyWaiting() throws Exception {
        byte[] hello = hello();
        for (int i = 0; i < MANY; i++) {
            Socket socket = new Socket("127.0.0.1", server.port());
            silent.add(socket);
            socket.getOutputStream().write(hello, 0, i % 2 == 0 ? hello.length : hello.length / 2);
        }
        assertThat(asked("/a")).endsWith("/a");
    }

    @Test
    void aRequestThatLastsKeepsNoTurn() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> lasting = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                lasting.add(threads.submit(() -> asked("/long")));
            }
            assertThat(asked("/short")).endsWith("/short");
            ended.countDown();
            for (Future<String> answer : lasting) {
                assertThat(answer.get(60, TimeUnit.SECONDS)).endsWith("/long");
            }
        }
    }

    private byte[] hello() throws IOException {
        SSLEngine engine = asking.createSSLEngine("127.0.0.1", server.port());
        engine.setUseClientMode(true);
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        byte[] hello = new byte[out.flip().remaining()];
        out.get(hello);
        return hello;
    }

    private String asked(String path) throws IOException {
        try (Socket socket = asking.getSocketFactory().createSocket("127.0.0.1", server.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void awaitEnd() {
        try {
            assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
