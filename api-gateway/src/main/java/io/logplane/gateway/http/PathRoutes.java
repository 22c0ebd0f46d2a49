package io.logplane.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.authn.ServiceAccountTokens;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.custom.CurrentDiscovery;
import io.logplane.gateway.discovery.MergedDiscovery;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.Representation;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.representation.openapi.OpenApi;
import io.logplane.schemas.model.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// Requests about the server itself: discovery, version, OpenAPI, keys, metrics, health. Thread: any.
final class PathRoutes {
    /// The Kubernetes version whose API this is; the suffix says whose server.
    static final String GIT_VERSION = "v1.36.2+logplane";
    static final String MAJOR = "1";
    static final String MINOR = "36";
    /// Asked for with an '@', answered with a '.': the '@' is no media type and kubectl up to 1.28 refuses it.
    private static final String OPENAPI_V2_PROTOBUF = OpenApi.V2_PROTOBUF;

    private static final String METRICS = "/metrics";
    private static final Set<String> ANY_METHOD = Set.of("/", "/index.html", METRICS, "/metrics/slis", "/statusz",
            "/flagz");
    private static final String NOT_FOUND = "404 page not found\n";

    private final CurrentDiscovery discovery;
    private final Health health;
    private final DebugPages pages;
    private final OpenApiDocuments openApi;
    private final ServiceAccountTokens tokens;
    private final RequestMetrics metrics;
    private final Responder responder;

    PathRoutes(CurrentDiscovery discovery, Health health, DebugPages pages, OpenApiDocuments openApi,
            ServiceAccountTokens tokens, RequestMetrics metrics, Responder responder) {
        this.discovery = discovery;
        this.health = health;
        this.pages = pages;
        this.openApi = openApi;
        this.tokens = tokens;
        this.metrics = metrics;
        this.responder = responder;
    }

    boolean servesBuiltIn(String group) {
        return discovery.builtIn(group);
    }

    /// Whether a path below `/apis` is of a group and version that somebody serves.
    private boolean served(String[] parts) {
        if (parts.length < 3 || !parts[1].equals("apis") || discovery.builtIn(parts[2])) {
            return true;
        }
        return parts.length == 3
                ? discovery.known().serves(parts[2])
                : discovery.known().resources(parts[2], parts[3]).isPresent();
    }

    void answer(Exchange exchange, RequestInfo info, User user) throws IOException {
        String path = served(info.path());
        if (!exchange.method().equals("GET") && !anyMethod(path)) {
            if (path.startsWith("/api") ? served(path.split("/")) : getOnly(path)) {
                throw Refusals.methodNotAllowed();
            }
            responder.text(exchange, 404, NOT_FOUND);
            return;
        }
        if (exchange.method().equals("DELETE") && path.startsWith(METRICS)) {
            metrics.reset();
            responder.bytes(exchange, 200, Responder.TEXT, "metrics reset\n".getBytes(StandardCharsets.UTF_8));
            return;
        }
        if (path.startsWith("/healthz") || path.startsWith("/livez") || path.startsWith("/readyz")) {
            Health.Report report = health.report(path, exchange.query());
            if (report.sniffable()) {
                responder.bytes(exchange, report.code(), Responder.TEXT, report.text().getBytes(
                        StandardCharsets.UTF_8));
            } else {
                responder.text(exchange, report.code(), report.text());
            }
            return;
        }
        if (path.startsWith("/openapi/")) {
            openApi(exchange, path);
            return;
        }
        switch (path) {
            case "/", "/index.html" -> responder.document(exchange, 200, root());
            case "/version" -> version(exchange);
            case METRICS -> metrics(exchange, metrics.scrape());
            case "/metrics/slis" -> metrics(exchange, health.results());
            case "/flagz" -> pages.flags(exchange, responder);
            case "/statusz" -> pages.status(exchange, responder, paths());
            case "/openid/v1/jwks" -> keys(exchange);
            case "/.well-known/openid-configuration" -> responder.bytes(exchange, 200, "application/json", Json.bytes(
                    openIdConfiguration()));
            case "/api" -> aggregatedOr(exchange, true, discovery.known().legacyVersions(address(exchange)));
            case "/apis" -> aggregatedOr(exchange, false, discovery.fresh().groupList());
            default -> group(exchange, path);
        }
    }

