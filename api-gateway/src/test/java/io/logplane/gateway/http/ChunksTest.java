package io.logplane.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.broker.pki.ClusterPki;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Over HTTP/1.1 what is written is there as whole chunks, line ends included, before more is written.
class ChunksTest {
    private static final int SECOND = 1_000;
    /// Below and above what fits into a buffer, and more than the largest chunk.
    private static final List<Integer> SIZES = List.of(1, 300, 70_000, 2, 3_000_000, 4);

    @TempDir
    Path directory;

    private final Semaphore read = new Semaphore(0);

    @Test
    void eachChunkEndsBeforeTheNextIsThereAndTheConnectionGoesOn() throws Exception {
        ClusterPki pki = ClusterPki.ensure(directory, List.of("127.0.0.1"));
        var authorities = Tls.certificates(pki.authorityCertificate());
        SSLContext serving = Tls.serving(pki.gateway().certificate(), pki.gateway().key(), authorities);
        SSLContext asking = Tls.asking(pki.admin().certificate(), pki.admin().key(), authorities);
        WebServer.Handler handler = (request, response) -> say(response);
        try (WebServer server = WebServer.start("127.0.0.1", 0, serving, handler, ChunksTest::stopped);
                Socket socket = asking.getSocketFactory().createSocket("127.0.0.1", server.port())) {
            socket.setSoTimeout(60 * SECOND);
            InputStream in = socket.getInputStream();
            for (int round = 0; round < 2; round++) {
                ask(socket, "GET");
                assertThat(head(in)).contains("Transfer-Encoding: chunked");
                for (int size : SIZES) {
                    assertThat(content(in, size)).isEqualTo(size);
                    read.release();
                }
                assertThat(line(in)).isEqualTo("0");
                assertThat(line(in)).isEmpty();

                read.release(SIZES.size());
                ask(socket, "HEAD");
                assertThat(head(in)).startsWith("HTTP/1.1 200");
            }
        }
    }

    private static void stopped() {
        // nobody asks
    }

    /// Each piece when the one before it was read.
    private void say(HttpServletResponse response) throws IOException {
        for (int size : SIZES) {
            response.getOutputStream().write(new byte[size]);
            response.flushBuffer();
            read.acquireUninterruptibly();
        }
    }

    private static void ask(Socket socket, String method) throws IOException {
        socket.getOutputStream().write((method + " / HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            all.append(line).append('\n');
        }
        return all.toString();
    }

    /// Reads whole chunks until they hold this many bytes. Shape: how many they hold.
    private static int content(InputStream in, int expected) throws IOException {
        int length = 0;
        while (length < expected) {
            int size = Integer.parseInt(line(in), 16);
            length += in.readNBytes(size).length;
            assertThat(line(in)).as("behind %d of %d bytes", length, expected).isEmpty();
        }
        return length;
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int read = in.read(); read != '\n'; read = in.read()) {
            if (read < 0) {
                throw new IOException("ended within a line: " + line);
            }
            line.write(read);
        }
        return line.toString(StandardCharsets.US_ASCII).stripTrailing();
    }
}
