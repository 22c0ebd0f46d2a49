package io.logplane.gateway.http;

import io.logplane.gateway.request.RequestInfo;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// What requests are told apart by in metrics, with upstream's words for it.
///
/// Shape: of a request that is for no resource all are empty but the verb, and `subresource`, which is the path of a
/// check of health. Source: k8s.io/apiserver/pkg/endpoints/metrics.
record RequestLabels(String verb, String group, String version, String resource, String subresource, String scope,
        String dryRun) {
    private static final Set<String> TUNNELS = Set.of("attach", "exec", "portforward", "proxy");
    private static final Set<String> HEALTH = Set.of("/healthz", "/livez", "/readyz");

    static RequestLabels of(RequestInfo info, Exchange exchange) {
        String dryRun = exchange.query().all("dryRun").contains("All") ? "All" : "";
        if (!info.resourceRequest()) {
            return new RequestLabels(exchange.method(), "", "", "", HEALTH.contains(info.path()) ? info.path() : "", "",
                    dryRun);
        }
        return new RequestLabels(verb(info, exchange), info.group(), info.version(), info.resource(), info
                .subresource(), scope(info), dryRun);
    }

    private static String verb(RequestInfo info, Exchange exchange) {
        if (TUNNELS.contains(info.subresource())) {
            return "CONNECT";
        }
        return switch (info.verb()) {
            case "create" -> "POST";
            case "update" -> "PUT";
            case "patch" -> exchange.header("Content-Type").startsWith("application/apply-patch") ? "APPLY" : "PATCH";
            default -> info.verb().toUpperCase(Locale.ROOT);
        };
    }

    private static String scope(RequestInfo info) {
        if (!info.name().isEmpty() || info.verb().equals("create")) {
            return "resource";
        }
        return info.namespace().isEmpty() ? "cluster" : "namespace";
    }

    /// Whether it ends when the client wants.
    boolean lasts() {
        return verb.equals("WATCH") || verb.equals("CONNECT") || subresource.equals("log");
    }

    /// Whether too many means a budget's pods, not requests.
    boolean evicts() {
        return subresource.equals("eviction");
    }

    static String[] names(String... more) {
        return Stream.concat(Stream.of("verb", "group", "version", "resource", "subresource", "scope", "dry_run",
                "component"), Stream.of(more)).toArray(String[]::new);
    }

    String[] values(String... more) {
        return Stream.concat(Stream.of(verb, group, version, resource, subresource, scope, dryRun, "apiserver"), Stream
                .of(more)).toArray(String[]::new);
    }
}