    /// Discovery, and what a router of methods serves, do not mind a slash at the end.
    private static String served(String path) {
        return path.length() > 1 && path.endsWith("/") && (path.startsWith("/api") || getOnly(path.substring(0, path
                .length() - 1))) ? path.substring(0, path.length() - 1) : path;
    }

    private boolean anyMethod(String path) {
        return ANY_METHOD.contains(path) || path.startsWith("/healthz") || path.startsWith("/livez") || path.startsWith(
                "/readyz") || path.startsWith("/openapi/") || toldAnyhow(path.split("/"));
    }

    /// The aggregator tells of groups, and the router of custom types of their versions, whatever the method.
    private boolean toldAnyhow(String[] parts) {
        if (parts.length < 2 || !parts[1].equals("apis")) {
            return false;
        }
        return switch (parts.length) {
            case 2 -> true;
            case 3 -> !parts[2].equals("apiregistration.k8s.io") && discovery.known().serves(parts[2]);
            case 4 -> !discovery.builtIn(parts[2]) && discovery.known().resources(parts[2], parts[3]).isPresent();
            default -> false;
        };
    }

    /// Those a router of methods serves.
    private static boolean getOnly(String path) {
        return path.equals("/version") || path.equals("/api") || path.startsWith("/api/") || path.startsWith("/openid/")
                || path.startsWith("/.well-known/");
    }

    private void version(Exchange exchange) throws IOException {
        String accept = exchange.header("Accept");
        if (!accept.isBlank()
                && Representation.clauses(accept).stream().noneMatch(clause -> clause.type().equals("application/json")
                        || clause.type().equals("*/*"))) {
            throw Refusals.notAcceptable("application/json");
        }
        responder.document(exchange, 200, version());
    }

