package io.logplane.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.Lookup;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.types.ResourceType;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;

/// `pods/log`: asked of the kubelet API of the pod's node and passed on as it comes, following included.
///
/// The address is the node's InternalIP from its status; redirects are not followed. Thread: the request's own.
/// Source: kubernetes/pkg/registry/core/pod LogLocation.
final class PodLogs {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int CHUNK = 16 * 1024;
    private static final int DEFAULT_PORT = 10250;

    private final Lookup lookup;
    private final HttpClient client;

    PodLogs(Lookup lookup, SSLContext tls) {
        this.lookup = lookup;
        this.client = HttpClient.newBuilder().sslContext(tls).connectTimeout(CONNECT).version(
                HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER).build();
    }

    void answer(Exchange exchange, RequestInfo info, ResourceType type) throws IOException {
        LogOptions options = LogOptions.of(exchange.query(), info.name());
        ObjectNode pod = pod(info, type);
        String container = container(pod, exchange.query().first("container"));
        String node = pod.path("spec").path("nodeName").asText();
        if (node.isEmpty()) {
            plain(exchange);
            exchange.response().flushBuffer();
            return;
        }
        URI uri = URI.create("https://" + address(node) + "/containerLogs/" + info.namespace() + "/" + info.name() + "/"
                + container + options.query());
        HttpResponse<InputStream> answer;
        try {
            answer = client.send(HttpRequest.newBuilder(uri).GET().build(), HttpResponse.BodyHandlers
                    .ofInputStream());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw Refusals.unavailable("the server is stopping");
        } catch (IOException away) {
            throw Refusals.unclassified("Get " + Refusals.quoted(uri.toString()) + ": " + away.getMessage());
        }
        try (InputStream in = answer.body()) {
            pass(exchange, answer.statusCode(), in);
        }
    }

    private static void pass(Exchange exchange, int code, InputStream in) throws IOException {
        if (code != 200) {
            String text = new String(in.readNBytes(CHUNK), StandardCharsets.UTF_8).strip();
            throw code == 404 || code == 400
                    ? Refusals.badRequest(text)
                    : Refusals.internal(text.isEmpty() ? "the node answered " + code : text);
        }
        plain(exchange);
        exchange.audited().started();
        exchange.response().flushBuffer();
        var out = exchange.response().getOutputStream();
        byte[] chunk = new byte[CHUNK];
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            out.write(chunk, 0, n);
            out.flush();
        }
    }

    private static void plain(Exchange exchange) {
        exchange.response().setStatus(200);
        exchange.response().setHeader("Content-Type", "text/plain");
        exchange.response().setHeader("Cache-Control", "no-cache, private");
    }

    ObjectNode pod(RequestInfo info, ResourceType type) {
        try {
            return lookup.newest(type.key(info.namespace(), info.name())).map(p -> Json.object(p.json())).orElseThrow(
                    () -> Refusals.notFound(type, info.name()));
        } catch (IllegalArgumentException notAName) {
            throw Refusals.notFound(type, info.name());
        }
    }

    /// Errors: 400 when the name is missing and not clear, or wrong.
    static String container(ObjectNode pod, String asked) {
        List<String> names = new ArrayList<>();
        for (String list : List.of("containers", "initContainers", "ephemeralContainers")) {
            pod.path("spec").path(list).forEach(c -> names.add(c.path("name").asText()));
        }
        String name = pod.path("metadata").path("name").asText();
        if (asked.isEmpty()) {
            if (names.size() == 1) {
                return names.getFirst();
            }
            throw Refusals.badRequest("a container name must be specified for pod " + name + ", choose one of: ["
                    + String.join(" ", names) + "]");
        }
        if (!names.contains(asked)) {
            throw Refusals.badRequest("container " + asked + " is not valid for pod " + name);
        }
        return asked;
    }

    String address(String name) {
        ObjectNode node = lookup.tree(ObjectKey.of("", "nodes", "", name)).orElseThrow(() -> Refusals.notFound("",
                "pods", name));
        int port = node.path("status").path("daemonEndpoints").path("kubeletEndpoint").path("Port").asInt(DEFAULT_PORT);
        for (String wanted : List.of("InternalIP", "Hostname")) {
            for (JsonNode address : node.path("status").path("addresses")) {
                if (address.path("type").asText().equals(wanted)) {
                    String host = address.path("address").asText();
                    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
                }
            }
        }
        throw Refusals.unclassified("no preferred addresses found; known addresses: []");
    }
}
