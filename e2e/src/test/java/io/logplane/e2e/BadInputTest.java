package io.logplane.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.Json;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Bad requests get upstream's status, reason and a metav1.Status; never a 5xx, never a write.
class BadInputTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    static Stream<Arguments> requests() {
        String nested = "{\"a\":".repeat(100_000);
        return Stream.of(Arguments.of("POST", MAPS, "application/json", "{", 400, "BadRequest"),
                Arguments.of("POST", MAPS, "application/json", nested, 400, "BadRequest"),
                Arguments.of("POST", MAPS, "application/json", "[]", 400, "BadRequest"),
                Arguments.of("POST", MAPS, "application/yaml", "a: [", 400, "BadRequest"),
                Arguments.of("POST", MAPS, "text/plain", "{}", 415, "UnsupportedMediaType"),
                Arguments.of("POST", MAPS, "application/json",
                        "{\"kind\":\"Secret\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"x\"}}", 400,
                        "BadRequest"),
                Arguments.of("POST", MAPS, "application/json", "{\"metadata\":{\"name\":\"Bad_Name\"}}", 422,
                        "Invalid"),
                Arguments.of("POST", MAPS + "?fieldValidation=Strict", "application/json",
                        "{\"metadata\":{\"name\":\"x\"},\"bogus\":1}", 400,
                        "BadRequest"),
                Arguments.of("POST", MAPS, "application/json",
                        "{\"metadata\":{\"name\":\"big\"},\"data\":{\"a\":\"" + "x".repeat(4_000_000)
                                + "\"}}",
                        413, "RequestEntityTooLarge"),
                Arguments.of("POST", "/api/v1/namespaces/absent/configmaps", "application/json",
                        "{\"metadata\":{\"name\":\"x\"}}", 404,
                        "NotFound"),
                Arguments.of("GET", MAPS + "/none", "", "", 404, "NotFound"),
                Arguments.of("GET", "/api/v1/namespaces/default/nonsense", "", "", 404, "NotFound"),
                Arguments.of("GET", MAPS + "?resourceVersion=abc", "", "", 400, "BadRequest"),
                Arguments.of("GET", MAPS + "?continue=garbage", "", "", 400, "BadRequest"),
                Arguments.of("GET", MAPS + "?labelSelector=%3D%3D", "", "", 400, "BadRequest"),
                Arguments.of("PATCH", MAPS + "/kube-root-ca.crt", "application/json", "{}", 415,
                        "UnsupportedMediaType"),
                Arguments.of("PUT", MAPS + "/other", "application/json", "{\"metadata\":{\"name\":\"x\"}}", 400,
                        "BadRequest"),
                Arguments.of("DELETE", MAPS + "/none", "", "", 404, "NotFound"));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void is_refused_in_upstreams_shape(String method, String path, String type, String body, int code, String reason) {
        Api api = new Api(Plane.shared());
        String before = revisionOfMaps(api);
        HttpResponse<String> response = api.send(method, path, type, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(code);
        JsonNode status = Json.object(response.body().getBytes(StandardCharsets.UTF_8));
        assertThat(status.path("kind").asText()).isEqualTo("Status");
        assertThat(status.path("reason").asText()).as(response.body()).isEqualTo(reason);
        assertThat(status.path("code").asInt()).isEqualTo(code);
        assertThat(revisionOfMaps(api)).isEqualTo(before);
    }

    /// Names and revisions of all ConfigMaps: what a stray write would change.
    private static String revisionOfMaps(Api api) {
        StringBuilder all = new StringBuilder();
        api.getJson("/api/v1/configmaps").path("items").forEach(
                item -> all.append(item.at("/metadata/name").asText())
                        .append(item.at("/metadata/resourceVersion").asText()).append(' '));
        return all.toString();
    }
}