    private void metrics(Exchange exchange, String text) throws IOException {
        responder.bytes(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", text.getBytes(
                StandardCharsets.UTF_8));
    }

    private void group(Exchange exchange, String path) throws IOException {
        String[] parts = path.split("/", -1);
        Optional<ObjectNode> found = Optional.empty();
        boolean known = path.startsWith("/version/");
        if (parts.length == 3 && parts[1].equals("api")) {
            known = true;
            found = discovery.known().resources("", parts[2]);
        } else if (parts.length == 3 && parts[1].equals("apis")) {
            found = discovery.fresh().group(parts[2]);
        } else if (parts.length == 4 && parts[1].equals("apis")) {
            MergedDiscovery now = discovery.fresh();
            known = discovery.builtIn(parts[2]);
            found = now.resources(parts[2], parts[3]);
        }
        if (found.isPresent()) {
            responder.tree(exchange, 200, found.get(), wanted(exchange));
        } else if (known) {
            throw Refusals.noSuchResource();
        } else {
            responder.text(exchange, 404, NOT_FOUND);
        }
    }

    private void aggregatedOr(Exchange exchange, boolean core, ObjectNode plain) throws IOException {
        for (Representation.Clause clause : Representation.clauses(exchange.header("Accept"))) {
            boolean asked = clause.parameter("as").equals("APIGroupDiscoveryList") && clause.parameter("g").equals(
                    "apidiscovery.k8s.io") && clause.type().equals("application/json");
            String version = clause.parameter("v");
            if (asked && (version.equals("v2") || version.equals("v2beta1"))) {
                byte[] json = Json.bytes(discovery.fresh().aggregated(core, version));
                tagged(exchange, "application/json;g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList",
                        json);
                return;
            }
            if (clause.parameter("as").isEmpty()) {
                break;
            }
        }
        exchange.response().setHeader("Vary", "Accept");
        responder.tree(exchange, 200, plain, wanted(exchange));
    }

    /// With an ETag; 304 when the client has it already.
    private void tagged(Exchange exchange, String type, byte[] bytes) throws IOException {
        String tag = "\"" + hash(bytes) + "\"";
        exchange.response().setHeader("ETag", tag);
        exchange.response().setHeader("Vary", "Accept");
        exchange.response().setHeader("Cache-Control", "public");
        if (exchange.header("If-None-Match").contains(tag)) {
            exchange.response().setStatus(304);
            exchange.response().setHeader("Content-Type", type); // caches take headers from the 304 over their own
            exchange.response().flushBuffer();
            return;
        }
        responder.bytes(exchange, 200, type, bytes);
    }

    private void openApi(Exchange exchange, String path) throws IOException {
        if (path.equals("/openapi/v2")) {
            String accept = exchange.header("Accept").toLowerCase(Locale.ROOT);
            if (accept.contains("com.github.proto-openapi.spec.v2")) {
                tagged(exchange, OPENAPI_V2_PROTOBUF, openApi.v2Protobuf());
            } else {
                tagged(exchange, "application/json", openApi.v2Json());
            }
            return;
        }
        if (path.equals("/openapi/v3")) {
            tagged(exchange, Responder.TEXT, openApi.v3Index());
            return;
        }
        if (!path.startsWith("/openapi/v3/")) {
            responder.text(exchange, 404, NOT_FOUND);
            return;
        }
        Optional<byte[]> document = openApi.v3(path.substring("/openapi/v3/".length()));
        if (document.isEmpty()) {
            exchange.response().setStatus(404);
            exchange.response().setHeader("Content-Type", null);
            exchange.response().setContentLengthLong(0);
            exchange.response().flushBuffer();
            return;
        }
        tagged(exchange, "application/json", document.get());
    }

    private void keys(Exchange exchange) throws IOException {
        String accept = exchange.header("Accept");
        if (!accept.isEmpty() && !accept.contains("jwk-set+json") && !accept.contains("*/*")) {
            throw Refusals.notAcceptable("application/jwk-set+json");
        }
        responder.bytes(exchange, 200, "application/jwk-set+json", tokens.keySet().getBytes(StandardCharsets.UTF_8));
    }

    private ObjectNode openIdConfiguration() {
        ObjectNode out = Json.newObject();
        out.put("issuer", ServiceAccountTokens.ISSUER);
        out.put("jwks_uri", ServiceAccountTokens.ISSUER + "/openid/v1/jwks");
        out.putArray("response_types_supported").add("id_token");
        out.putArray("subject_types_supported").add("public");
        var algorithms = out.putArray("id_token_signing_alg_values_supported");
        tokens.algorithmNames().forEach(algorithms::add);
        return out;
    }

    private ObjectNode root() {
        ObjectNode out = Json.newObject();
        paths().forEach(out.putArray("paths")::add);
        return out;
    }

    private SortedSet<String> paths() {
        TreeSet<String> paths = new TreeSet<>(discovery.fresh().paths());
        paths.addAll(List.of("/.well-known/openid-configuration", "/flagz", "/metrics", "/metrics/slis", "/openapi/v2",
                "/openapi/v3", "/openapi/v3/", "/openid/v1/jwks", "/statusz", "/version"));
        paths.addAll(health.paths());
        return paths;
    }

    private static ObjectNode version() {
        ObjectNode out = Json.newObject();
        out.put("major", MAJOR);
        out.put("minor", MINOR);
        out.put("emulationMajor", MAJOR);
        out.put("emulationMinor", MINOR);
        out.put("minCompatibilityMajor", "1");
        out.put("minCompatibilityMinor", "35");
        out.put("gitVersion", GIT_VERSION);
        out.put("gitCommit", "");
        out.put("gitTreeState", "clean");
        out.put("buildDate", "1970-01-01T00:00:00Z");
        out.put("goVersion", "");
        out.put("compiler", "javac");
        out.put("platform", platform());
        return out;
    }

    static String platform() {
        String arch = System.getProperty("os.arch", "amd64");
        return "linux/" + (arch.equals("aarch64") ? "arm64" : "amd64");
    }

    private static Representation wanted(Exchange exchange) {
        return Representation.negotiateDocument(exchange.header("Accept"), exchange.query(), exchange.userAgent());
    }

    private static String address(Exchange exchange) {
        return exchange.request().getLocalAddr() + ":" + exchange.request().getLocalPort();
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().withUpperCase().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
