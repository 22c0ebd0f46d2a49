package io.logplane.gateway.outbound;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.Lookup;
import io.logplane.schemas.model.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The HTTPS end of one webhook: its address, the authority it is trusted by, connections kept open.
///
/// Errors: [CallFailed] with the words of upstream's client.
/// Thread: any; blocks for at most the timeout.
public final class WebhookClient {
    private static final String FAILED = "failed to call webhook: ";
    private static final String LATE = "context deadline exceeded";

    private final JsonNode config;
    private final Duration timeout;
    private final Lookup lookup;
    private final ServerTrust trust;
    /// Why no call can be made; "" when one can.
    private final String unusable;
    /// Made at the first call; two at once may make two, one of which is forgotten.
    private volatile @Nullable HttpClient client;

    public WebhookClient(JsonNode config, Duration timeout, Lookup lookup) {
        this.config = config;
        this.timeout = timeout;
        this.lookup = lookup;
        String name = "";
        byte[] authority = new byte[0];
        String broken = "";
        try {
            name = serverName(config);
            authority = Base64.getMimeDecoder().decode(config.path("caBundle").asText());
        } catch (IllegalArgumentException malformed) {
            broken = "failed to call webhook: " + malformed.getMessage();
        }
        this.trust = new ServerTrust(name, authority, false);
        this.unusable = broken;
    }

    /// One that was written before it was checked, or by another version: every call of it fails with these words.
    public static WebhookClient unusable(String why, Lookup lookup) {
        return new WebhookClient(why, lookup);
    }

    private WebhookClient(String why, Lookup lookup) {
        this.config = com.fasterxml.jackson.databind.node.MissingNode.getInstance();
        this.timeout = Duration.ofSeconds(1);
        this.lookup = lookup;
        this.trust = new ServerTrust("", new byte[0], false);
        this.unusable = why;
    }

    /// A call that gave no usable answer.
    public static final class CallFailed extends RuntimeException {
        public CallFailed(String message) {
            super(message);
        }
    }

    private static String serverName(JsonNode config) {
        JsonNode service = config.path("service");
        if (service.isObject()) {
            return service.path("name").asText() + "." + service.path("namespace").asText() + ".svc";
        }
        String url = config.path("url").asText();
        return url.isEmpty() ? "" : String.valueOf(URI.create(url).getHost());
    }

    /// Shape: the address as errors name it; a service by its name, whatever answers for it.
    private String shownUrl() {
        JsonNode service = config.path("service");
        String base = service.isObject()
                ? "https://" + serverName(config) + ":" + service.path("port").asInt(443) + path(service)
                : config.path("url").asText();
        return withTimeout(base);
    }

    private String withTimeout(String url) {
        return url + (url.contains("?") ? "&" : "?") + WebhookCall.timeout(timeout);
    }

    private static String path(JsonNode service) {
        String path = service.path("path").asText();
        return path.isEmpty() || path.startsWith("/") ? path : "/" + path;
    }

    private URI address() {
        JsonNode service = config.path("service");
        if (!service.isObject()) {
            return URI.create(withTimeout(config.path("url").asText()));
        }
        ServiceAddress found = ServiceAddress.resolve(service.path("namespace").asText(), service.path("name").asText(),
                service.path("port").asInt(443), lookup).orElseThrow(
                        () -> new CallFailed("service \"" + service.path(
                                "name").asText() + "\" not found"));
        return URI.create(withTimeout("https://" + found.authority() + path(service)));
    }

    private HttpClient client() {
        HttpClient known = client;
        if (known != null) {
            return known;
        }
        HttpClient made = HttpClient.newBuilder().sslContext(trust.context()).sslParameters(trust.parameters())
                .connectTimeout(timeout).version(HttpClient.Version.HTTP_1_1).build();
        client = made;
        return made;
    }

    /// The body of the answer as JSON. Errors: [CallFailed].
    public ObjectNode call(ObjectNode review) {
        byte[] body = post(review);
        try {
            return Json.object(body);
        } catch (IllegalArgumentException notJson) {
            throw new CallFailed(FAILED + notJson.getMessage());
        }
    }

    /// The body of the answer, as it came. Errors: [CallFailed].
    public byte[] post(ObjectNode review) {
        if (!unusable.isEmpty()) {
            throw new CallFailed(unusable);
        }
        URI address = address();
        String failed = FAILED + "Post \"" + shownUrl() + "\": ";
        try {
            HttpResponse<byte[]> response = WebhookCall.of(client(), timeout, BodyPublishers.ofByteArray(Json
                    .bytes(review)), Map.of("User-Agent", "kube-apiserver-admission")).send(address);
            if (RefusedCalls.refused(response)) {
                throw new CallFailed(FAILED + RefusedCalls.text(response));
            }
            RefusedCalls.checkType(response).ifPresent(problem -> {
                throw new CallFailed(FAILED + problem);
            });
            return response.body();
        } catch (HttpTimeoutException late) {
            throw new CallFailed(failed + LATE);
        } catch (IOException broken) {
            throw new CallFailed(failed + NetworkWords.of(broken, address));
        } catch (IllegalArgumentException malformed) {
            throw new CallFailed(FAILED + malformed.getMessage());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new CallFailed(failed + "context canceled");
        }
    }
}
