package io.logplane.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.model.Tree;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;

/// `pods/proxy`, `services/proxy`, `nodes/proxy`: whatever is asked below them, by any method, upgrades too.
///
/// A redirect of the target's is rewritten to lead through the proxy again, and so are links inside of HTML.
/// Thread: the request's own.
/// Source: kubernetes apimachinery util/proxy, transport.go and upgradeaware.go.
final class ProxyRoutes {
    static final String PROXY = "proxy";
    private static final String NOT_A_PATH = "invalid path below proxy";

    private final ProxyTargets targets;
    private final Forward kubelets;
    private final Forward others;

    /// Shape: `kubelets` shows the gateway's certificate and checks the node's; a pod's own certificate is believed.
    ProxyRoutes(ProxyTargets targets, SSLContext kubelets) {
        this.targets = targets;
        this.kubelets = new Forward(kubelets);
        this.others = new Forward(Tls.unverified());
    }

    /// Shape: `options` say the path, which hooks may have changed.
    void answer(Exchange exchange, RequestInfo info, ObjectNode options, Responder responder) throws IOException {
        ProxyTargets.Target target = targets.of(info);
        String raw = exchange.rawPath();
        int end = end(raw, info);
        String prefix = raw.substring(0, end);
        String wanted = Tree.text(options, "path");
        String path = wanted.equals(decoded(raw.substring(end))) ? raw.substring(end) : encoded(wanted);
        String query = exchange.request().getQueryString();
        if (path.isEmpty()) {
            // A page's relative links would otherwise lead beside it.
            exchange.response().setHeader("Location", raw + "/" + (query == null ? "" : "?" + query));
            exchange.response().setStatus(301);
            return;
        }
        String host = exchange.request().getServerName() + ":" + exchange.request().getServerPort();
        List<Map.Entry<String, String>> added = List.of(Map.entry("X-Forwarded-Uri", raw), Map.entry(
                "X-Forwarded-Host", host), Map.entry("X-Forwarded-Proto", "https"));
        URI to = uri(target.scheme() + "://" + target.authority() + path + (query == null ? "" : "?" + query));
        (target.kubelet() ? kubelets : others).pass(exchange, to, added, new Through(to, "https://" + host, prefix),
                responder);
    }

    /// Keeps a client inside of the proxy.
    private record Through(URI asked, String server, String prefix) implements Forward.HeaderRule {
        @Override
        public Optional<String> of(String name, String value) {
            return Optional.of(name.equals("location") ? location(value, asked, server, prefix) : value);
        }

        @Override
        public Optional<UnaryOperator<String>> links() {
            return Optional.of(link -> location(link, asked, server, prefix));
        }
    }

    /// What is asked of the target. Shape: still encoded; "" when nothing follows. Errors: 404.
    static String path(String raw, RequestInfo info) {
        return raw.substring(end(raw, info));
    }

    static String decoded(String path) {
        return path.isEmpty() ? "" : uri("http://x" + path).getPath();
    }

    private static String encoded(String path) {
        try {
            return new URI(null, null, path.isEmpty() || path.startsWith("/") ? path : "/" + path, null).getRawPath();
        } catch (URISyntaxException notOne) {
            throw Refusals.badRequest(NOT_A_PATH);
        }
    }

    private static URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException notOne) {
            throw Refusals.badRequest(NOT_A_PATH);
        }
    }

    /// Where the path of the target begins. Shape: behind `.../proxy`.
    private static int end(String raw, RequestInfo info) {
        String[] segments = raw.split("/", -1);
        int wanted = info.namespace().isEmpty() ? 6 : 8; // "", api, v1, [namespaces, n,] resource, name, proxy
        if (segments.length < wanted || !segments[wanted - 1].equals(PROXY)) {
            throw noSuchPath();
        }
        int end = 0;
        for (int i = 1; i < wanted; i++) {
            end += 1 + segments[i].length();
        }
        return end;
    }

    private static Refused noSuchPath() {
        return Refusals.noSuchResource();
    }

    /// Shape: absolute paths of the target's own become paths through the proxy; everything else stays.
    static String location(String value, URI asked, String server, String prefix) {
        URI to;
        try {
            to = URI.create(value);
        } catch (IllegalArgumentException notOne) {
            return value;
        }
        boolean elsewhere = to.getRawAuthority() != null && !to.getRawAuthority().equals(asked.getRawAuthority());
        String path = to.getRawPath() == null ? "" : to.getRawPath();
        if (elsewhere || !path.startsWith("/")) {
            return value;
        }
        return server + (path.startsWith(prefix + "/") ? "" : prefix) + path + (to.getRawQuery() == null
                ? ""
                : "?" + to.getRawQuery()) + (to.getRawFragment() == null ? "" : "#" + to.getRawFragment());
    }
}
