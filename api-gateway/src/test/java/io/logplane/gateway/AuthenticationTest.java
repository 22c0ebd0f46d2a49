package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.logplane.broker.pki.PemPair;
import io.logplane.gateway.ApiClient.Answer;
import io.logplane.schemas.model.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every way in but the plain ones: front proxies, issuers, webhooks, bootstrap tokens; and who may come as nobody. Over HTTPS with a real broker.
class AuthenticationTest {
    private static final String WHO = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

    @TempDir
    static Path directory;
    private static DevPlane plane;
    private static ApiClient admin;
    private static TrustedServer server;
    private static Path settings;

    @BeforeAll
    static void start() throws Exception {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
        server = new TrustedServer(directory.resolve("trusted"));
        server.on("/token", spec -> Json.newObject().put("authenticated", false));
        settings = Files.writeString(directory.resolve("authentication.yaml"), settings(""));
        Path webhook = server.kubeconfig(directory.resolve("webhook.kubeconfig"), "/token");
        plane = DevPlane.start(directory, 0, config -> {
            IdentityConfig plain = config.identity();
            return config.with(new IdentityConfig(plain.requestHeader(), true, Optional.empty(), Optional.of(settings),
                    Optional.of(new IdentityConfig.TokenWebhookConfig(webhook, "v1",
                            IdentityConfig.TokenWebhookConfig.DEFAULT_TTL)),
                    Optional.empty()));
        });
        admin = client(plane.pki().admin());
        Awaitility.await().atMost(java.time.Duration.ofSeconds(60)).until(() -> admin.get("/readyz").code() == 200);
    }

    @AfterAll
    static void stop() {
        Awaitility.reset();
        plane.close();
        server.close();
    }

    /// An issuer whose users come from claims and expressions; anonymous requests may only ask how the server is.
    private static String settings(String more) {
        return """
                apiVersion: apiserver.config.k8s.io/v1
                kind: AuthenticationConfiguration
                anonymous:
                  enabled: true
                  conditions: [{path: /livez}, {path: /readyz}]
                jwt:
                - issuer:
                    url: %s
                    audiences: [logplane, other]
                    audienceMatchPolicy: MatchAny
                    certificateAuthority: |
                %s
                  claimValidationRules:
                  - expression: 'claims.?hd.orValue("") == "example.com"'
                    message: the hosted domain must be example.com
                  claimMappings:
                    username: {claim: sub, prefix: "oidc:"}
                    groups: {expression: 'claims.roles.split(",")'}
                    uid: {claim: sub}
                    extra:
                    - {key: example.com/tenant, valueExpression: 'claims.?tenant.orValue("")'}
                  userValidationRules:
                  - expression: "!user.username.startsWith('oidc:system:')"
                    message: no system users
                %s""".formatted(server.issuer(), server.authority().indent(6), more);
    }

    private static ObjectNode claims(String subject) {
        long now = Instant.now().getEpochSecond();
        return Json.newObject().put("iss", server.issuer()).put("aud", "logplane").put("sub", subject).put("exp", now
                + 600).put("nbf", now).put("hd", "example.com").put("roles", "dev,ops").put("tenant", "t1");
    }

    private static String[] bearer(String token) {
        return new String[]{"Authorization", "Bearer " + token};
    }

    private static ApiClient stranger() {
        return new ApiClient(plane.port(), plane.pki().authorityCertificate(), io.logplane.broker.pki.ClusterPki.ensure(
                directory.resolve("elsewhere"), List.of()).admin());
    }

    private static String review(String token) {
        return admin.post("/apis/authentication.k8s.io/v1/tokenreviews", "{\"spec\":{\"token\":\"" + token + "\"}}")
                .json().at("/status/error").asText();
    }

