package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.broker.pki.PemPair;
import io.logplane.gateway.ApiClient.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every way in but the plain one: front proxies. Over HTTPS with a real broker.
class AuthenticationTest {
    private static final String WHO = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

    @TempDir
    static Path directory;
    private static DevPlane plane;
    private static ApiClient admin;

    @BeforeAll
    static void start() throws Exception {
        plane = DevPlane.start(directory, 0);
        admin = client(plane.pki().admin());
        Awaitility.await().until(() -> admin.get("/readyz").code() == 200);
    }

    @AfterAll
    static void stop() {
        plane.close();
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
        assertThat(who(proxy, "X-Remote-User", "system:anonymous").at("/groups").size()).isZero();
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
