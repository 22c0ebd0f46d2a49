package io.logplane.node.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLContext;

/// One node's requests to the gateway.
///
/// Errors: [Unavailable] when the gateway does not answer, or answers 429 or 5xx, [#ATTEMPTS] times; other refusals
/// are answers.
/// Limits: [#TIMEOUT] per attempt; `permits` requests at once over all clients that share it.
/// Thread: any; calls block.
public final class GatewayClient {
    /// A gateway that lost its log answers 503 at once; four tries bridge a restart of one of several gateways.
    private static final int ATTEMPTS = 4;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CONNECT = Duration.ofSeconds(5);
    /// Doubles with each attempt.
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final int NOT_FOUND = 404;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;

    public static final String JSON = "application/json";
    public static final String MERGE = "application/merge-patch+json";
    public static final String STRATEGIC = "application/strategic-merge-patch+json";

    private final HttpClient http;
    private final URI base;
    private final Map<String, String> headers;
    private final Semaphore permits;

    /// `headers` go with every request (impersonation of hollow nodes).
    public GatewayClient(HttpClient http, URI base, Map<String, String> headers, Semaphore permits) {
        this.http = http;
        this.base = base;
        this.headers = Map.copyOf(headers);
        this.permits = permits;
    }

    public static HttpClient http(SSLContext tls) {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).sslContext(tls)
                .build();
    }

    /// Shape: `body` is a JSON object or empty.
    public record Answer(int status, byte[] body) {
        private static final int REDIRECT = 300;

        public boolean ok() {
            return status < REDIRECT;
        }

        /// Status message of a refusal.
        public String message() {
            try {
                return Json.object(body).path("message").asText();
            } catch (IllegalArgumentException notJson) {
                return "status " + status;
            }
        }
    }

    /// The gateway could not be asked.
    public static final class Unavailable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Unavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// Empty when there is no such object. Errors: [Unavailable] for any other refusal too.
    public Optional<ObjectNode> get(String path) {
        Answer answer = send("GET", path, JSON, Optional.empty());
        if (answer.status() == NOT_FOUND) {
            return Optional.empty();
        }
        if (!answer.ok()) {
            throw new Unavailable("GET " + path + ": " + answer.message(), new IOException("" + answer.status()));
        }
        return Optional.of(Json.object(answer.body()));
    }

    public Answer send(String method, String path, String contentType, Optional<ObjectNode> body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(TIMEOUT)
                .header("Content-Type", contentType).header("Accept", JSON)
                .header("User-Agent", "logplane-node-agent")
                .method(method, body.map(b -> BodyPublishers.ofByteArray(Json.bytes(b)))
                        .orElse(BodyPublishers.noBody()));
        headers.forEach(request::header);
        HttpRequest ready = request.build();
        for (int attempt = 1;; attempt++) {
            String trouble;
            IOException cause;
            try {
                Answer answer = once(ready);
                if (answer.status() != TOO_MANY && answer.status() < SERVER_ERROR) {
                    return answer;
                }
                trouble = "status " + answer.status() + ", " + answer.message();
                cause = new IOException(trouble);
            } catch (IOException failed) {
                trouble = failed.getClass().getSimpleName() + " " + failed.getMessage();
                cause = failed;
            }
            if (attempt == ATTEMPTS) {
                throw new Unavailable(method + " " + path + ": " + trouble, cause);
            }
            pause(FIRST_PAUSE_MILLIS << attempt, cause);
        }
    }

    private Answer once(HttpRequest request) throws IOException {
        try {
            permits.acquire();
            try {
                HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
                return new Answer(response.statusCode(), response.body());
            } finally {
                permits.release();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Unavailable("stopped", stopped);
        }
    }

    private static void pause(long millis, IOException cause) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Unavailable("stopped", cause);
        }
    }
}
