package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.broker.pki.ClusterPki;
import io.logplane.gateway.ApiClient.Answer;
import io.logplane.gateway.authn.ServiceAccountTokens;
import io.logplane.gateway.http.Tls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Secrets of type kubernetes.io/service-account-token, from the create to the last request; tokens that are asked for;
/// and keys that are replaced.
class TokenSecretsTest {
    private static final String NAMESPACE = "/api/v1/namespaces/default/";
    private static final String SECRETS = NAMESPACE + "secrets";
    private static final String ACCOUNTS = NAMESPACE + "serviceaccounts";
    private static final String WHO = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path directory;
    private static DevPlane plane;
    private static ApiClient admin;
    private static ServiceAccountTokens earlier;

    @BeforeAll
    static void start() throws Exception {
        ClusterPki before = ClusterPki.ensure(directory.resolve("before"), List.of());
        earlier = new ServiceAccountTokens(Tls.keyPair(before.serviceAccountKey(), before.serviceAccountPublicKey()),
                List.of());
        plane = DevPlane.start(directory.resolve("now"), 0, config -> {
            copy(before.serviceAccountPublicKey(), config.pki().resolve("service-account-2025.pub"));
            return config;
        });
        admin = new ApiClient(plane.port(), plane.pki().authorityCertificate(), plane.pki().admin());
        await().atMost(PATIENCE).until(() -> admin.get("/readyz").code() == 200);
    }

    private static void copy(Path from, Path to) {
        try {
            Path unused = Files.copy(from, to);
        } catch (java.io.IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    @AfterAll
    static void stop() {
        plane.close();
    }

    private static String uid(Answer made) {
        assertThat(made.code()).as(made.text()).isEqualTo(201);
        return made.json().at("/metadata/uid").asText();
    }

    private static Answer account(String name) {
        return admin.post(ACCOUNTS, "{\"metadata\":{\"name\":\"" + name + "\"}}");
    }

    private static Answer secret(String name, String account) {
        return admin.post(SECRETS, "{\"metadata\":{\"name\":\"" + name
                + "\",\"annotations\":{\"kubernetes.io/service-account.name\":\"" + account
                + "\"}},\"type\":\"kubernetes.io/service-account-token\"}");
    }

    /// The Secret's token, once it is there.
    private static String token(String secret) {
        await().atMost(PATIENCE).until(() -> !data(secret).path("token").asText().isEmpty());
        return text(data(secret).path("token"));
    }

    private static JsonNode data(String secret) {
        return admin.get(SECRETS + "/" + secret).json().path("data");
    }

    private static String text(JsonNode base64) {
        return new String(Base64.getDecoder().decode(base64.asText()), java.nio.charset.StandardCharsets.UTF_8);
    }

    /// A client that shows nothing but a token.
    private static Answer who(String token) {
        Path elsewhere = directory.resolve("elsewhere");
        ApiClient stranger = new ApiClient(plane.port(), plane.pki().authorityCertificate(),
                ClusterPki.ensure(elsewhere,
                        List.of()).admin());
        return stranger.post(WHO, "{}", "Authorization", "Bearer " + token);
    }

    @Test
    void a_secret_of_an_account_is_filled_and_its_token_is_the_accounts() throws Exception {
        String uid = uid(account("robot"));
        uid(secret("robot-token", "robot"));

        String token = token("robot-token");
        Answer answer = who(token);

        assertThat(answer.code()).as(answer.text()).isEqualTo(201);
        JsonNode user = answer.json().at("/status/userInfo");
        assertThat(user.path("username").asText()).isEqualTo("system:serviceaccount:default:robot");
        assertThat(user.path("uid").asText()).isEqualTo(uid);
        assertThat(user.path("groups").toString()).isEqualTo(
                "[\"system:serviceaccounts\",\"system:serviceaccounts:default\",\"system:authenticated\"]");
        assertThat(text(data("robot-token").path("namespace"))).isEqualTo("default");
        assertThat(text(data("robot-token").path("ca.crt"))).isEqualTo(Files.readString(plane.pki()
                .authorityCertificate()));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(admin.get(SECRETS + "/robot-token").json().at(
                "/metadata/labels/kubernetes.io~1legacy-token-last-used").asText()).isEqualTo(LocalDate.now(
                        ZoneOffset.UTC).toString()));
        assertThat(admin.get(SECRETS + "/robot-token").json().at(
                "/metadata/annotations/kubernetes.io~1service-account.uid").asText()).isEqualTo(uid);
    }

    @Test
    void a_token_dies_with_its_secret_with_another_content_and_when_marked() {
        uid(account("short"));
        uid(secret("deleted", "short"));
        uid(secret("changed", "short"));
        uid(secret("marked", "short"));
        String deleted = token("deleted");
        String changed = token("changed");
        String marked = token("marked");
        assertThat(List.of(who(deleted).code(), who(changed).code(), who(marked).code())).containsOnly(201);

        admin.delete(SECRETS + "/deleted");
        admin.merge(SECRETS + "/changed", "{\"data\":{\"token\":\"" + Base64.getEncoder().encodeToString(marked
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII)) + "\"}}");
        admin.merge(SECRETS + "/marked",
                "{\"metadata\":{\"labels\":{\"kubernetes.io/legacy-token-invalid-since\":\"2026-01-01\"}}}");

        assertThat(List.of(who(deleted).code(), who(changed).code(), who(marked).code())).containsOnly(401);
    }