    @Test
    void anIssuersTokenIsTheUserItsClaimsDescribe() throws Exception {
        RSAKey key = server.publish("first");
        String token = TrustedServer.sign(key, claims("ann"));
        Awaitility.await().until(() -> stranger().post(WHO, "{}", bearer(token)).code() == 201);

        assertThat(who(stranger(), bearer(token)).toString()).isEqualTo("{\"username\":\"oidc:ann\",\"uid\":\"ann\","
                + "\"groups\":[\"dev\",\"ops\",\"system:authenticated\"],\"extra\":{\"example.com/tenant\":[\"t1\"]}}");

        ObjectNode odd = claims("cat").put("exp", String.valueOf(Instant.now().getEpochSecond() + 600));
        String keyless = TrustedServer.sign(new RSAKey.Builder(key).keyID("").build(), odd);
        assertThat(stranger().post(WHO, "{}", bearer(keyless)).code()).isEqualTo(201);
        assertThat(stranger().post(WHO, "{}", "Authorization", "bearer " + token + " x").code()).isEqualTo(201);
        var spaced = stranger().post(WHO, "{}", "Authorization", "Bearer  " + token);
        assertThat(spaced.code()).isEqualTo(401);
        assertThat(spaced.raw().headers().firstValue("Warning").orElse("")).contains("extra space before the bearer");
        assertThat(spaced.raw().headers().firstValue("WWW-Authenticate")).isEmpty();

        RSAKey next = server.publish("second");
        String rotated = TrustedServer.sign(next, claims("bob"));
        Awaitility.await().until(() -> stranger().post(WHO, "{}", bearer(rotated)).code() == 201);

        String[] wrong = {
            TrustedServer.sign(key, claims("ann").put("exp", Instant.now().getEpochSecond() - 1)),
            TrustedServer.sign(key, claims("ann").put("nbf", Instant.now().getEpochSecond() + 3600)),
            TrustedServer.sign(key, claims("ann").put("aud", "vault")),
            TrustedServer.sign(key, claims("ann").put("hd", "evil.com")),
            TrustedServer.sign(key, claims("system:admin")),
            TrustedServer.sign(new RSAKeyGenerator(2048).keyID("first").generate(), claims("ann")),
            hmac(claims("ann"), key),
            none(claims("ann")),
            token.substring(0, token.length() - 4) + "AAAA"};
        for (String each : wrong) {
            assertThat(stranger().get("/api", bearer(each)).code()).as(each).isEqualTo(401);
        }
        assertThat(review(wrong[3])).isEqualTo("[invalid bearer token, oidc: error evaluating claim validation "
                + "expression: validation expression 'claims.?hd.orValue(\"\") == \"example.com\"' failed: the hosted "
                + "domain must be example.com]");
    }

    /// Signed with the public key as if it were a shared secret.
    private static String hmac(ObjectNode claims, RSAKey key) throws Exception {
        JWSObject token = new JWSObject(new JWSHeader(JWSAlgorithm.HS256), new Payload(claims.toString()));
        token.sign(new MACSigner(key.toRSAPublicKey().getEncoded()));
        return token.serialize();
    }

