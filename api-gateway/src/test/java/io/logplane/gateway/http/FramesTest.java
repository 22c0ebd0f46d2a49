package io.logplane.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.broker.pki.ClusterPki;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever is gathered on one HTTP/2 connection, every stream gets its own bytes in its own order.
class FramesTest {
    private static final int STREAMS = 200;
    /// Below, at and above the sizes at which frames are joined, copied or passed on.
    private static final List<Integer> SIZES = List.of(1, 90, 127, 300, 500, 1_500, 3_000, 8_183, 8_192, 8_193, 20_000);

    @TempDir
    Path directory;

    @Test
    void manyStreamsOfOneConnectionKeepTheirBytes() throws Exception {
        ClusterPki pki = ClusterPki.ensure(directory, List.of("127.0.0.1"));
        var authorities = Tls.certificates(pki.authorityCertificate());
        SSLContext serving = Tls.serving(pki.gateway().certificate(), pki.gateway().key(), authorities);
        SSLContext asking = Tls.asking(pki.admin().certificate(), pki.admin().key(), authorities);
        WebServer.Handler handler = (request, response) -> say(Integer.parseInt(request.getQueryString()), response);
        try (WebServer server = WebServer.start("127.0.0.1", 0, serving, handler, FramesTest::stopped);
                HttpClient client = HttpClient.newBuilder().sslContext(asking).build()) {
            assertThat(ask(client, server, 0)).isEqualTo(whole(0)); // the connection is there, all share it
            List<CompletableFuture<byte[]>> answers = IntStream.range(0, STREAMS).mapToObj(seed -> client.sendAsync(
                    request(server, seed), HttpResponse.BodyHandlers.ofByteArray()).thenApply(HttpResponse::body))
                    .toList();
            for (int seed = 0; seed < STREAMS; seed++) {
                assertThat(answers.get(seed).join()).as("stream %d", seed).isEqualTo(whole(seed));
            }
            assertThat(ask(client, server, STREAMS)).isEqualTo(whole(STREAMS));
        }
    }

    private static void stopped() {
        // nobody asks
    }

    private static byte[] ask(HttpClient client, WebServer server, int seed) throws Exception {
        return client.send(request(server, seed), HttpResponse.BodyHandlers.ofByteArray()).body();
    }

    private static HttpRequest request(WebServer server, int seed) {
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + "/?" + seed)).build();
    }

    private static void say(int seed, HttpServletResponse response) throws IOException {
        OutputStream out = response.getOutputStream();
        for (byte[] piece : pieces(seed)) {
            out.write(piece);
            out.flush();
        }
    }

    private static List<byte[]> pieces(int seed) {
        Random random = new Random(seed);
        List<byte[]> pieces = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            byte[] piece = new byte[SIZES.get(random.nextInt(SIZES.size()))];
            random.nextBytes(piece);
            pieces.add(piece);
        }
        return pieces;
    }

    private static byte[] whole(int seed) {
        var all = new java.io.ByteArrayOutputStream();
        pieces(seed).forEach(all::writeBytes);
        return all.toByteArray();
    }
}
