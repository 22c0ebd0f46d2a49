package io.logplane.gateway.outbound;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.Lookup;
import io.logplane.schemas.model.GoText;
import io.logplane.schemas.model.GoUrl;
import io.logplane.schemas.model.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
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
    private static final int HTTPS = 443;
    private static final WebhookAddress NOWHERE = new WebhookAddress("", "");

    private final JsonNode config;
    private final Duration timeout;
    private final Lookup lookup;
    private final WebhookAddress named;
    private final ServerTrust trust;
    /// Why no call can be made; "" when one can.
    private final String unusable;
    /// Made at the first call; two at once may make two, one of which is forgotten.
    private volatile @Nullable HttpClient client;

    public WebhookClient(JsonNode config, Duration timeout, Lookup lookup) {
        this.config = config;
        this.timeout = timeout;
        this.lookup = lookup;
        WebhookAddress address = NOWHERE;
        byte[] authority = new byte[0];
        String broken = "";
        try {
            address = named(config);
            authority = Base64.getMimeDecoder().decode(config.path("caBundle").asText());
        } catch (IllegalArgumentException | GoUrl.Malformed malformed) {
            broken = "failed to call webhook: " + malformed.getMessage();
        }
        this.named = address;
        this.trust = new ServerTrust(address.host(), authority, false);
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
        this.named = NOWHERE;
        this.trust = new ServerTrust("", new byte[0], false);
        this.unusable = why;
    }

    /// A call that gave no usable answer.
    public static final class CallFailed extends RuntimeException {
        public CallFailed(String message) {
            super(message);
        }
    }

    /// Shape: as upstream names it; a service by its name, whatever answers for it. Errors: [GoUrl.Malformed].
    private static WebhookAddress named(JsonNode config) {
        JsonNode service = config.path("service");
        if (!service.isObject()) {
            return WebhookAddress.of(config.path("url").asText());
        }
        return new WebhookAddress(service.path("name").asText() + "." + service.path("namespace").asText() + ".svc:"
                + service.path("port").asInt(HTTPS), service.path("path").asText());
    }

    /// Whom to call for it. Errors: [CallFailed].
    private WebhookAddress called() {
        JsonNode service = config.path("service");
        if (!service.isObject()) {
            return named;
        }
        String name = service.path("name").asText();
        ServiceAddress found = ServiceAddress.resolve(service.path("namespace").asText(), name, service.path("port")
                .asInt(HTTPS), lookup).orElseThrow(() -> new CallFailed("service \"" + name + "\" not found"));
        return new WebhookAddress(found.authority(), named.path());
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
        WebhookAddress called = called();
        String query = WebhookCall.timeout(timeout);
        String failed = FAILED + "Post " + GoText.quote(named.shown() + "?" + query) + ": ";
        URI address = address(called, query, failed);
        try {
            HttpResponse<byte[]> response = WebhookCall.of(client(), timeout, BodyPublishers.ofByteArray(Json
                    .bytes(review)), Map.of("User-Agent", "kube-apiserver-admission")).at(named.authority()).send(
                            address);
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

    private static URI address(WebhookAddress called, String query, String failed) {
        try {
            return called.uri(query);
        } catch (UnknownHostException unknown) {
            throw new CallFailed(failed + "dial tcp: lookup " + unknown.getMessage() + ": no such host");
        } catch (URISyntaxException noPort) {
            throw new CallFailed(failed + noPort.getReason());
        }
    }
}
