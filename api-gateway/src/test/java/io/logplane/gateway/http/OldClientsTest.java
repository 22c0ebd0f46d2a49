package io.logplane.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.broker.pki.ClusterPki;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Requests as old clients and proxies write them are answered as Go's server does.
class OldClientsTest {
    @TempDir
    static Path directory;
    private static WebServer server;
    private static SSLContext asking;

    @BeforeAll
    static void start() {
        ClusterPki pki = ClusterPki.ensure(directory, List.of("127.0.0.1"));
        var authorities = Tls.certificates(pki.authorityCertificate());
        asking = Tls.asking(pki.admin().certificate(), pki.admin().key(), authorities);
        server = WebServer.start("127.0.0.1", 0, Tls.serving(pki.gateway().certificate(), pki.gateway().key(),
                authorities),
                (request, response) -> response.getOutputStream().print(request.getRequestURI() + " "
                        + request.getHeader("Accept")),
                () -> {
                });
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String asked(String text) throws IOException {
        try (Socket socket = asking.getSocketFactory().createSocket("127.0.0.1", server.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(text.replace("¶", "\r\n").getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"GET /version HTTP/1.0¶¶|HTTP/1.0 200 OK|/version null",
        "GET /version HTTP/1.1¶Host: a¶Connection: close¶¶|HTTP/1.1 200 OK|/version null",
        "GET https://b/version HTTP/1.1¶Host: a¶Connection: close¶¶|HTTP/1.1 200 OK|/version null",
        "GET /ver sion HTTP/1.1¶Host: a¶¶|HTTP/1.1 400 Bad Request|400 Bad Request",
        "GET /a HTTP/1.1¶Host: a¶Accept: b¶¶GET /a HTTP/1.1¶Host: a¶Accept: B¶Connection: close¶¶|HTTP/1.1 200 OK|/a B"})
    void theAnswerIsOfTheVersionThatWasAskedAndToTheLetter(String request, String start, String end) throws Exception {
        assertThat(asked(request)).startsWith(start + "\r\n").endsWith(end);
    }
}