    @Test
    void secrets_go_with_their_account_and_one_of_nobody_goes_at_once() {
        uid(account("leaving"));
        uid(secret("of-leaving", "leaving"));
        String token = token("of-leaving");
        admin.delete(ACCOUNTS + "/leaving");

        assertThat(who(token).code()).isEqualTo(401);
        await().atMost(PATIENCE).until(() -> admin.get(SECRETS + "/of-leaving").code() == 404);
        uid(secret("of-nobody", "nobody"));
        await().atMost(PATIENCE).until(() -> admin.get(SECRETS + "/of-nobody").code() == 404);
        assertThat(secret("unnamed", "").code()).isEqualTo(422);
    }

    @Test
    void a_key_that_was_replaced_verifies_what_it_signed_and_is_published() {
        String uid = uid(account("old-timer"));
        long now = java.time.Instant.now().getEpochSecond();
        String token = earlier.sign(new ServiceAccountTokens.Claims("default", "old-timer", uid, "", "", "", "", "", "",
                List.of(ServiceAccountTokens.ISSUER), "one", now, now, now + 600, 0));

        assertThat(who(token).json().at("/status/userInfo/username").asText()).isEqualTo(
                "system:serviceaccount:default:old-timer");
        JsonNode keys = admin.get("/openid/v1/jwks").json().path("keys");
        assertThat(keys.findValuesAsText("kid")).doesNotHaveDuplicates().hasSize(2);
        String fresh = admin.post(ACCOUNTS + "/old-timer/token", "{\"spec\":{}}").json().at("/status/token").asText();
        String head = new String(Base64.getUrlDecoder().decode(fresh.substring(0, fresh.indexOf('.'))),
                java.nio.charset.StandardCharsets.US_ASCII);
        assertThat(head).contains(keys.path(0).path("kid").asText());
    }

    @Test
    void a_token_is_good_within_its_time_for_whom_it_was_made_and_for_the_account_it_was_made_of() {
        String uid = uid(account("timed"));
        long now = java.time.Instant.now().getEpochSecond();

        assertThat(who(signed(uid, ServiceAccountTokens.ISSUER, now - 60, now + 60)).code()).isEqualTo(201);
        assertThat(who(signed(uid, ServiceAccountTokens.ISSUER, now - 600, now - 1)).code()).as("over").isEqualTo(401);
        assertThat(who(signed(uid, ServiceAccountTokens.ISSUER, now + 300, now + 600)).code()).as("early").isEqualTo(
                401);
        assertThat(who(signed(uid, "somebody-else", now - 60, now + 60)).code()).as("audience").isEqualTo(401);
        assertThat(who(signed("another", ServiceAccountTokens.ISSUER, now - 60, now + 60)).code()).as("uid").isEqualTo(
                401);
    }

    private static String signed(String uid, String audience, long from, long until) {
        return earlier.sign(new ServiceAccountTokens.Claims("default", "timed", uid, "", "", "", "", "", "", List.of(
                audience), "one", from, from, until, 0));
    }

    @Test
    void a_body_names_what_the_path_names_and_a_pods_unspoken_time_is_stretched() {
        uid(account("bound"));
        assertThat(admin.post(ACCOUNTS + "/bound/token", "{\"metadata\":{\"name\":\"other\"}}").json().path("message")
                .asText()).isEqualTo("TokenRequest.authentication.k8s.io \"bound\" is invalid: metadata.name: Invalid "
                        + "value: \"other\": must match the service account name if specified");
        assertThat(admin.post(ACCOUNTS + "/bound/token", "{\"metadata\":{\"namespace\":\"other\"}}").code()).isEqualTo(
                422);
        uid(admin.post(NAMESPACE + "pods", "{\"metadata\":{\"name\":\"user\"},\"spec\":{\"serviceAccountName\":"
                + "\"bound\",\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}"));
        String pod = "\"boundObjectRef\":{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"name\":\"user\"}";

        JsonNode stretched = claims("{\"spec\":{\"expirationSeconds\":3607," + pod + "}}");
        assertThat(stretched.path("exp").asLong() - stretched.path("iat").asLong()).isEqualTo(365L * 24 * 3600);
        assertThat(stretched.at("/kubernetes.io/warnafter").asLong() - stretched.path("iat").asLong()).isEqualTo(3607);
        for (String plain : List.of("{\"spec\":{\"expirationSeconds\":3607}}", "{\"spec\":{\"expirationSeconds\":3607,"
                + "\"audiences\":[\"vault\"]," + pod + "}}", "{\"spec\":{\"expirationSeconds\":3606," + pod + "}}")) {
            JsonNode claims = claims(plain);
            assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).as(plain).isBetween(3606L, 3607L);
            assertThat(claims.at("/kubernetes.io").has("warnafter")).isFalse();
        }
    }

    private static JsonNode claims(String request) {
        Answer made = admin.post(ACCOUNTS + "/bound/token", request);
        assertThat(made.code()).as(made.text()).isEqualTo(201);
        return io.logplane.schemas.model.Json.object(Base64.getUrlDecoder().decode(made.json().at("/status/token")
                .asText().split("\\.", -1)[1]));
    }
}
