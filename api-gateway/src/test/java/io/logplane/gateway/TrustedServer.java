package io.logplane.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.logplane.broker.pki.ClusterPki;
import io.logplane.gateway.http.Tls;
import io.logplane.schemas.model.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;

/// A real HTTPS server the gateway is told to believe: an OpenID issuer, and webhooks by path.
final class TrustedServer implements AutoCloseable {
    private final HttpsServer server;
    private final ClusterPki pki;
    private final List<JWK> keys = new CopyOnWriteArrayList<>();
    private final Map<String, Function<JsonNode, ObjectNode>> hooks = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    TrustedServer(Path directory) throws IOException {
        pki = ClusterPki.ensure(directory, List.of("localhost", "127.0.0.1"));
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(Tls.serving(pki.gateway().certificate(), pki.gateway().key(),
                Tls.certificates(pki.authorityCertificate()))));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        asked.add(path);
        byte[] sent = exchange.getRequestBody().readAllBytes();
        byte[] body = switch (path) {
            case "/.well-known/openid-configuration" -> Json.bytes(Json.newObject().put("issuer", issuer()).put(
                    "jwks_uri", issuer() + "/keys"));
            case "/keys" -> new JWKSet(keys).toPublicJWKSet().toString().getBytes(StandardCharsets.UTF_8);
            default -> {
                Function<JsonNode, ObjectNode> hook = hooks.get(path);
                yield hook == null
                        ? new byte[0]
                        : Json.bytes(Json.newObject().set("status", hook.apply(Json.object(sent).path("spec"))));
            }
        };
        exchange.sendResponseHeaders(body.length == 0 ? 500 : 200, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    void on(String path, Function<JsonNode, ObjectNode> status) {
        hooks.put(path, status);
    }

    long asked(String path) {
        return asked.stream().filter(path::equals).count();
    }

    String issuer() {
        return "https://localhost:" + server.getAddress().getPort();
    }

    String authority() {
        return pki.authorityPem();
    }

    /// A new key, published from now on.
    RSAKey publish(String id) throws JOSEException {
        RSAKey key = new RSAKeyGenerator(2048).keyID(id).generate();
        keys.add(key);
        return key;
    }

    void withdraw() {
        keys.clear();
    }

    static String sign(RSAKey key, ObjectNode claims) throws JOSEException {
        JWSObject token = new JWSObject(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
                new Payload(claims.toString()));
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    /// A kubeconfig that leads to a path of this server.
    Path kubeconfig(Path file, String path) throws IOException {
        return Files.writeString(file, """
                apiVersion: v1
                kind: Config
                clusters:
                - name: remote
                  cluster: {server: "%s%s", certificate-authority: %s}
                users:
                - name: gateway
                  user: {token: let-me-in}
                contexts:
                - name: it
                  context: {cluster: remote, user: gateway}
                current-context: it
                """.formatted(issuer(), path, pki.authorityCertificate().toAbsolutePath()));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