    private static String none(ObjectNode claims) {
        var encoder = Base64.getUrlEncoder().withoutPadding();
        return encoder.encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8)) + "." + encoder
                .encodeToString(claims.toString().getBytes(StandardCharsets.UTF_8)) + ".";
    }

    @Test
    void settingsAreFollowedAndWrongOnesLeaveWhatWasThere() throws Exception {
        RSAKey key = server.publish("third");
        String token = TrustedServer.sign(key, claims("eva").put("hd", "other.org"));
        Files.writeString(settings, settings("").replace("\"example.com\"'", "\"other.org\"'"));
        Awaitility.await().until(() -> stranger().post(WHO, "{}", bearer(token)).code() == 201);
        Files.writeString(settings, settings("").replace("audiences:", "audience:"));
        Files.writeString(settings, settings(""));
        Awaitility.await().until(() -> stranger().post(WHO, "{}", bearer(token)).code() == 401);
    }

    @Test
    void aWebhookKnowsTokensNobodyElseDoes() {
        server.on("/token", spec -> spec.path("token").asText().equals("opaque-1")
                ? Json.newObject().put("authenticated", true).set("user", Json.newObject().put("username", "wendy").put(
                        "uid", "7"))
                : Json.newObject().put("error", "never heard of it"));

        assertThat(who(stranger(), bearer("opaque-1")).toString()).isEqualTo(
                "{\"username\":\"wendy\",\"uid\":\"7\",\"groups\":[\"system:authenticated\"]}");
        long before = server.asked("/token");
        assertThat(who(stranger(), bearer("opaque-1")).path("username").asText()).isEqualTo("wendy");
        assertThat(server.asked("/token")).as("kept").isEqualTo(before);
        assertThat(stranger().get("/api", bearer("opaque-2")).code()).isEqualTo(401);
        assertThat(review("opaque-3")).isEqualTo("[invalid bearer token, never heard of it]");
    }

    @Test
    void aBootstrapTokenIsGoodWhileItsSecretSaysSo() {
        String secrets = "/api/v1/namespaces/kube-system/secrets";
        String secret = "{\"metadata\":{\"name\":\"bootstrap-token-abc123\"},\"type\":\"bootstrap.kubernetes.io/token\","
                + "\"stringData\":{\"token-id\":\"abc123\",\"token-secret\":\"0123456789abcdef\","
                + "\"usage-bootstrap-authentication\":\"true\",\"expiration\":\"" + Instant.now().plusSeconds(3600)
                + "\",\"auth-extra-groups\":\"system:bootstrappers:workers\"}}";
        assertThat(admin.post(secrets, secret).code()).isEqualTo(201);

        assertThat(who(stranger(), bearer("abc123.0123456789abcdef")).toString()).isEqualTo(
                "{\"username\":\"system:bootstrap:abc123\",\"groups\":[\"system:bootstrappers\","
                        + "\"system:bootstrappers:workers\",\"system:authenticated\"]}");
        assertThat(stranger().get("/api", bearer("abc123.0123456789abcdee")).code()).isEqualTo(401);
        for (String change : List.of("\"usage-bootstrap-authentication\":\"false\"",
                "\"usage-bootstrap-authentication\":\"true\",\"auth-extra-groups\":\"system:masters\"")) {
            assertThat(admin.merge(secrets + "/bootstrap-token-abc123", "{\"stringData\":{" + change + "}}").code())
                    .isEqualTo(200);
            assertThat(stranger().get("/api", bearer("abc123.0123456789abcdef")).code()).as(change).isEqualTo(401);
        }
        signed(secrets);
    }

    /// Who joins finds the cluster's address signed with his token; a token whose time is over is taken away.
    private static void signed(String secrets) {
        String info = "/api/v1/namespaces/kube-public/configmaps";
        admin.post(info, "{\"metadata\":{\"name\":\"cluster-info\"},\"data\":{\"kubeconfig\":\"k\"}}");
        admin.merge(secrets + "/bootstrap-token-abc123", "{\"stringData\":{\"usage-bootstrap-signing\":\"true\"}}");
        Awaitility.await().until(() -> admin.get(info + "/cluster-info").json().at("/data/jws-kubeconfig-abc123")
                .asText().matches("[^.]+\\.\\.[^.]+"));

        admin.merge(secrets + "/bootstrap-token-abc123",
                "{\"stringData\":{\"expiration\":\"2020-01-01T00:00:00Z\"}}");
        assertThat(stranger().get("/api", bearer("abc123.0123456789abcdef")).code()).isEqualTo(401);
        Awaitility.await().until(() -> admin.get(secrets + "/bootstrap-token-abc123").code() == 404);
        Awaitility.await().until(() -> admin.get(info + "/cluster-info").json().at("/data").size() == 1);
    }

    @Test
    void nobodyMayAskWhereTheSettingsSaySoOnly() throws Exception {
        var nobody = java.net.http.HttpClient.newBuilder().sslContext(io.logplane.gateway.http.Tls.asking(plane.pki()
                .authorityPem(), "", "")).build();
        for (String path : List.of("/livez", "/version", "/api", "/livez/", "/apis/apps/v1")) {
            var request = java.net.http.HttpRequest.newBuilder(java.net.URI.create("https://127.0.0.1:" + plane.port()
                    + path)).build();
            assertThat(nobody.send(request, java.net.http.HttpResponse.BodyHandlers.discarding()).statusCode()).as(path)
                    .isEqualTo(path.equals("/livez") ? 200 : 401);
        }
    }

    private static ApiClient client(PemPair identity) {
        return new ApiClient(plane.port(), plane.pki().authorityCertificate(), identity);
    }

    private static JsonNode who(ApiClient client, String... headers) {
        Answer answer = client.post(WHO, "{}", headers);
        assertThat(answer.code()).as(answer.text()).isEqualTo(201);
        return answer.json().at("/status/userInfo");
    }

    @Test
    void aFrontProxyNamesTheUserHeAsksFor() {
        ApiClient proxy = client(plane.pki().frontProxy("front-proxy-client", "front-proxy-client"));

        JsonNode jane = who(proxy, "X-Remote-User", "jane", "X-Remote-Uid", "u-1", "X-Remote-Group", "dev",
                "X-Remote-Group", "ops", "X-Remote-Extra-Example.org%2fScope", "a",
                "X-Remote-Extra-Example.org%2fScope",
                "b");

        assertThat(jane.toString()).isEqualTo("{\"username\":\"jane\",\"uid\":\"u-1\",\"groups\":[\"dev\",\"ops\","
                + "\"system:authenticated\"],\"extra\":{\"example.org/scope\":[\"a\",\"b\"]}}");
        assertThat(proxy.post(WHO, "{}", "X-Remote-User", "system:anonymous").code()).as("is nobody still").isEqualTo(
                403);
        assertThat(proxy.get("/api", "X-Remote-Group", "system:masters").code()).as("names nobody").isEqualTo(401);
    }

    @Test
    void whoIsNoFrontProxyNamesNobodyButHimself() {
        ApiClient other = client(plane.pki().frontProxy("other-proxy", "other-proxy"));
        ApiClient user = client(plane.pki().client("eve", "eve", "dev"));

        assertThat(other.get("/api", "X-Remote-User", "root", "X-Remote-Group", "system:masters").code()).isEqualTo(
                401);
        JsonNode eve = who(user, "X-Remote-User", "root", "X-Remote-Group", "system:masters");
        assertThat(eve.path("username").asText()).isEqualTo("eve");
        assertThat(eve.path("groups").toString()).isEqualTo("[\"dev\",\"system:authenticated\"]");
        assertThat(eve.at("/extra/authentication.kubernetes.io~1credential-id/0").asText()).matches(
                "X509SHA256=[0-9a-f]{64}");
    }

    @Test
    void extensionServersLearnWhomToBelieve() throws Exception {
        JsonNode data = admin.get("/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication")
                .json().path("data");

        assertThat(data.path("client-ca-file").asText()).isEqualTo(Files.readString(plane.pki()
                .authorityCertificate()));
        assertThat(data.path("requestheader-client-ca-file").asText()).isEqualTo(Files.readString(directory.resolve(
                "pki/front-proxy-ca.crt")));
        assertThat(data.path("requestheader-allowed-names").asText()).isEqualTo("[\"front-proxy-client\"]");
        assertThat(data.path("requestheader-username-headers").asText()).isEqualTo("[\"X-Remote-User\"]");
        assertThat(data.path("requestheader-uid-headers").asText()).isEqualTo("[\"X-Remote-Uid\"]");
        assertThat(data.path("requestheader-group-headers").asText()).isEqualTo("[\"X-Remote-Group\"]");
        assertThat(data.path("requestheader-extra-headers-prefix").asText()).isEqualTo("[\"X-Remote-Extra-\"]");
    }
}
