package io.logplane.extension.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.openapi.OpenApi;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.Rules;
import io.logplane.schemas.types.Subresource;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What is published of a custom type, against what the document builder of k8s.io/apiextensions-apiserver 0.36.4 made
/// of the same definition (`crontab-openapi.json`; descriptions are left out).
class CustomPathsTest {
    private static final String GROUP = "stable.example.com";
    private static final Set<String> CHANGES = Set.of("get", "patch", "update");
    private static final ResourceType TYPE = new ResourceType(GROUP, "v1", "CronTab", "crontabs", "crontab", List.of(),
            List.of(), true,
            Set.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"),
            List.of(new Subresource("status", GROUP, "v1", "CronTab", CHANGES), new Subresource("scale", "autoscaling",
                    "v1", "Scale", CHANGES)),
            List.of(), List.of(), Rules.NONE);
    private static final CustomSchema SCHEMA = CustomSchema.of(Yaml.object("""
            {type: object, properties: {
              spec: {type: object, properties: {replicas: {type: integer, example: 3}}},
              status: {type: object, properties: {replicas: {type: integer}}}}}"""));

    private final OpenApi api = new OpenApi(List.of(TYPE), "1.36", type -> Optional.of(SCHEMA));

    private static JsonNode recorded(String version) throws IOException {
        try (InputStream in = CustomPathsTest.class.getResourceAsStream("crontab-openapi.json")) {
            return Json.object(in.readAllBytes()).path(version);
        }
    }

    private static ObjectNode withoutDescriptions(JsonNode node) {
        ObjectNode copy = node.deepCopy();
        copy.findParents("description").stream().filter(parent -> parent.path("description").isTextual()).forEach(
                parent -> ((ObjectNode) parent).remove("description"));
        return copy;
    }

    @Test
    void version_three_is_what_upstream_builds() throws Exception {
        ObjectNode document = Json.object(api.v3("apis/" + GROUP + "/v1").orElseThrow().bytes());
        JsonNode expected = recorded("v3");
        assertThat(document.path("info")).isEqualTo(expected.path("info"));
        assertThat(document.path("components").fieldNames()).toIterable().containsExactly("schemas");
        assertThat(withoutDescriptions(document.at("/components/schemas/com.example.stable.v1.CronTab"))).isEqualTo(
                expected.path("kind"));
        assertSame(document.path("paths"), expected.path("paths"));
    }

    @Test
    void version_two_is_what_upstream_builds() throws Exception {
        ObjectNode document = Json.object(api.v2Json().bytes());
        JsonNode expected = recorded("v2");
        assertThat(withoutDescriptions(document.at("/definitions/com.example.stable.v1.CronTab"))).isEqualTo(expected
                .path("kind"));
        assertSame(document.path("paths"), expected.path("paths"));
    }

    /// Shape: `made` may have more paths, the server's own.
    private static void assertSame(JsonNode made, JsonNode expected) {
        assertThat(expected.size()).isEqualTo(5);
        expected.properties().forEach(path -> assertThat(withoutDescriptions(made.path(path.getKey()))).as(path
                .getKey()).isEqualTo(path.getValue()));
    }
}
