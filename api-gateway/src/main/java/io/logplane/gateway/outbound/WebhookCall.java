package io.logplane.gateway.outbound;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One request to a webhook on its way: sent again where the webhook says it is elsewhere, or that it wants to be asked
/// later.
///
/// Shape: 301, 302 and 303 are followed without the body, 307 and 308 with it; 429 and 5xx are tried again when they
/// say when. Limits: an answer of at most 3 MiB; [#MAX_HOPS] hops, [#MAX_TRIES] tries, all within the timeout.
/// Thread: the caller's; blocks. Source: net/http of Go; k8s.io/client-go/rest (with_retry).
public record WebhookCall(HttpClient client, BodyPublisher body, Map<String, String> headers, String host,
        long deadline) {
    private static final int MAX_ANSWER = 3 * 1024 * 1024;
    /// As Go's client.
    private static final int MAX_HOPS = 10;
    /// As upstream's client: once, and ten times again.
    private static final int MAX_TRIES = 11;
    private static final boolean MAY_NAME_HOSTS = List.of(System.getProperty("jdk.httpclient.allowRestrictedHeaders",
            "").split(",")).contains("host");

    /// Shape: `headers` beside those that every call has.
    public static WebhookCall of(HttpClient client, Duration timeout, BodyPublisher body,
            Map<String, String> headers) {
        return new WebhookCall(client, body, headers, "", System.nanoTime() + timeout.toNanos());
    }

    /// The server hears this as its name, whatever address it is called by: where the process may say so (the property
    /// `jdk.httpclient.allowRestrictedHeaders`).
    public WebhookCall at(String name) {
        return new WebhookCall(client, body, headers, MAY_NAME_HOSTS ? name : "", deadline);
    }

    /// How upstream's client tells the server how long it waits. Shape: at most one minute.
    public static String timeout(Duration timeout) {
        long millis = timeout.toMillis();
        String seconds = millis % 1000 == 0
                ? Long.toString(millis / 1000)
                : Double.toString(millis / 1000.0);
        return "timeout=" + (millis < 1000 ? millis + "ms" : seconds + "s");
    }

    /// Errors: HttpTimeoutException when there is no time left; IllegalArgumentException for an address that is none.
    public HttpResponse<byte[]> send(URI address) throws IOException, InterruptedException {
        for (int tries = 1;; tries++) {
            HttpResponse<byte[]> response = follow(address);
            Optional<Duration> wait = tries < MAX_TRIES ? wait(response) : Optional.empty();
            if (wait.isEmpty()) {
                return response;
            }
            if (wait.get().toNanos() >= left().toNanos()) {
                throw late();
            }
            Thread.sleep(wait.get());
        }
    }

    private static HttpTimeoutException late() {
        return new HttpTimeoutException("no time left");
    }

    private Duration left() {
        return Duration.ofNanos(deadline - System.nanoTime());
    }

    /// How long to wait before the next try; empty when there is to be none.
    private static Optional<Duration> wait(HttpResponse<byte[]> response) {
        if (response.statusCode() != 429 && response.statusCode() < 500) {
            return Optional.empty();
        }
        return response.headers().firstValue("Retry-After").filter(text -> text.matches("\\d{1,6}")).map(
                text -> Duration.ofSeconds(Long.parseLong(text)));
    }

    private HttpResponse<byte[]> follow(URI address) throws IOException, InterruptedException {
        URI at = address;
        boolean whole = true;
        for (int hops = 0;; hops++) {
            HttpResponse<byte[]> response = once(at, whole, String.valueOf(at.getAuthority()).equals(address
                    .getAuthority()));
            Optional<String> elsewhere = response.headers().firstValue("Location").filter(text -> redirects(response
                    .statusCode()));
            if (elsewhere.isEmpty()) {
                return response;
            }
            if (hops == MAX_HOPS) {
                throw new IOException("stopped after " + MAX_HOPS + " redirects");
            }
            whole = whole && response.statusCode() >= 307;
            at = at.resolve(elsewhere.get());
        }
    }

    private static boolean redirects(int code) {
        return code == 301 || code == 302 || code == 303 || code == 307 || code == 308;
    }

    /// Shape: `home` when it is the server that was meant.
    private HttpResponse<byte[]> once(URI address, boolean whole, boolean home)
            throws IOException, InterruptedException {
        Duration left = left();
        if (!left.isPositive()) {
            throw late();
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(left).header("Content-Type",
                "application/json").header("Accept", "application/json, */*").method(whole ? "POST" : "GET", whole
                        ? body
                        : BodyPublishers.noBody());
        headers.forEach(request::header);
        if (home && !host.isEmpty()) {
            request.header("Host", host);
        }
        return within(client.sendAsync(request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER)));
    }

    /// The request's own timeout ends with the head of the answer.
    private HttpResponse<byte[]> within(CompletableFuture<HttpResponse<byte[]>> answer) throws IOException,
            InterruptedException {
        try {
            return answer.get(Math.max(0, left().toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException slow) {
            answer.cancel(true);
            throw late();
        } catch (InterruptedException stopping) {
            answer.cancel(true);
            throw stopping;
        } catch (ExecutionException broken) {
            switch (broken.getCause()) {
                case IOException known -> throw known;
                case RuntimeException known -> throw known;
                case null, default -> throw new IOException(broken);
            }
        }
    }
}
