package io.logplane.gateway.aggregation;

import io.logplane.gateway.admission.Lookup;
import io.logplane.gateway.outbound.ServerTrust;
import io.logplane.gateway.outbound.ServiceAddress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/// The HTTPS client towards the server of one APIService; it shows the certificate of the front proxy.
///
/// Shape: the server is reached by the address of one of its endpoints and must carry the name `<service>.<ns>.svc`.
/// Errors: IOException with what went wrong. Limits: documents of at most 8 MiB. Thread: any.
public final class Remote {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    /// Upstream's patience with a check, and with a document.
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MAX_DOCUMENT = 8 * 1024 * 1024;
    /// As whom the gateway asks for itself. Source: kube-aggregator, SetAuthProxyHeaders of the availability check.
    private static final List<String> SELF = List.of("X-Remote-User", "system:kube-aggregator", "X-Remote-Group",
            "system:masters");

    private final ApiService.Reference service;
    private final Lookup lookup;
    private final SSLContext tls;
    private final HttpClient client;
    private final HttpClient credulous;

    /// Errors: IllegalArgumentException for a bundle that is no base64.
    Remote(ApiService of, ApiService.Reference service, Lookup lookup, List<KeyManager> identity) {
        this.service = service;
        this.lookup = lookup;
        KeyManager[] keys = identity.toArray(KeyManager[]::new);
        ServerTrust trust = new ServerTrust(service.serverName(), Base64.getMimeDecoder().decode(of.caBundle()), of
                .insecure());
        this.tls = trust.context(keys);
        this.client = client(trust, tls);
        ServerTrust anybody = new ServerTrust(service.serverName(), new byte[0], true);
        this.credulous = client(anybody, anybody.context(keys));
    }

    private static HttpClient client(ServerTrust trust, SSLContext tls) {
        return HttpClient.newBuilder().sslContext(tls).sslParameters(trust.parameters()).connectTimeout(CONNECT)
                .version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER).build();
    }

    public HttpClient client() {
        return client;
    }

    public SSLContext tls() {
        return tls;
    }

    /// Shape: `pathAndQuery` as it goes over the wire. Empty: nothing answers for the service.
    public Optional<URI> address(String pathAndQuery) {
        return ServiceAddress.resolve(service.namespace(), service.name(), service.port(), lookup).map(found -> URI
                .create("https://" + found.authority() + pathAndQuery));
    }

    /// A document or what came instead. Shape: `type` without case and `tag`, its ETag: "" when there is none.
    record Document(int code, String type, String tag, byte[] body) {
    }

    /// Asks as the gateway itself.
    Document get(String path, String accept) throws IOException {
        return get(client, path, accept, "");
    }

    /// The same, unless it is the one of that tag: then 304.
    Document get(String path, String accept, String tag) throws IOException {
        return get(client, path, accept, tag);
    }

    /// As the other, whatever certificate is shown: only whether somebody answers is of interest.
    Document probe(String path) throws IOException {
        return get(credulous, path, "application/json", "");
    }

    private Document get(HttpClient with, String path, String accept, String tag) throws IOException {
        HttpRequest.Builder request = request(path).header("Accept", accept).headers(SELF.toArray(String[]::new));
        if (!tag.isEmpty()) {
            request.header("If-None-Match", tag);
        }
        return send(with, request);
    }

    /// Asks as somebody else. Shape: `as` names and values of the front proxy's headers.
    Document send(String method, String path, List<String> as) throws IOException {
        return send(client, request(path).method(method, HttpRequest.BodyPublishers.noBody()).header("Accept",
                "application/json").headers(as.toArray(String[]::new)));
    }

    private HttpRequest.Builder request(String path) throws IOException {
        URI to = address(path).orElseThrow(() -> new IOException("no address for service " + service.namespace() + "/"
                + service.name()));
        return HttpRequest.newBuilder(to).timeout(PATIENCE);
    }

    private static Document send(HttpClient with, HttpRequest.Builder request) throws IOException {
        try {
            HttpResponse<byte[]> answer = with.send(request.build(), HttpResponse.BodyHandlers.limiting(
                    HttpResponse.BodyHandlers.ofByteArray(), MAX_DOCUMENT));
            return new Document(answer.statusCode(), answer.headers().firstValue("Content-Type").orElse(""), answer
                    .headers().firstValue("ETag").orElse(""), answer.body());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IOException("the gateway is stopping", stopping);
        }
    }
}
