package io.logplane.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.broker.pki.PemPair;
import io.logplane.gateway.http.Tls;
import io.logplane.schemas.model.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// A plain HTTPS client for tests, with a certificate.
final class ApiClient {
    private final HttpClient client;
    private final int port;

    ApiClient(int port, Path authority, PemPair identity) {
        this.port = port;
        this.client = HttpClient.newBuilder().sslContext(Tls.asking(identity.certificate(), identity.key(), Tls
                .certificates(authority))).connectTimeout(Duration.ofSeconds(5)).build();
    }

    record Answer(int code, String type, byte[] body, HttpResponse<?> raw) {
        JsonNode json() {
            try {
                return Json.MAPPER.readTree(body);
            } catch (IOException broken) {
                throw new UncheckedIOException(new String(body, StandardCharsets.UTF_8), broken);
            }
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String revision() {
            return json().path("metadata").path("resourceVersion").asText();
        }
    }

    Answer get(String path, String... headers) {
        return send("GET", path, "", headers);
    }

    Answer post(String path, String body, String... headers) {
        return send("POST", path, body, headers);
    }

    Answer put(String path, String body) {
        return send("PUT", path, body);
    }

    Answer merge(String path, String body) {
        return send("PATCH", path, body, "Content-Type", "application/merge-patch+json");
    }

    Answer delete(String path) {
        return send("DELETE", path, "");
    }

    Answer send(String method, String path, String body, String... headers) {
        return sendBytes(method, path, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    Answer sendBytes(String method, String path, byte[] body, String... headers) {
        HttpRequest.Builder request = request(path, headers);
        request.method(method, body.length == 0
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofByteArray(body));
        try {
            HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response.headers().firstValue("content-type").orElse(""), response
                    .body(), response);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException stopping) {
            throw new IllegalStateException(stopping);
        }
    }

    /// A create whose body takes its time. Shape: the code of the answer.
    CompletableFuture<Integer> upload(String path, InputStream body) {
        return client.sendAsync(request(path).POST(HttpRequest.BodyPublishers.ofInputStream(() -> body)).build(),
                HttpResponse.BodyHandlers.discarding()).thenApply(HttpResponse::statusCode);
    }

    /// The lines of a watch as they come.
    BufferedReader watch(String path) {
        return new BufferedReader(new InputStreamReader(stream(path), StandardCharsets.UTF_8));
    }

    /// The bytes of an answer as they come.
    InputStream stream(String path, String... headers) {
        try {
            return client.send(request(path, headers).build(), HttpResponse.BodyHandlers.ofInputStream()).body();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException stopping) {
            throw new IllegalStateException(stopping);
        }
    }

    static JsonNode next(BufferedReader watch) {
        try {
            String line = watch.readLine();
            return line == null ? Json.newObject() : Json.MAPPER.readTree(line);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path)).timeout(
                Duration.ofSeconds(30));
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (java.util.Arrays.stream(headers).noneMatch("Content-Type"::equalsIgnoreCase)) {
            request.header("Content-Type", "application/json");
        }
        return request;
    }
}
