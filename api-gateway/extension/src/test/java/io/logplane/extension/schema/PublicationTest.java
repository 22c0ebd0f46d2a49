package io.logplane.extension.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.StructType.Gvk;
import io.logplane.representation.openapi.OpenApi;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.ResourceTypes;
import io.logplane.schemas.types.Rules;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublicationTest {
    private static final Gvk KIND = new Gvk("stable.example.com", "v1", "CronTab");

    private static ObjectNode published(String schema, boolean three) {
        return CustomSchema.of(Yaml.object(schema)).published(KIND, three);
    }

    private static ObjectNode property(String schema, boolean three) {
        return (ObjectNode) published("{type: object, properties: {a: " + schema + "}}", three).at("/properties/a");
    }

    /// From upstream's own table (openapi/v2/conversion_test.go, builder_test.go).
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "{type: string, nullable: true, minLength: 1}|{minLength: 1}|{type: string, nullable: true, minLength: 1}",
        "{type: object, nullable: true, properties: {b: {type: string}}}|{}|"
                + "{type: object, nullable: true, properties: {b: {type: string}}}",
        "{type: object, required: [b, c], properties: {b: {type: string, nullable: true}, c: {type: string}}}|"
                + "{type: object, required: [c], properties: {b: {}, c: {type: string}}}|"
                + "{type: object, required: [b, c], properties: {b: {type: string, nullable: true}, c: {type: "
                + "string}}}",
        "{type: object, x-kubernetes-preserve-unknown-fields: true, properties: {b: {type: string}}}|"
                + "{x-kubernetes-preserve-unknown-fields: true}|"
                + "{type: object, x-kubernetes-preserve-unknown-fields: true, properties: {b: {type: string}}}",
        "{type: array, nullable: true, items: {type: string}}|{}|{type: array, nullable: true, items: {type: string}}",
        "{x-kubernetes-int-or-string: true}|{x-kubernetes-int-or-string: true}|"
                + "{x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]}",
        "{type: integer, minimum: 1.0, default: 3, oneOf: [{maximum: 5}]}|{type: integer, minimum: 1}|"
                + "{type: integer, minimum: 1, default: 3, oneOf: [{maximum: 5}]}",
        "{type: object, additionalProperties: {type: string}}|{type: object, additionalProperties: {type: string}}|"
                + "{type: object, additionalProperties: {type: string}}"})
    void version_two_says_less_than_version_three(String schema, String two, String three) {
        assertThat(property(schema, false)).isEqualTo(Yaml.object(two));
        assertThat(property(schema, true)).isEqualTo(Yaml.object(three));
    }

    @Test
    void a_kind_and_its_list_have_the_head_of_every_object() {
        ObjectNode kind = published("{type: object, description: d, properties: {spec: {type: object}}}", true);
        assertThat(kind.path("properties").fieldNames()).toIterable().contains("apiVersion", "kind", "metadata",
                "spec");
        assertThat(kind.at("/properties/metadata/allOf/0/$ref").asText()).isEqualTo(
                "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
        assertThat(kind.path("x-kubernetes-group-version-kind")).isEqualTo(Yaml.value(
                "[{group: stable.example.com, kind: CronTab, version: v1}]"));
        assertThat(published("{type: object, x-kubernetes-preserve-unknown-fields: true}", false).has("properties"))
                .isFalse();
        ObjectNode list = CustomSchema.of(kind).publishedList(KIND, "CronTabList", "crontabs", false);
        assertThat(list.at("/properties/items/items/$ref").asText()).isEqualTo(
                "#/definitions/com.example.stable.v1.CronTab");
        assertThat(list.path("description").asText()).isEqualTo("CronTabList is a list of CronTab");
    }

    @Test
    void the_description_of_a_server_has_its_custom_types() throws Exception {
        CustomSchema schema = CustomSchema.of(Yaml.object("{type: object, properties: {spec: {type: object}}}"));
        ResourceType type = new ResourceType(KIND.group(), "v1", "CronTab", "crontabs", "crontab", List.of(), List.of(),
                true,
                Set.of("create", "get", "list", "patch", "watch"), List.of(), List.of(), List.of(), Rules.NONE);
        OpenApi plain = new OpenApi(ResourceTypes.ALL, "1.36", asked -> asked.equals(type)
                ? Optional.of(schema)
                : Optional.empty());
        String pods = plain.v3("api/v1").orElseThrow().hash();
        List<ResourceType> types = new ArrayList<>(ResourceTypes.ALL);
        types.add(type);
        OpenApi with = plain.with(types);
        ObjectNode document = Json.object(with.v3("apis/stable.example.com/v1").orElseThrow().bytes());
        assertThat(document.at("/components/schemas/com.example.stable.v1.CronTab/properties").has("spec")).isTrue();
        assertThat(document.path("paths").fieldNames()).toIterable().containsExactly(
                "/apis/stable.example.com/v1/crontabs", "/apis/stable.example.com/v1/namespaces/{namespace}/crontabs",
                "/apis/stable.example.com/v1/namespaces/{namespace}/crontabs/{name}");
        assertThat(document.at("/paths/~1apis~1stable.example.com~1v1~1namespaces~1{namespace}~1crontabs~1{name}/patch/"
                + "requestBody/content").fieldNames()).toIterable()
                .containsExactlyInAnyOrder("application/json-patch+json",
                        "application/merge-patch+json", "application/apply-patch+yaml");
        assertThat(with.v3("api/v1").orElseThrow().hash()).isEqualTo(pods);
        assertThat(new String(with.v3Index().bytes(), StandardCharsets.UTF_8))
                .contains("apis/stable.example.com/v1?hash=");
        assertThat(Json.object(with.v2Json().bytes()).path("definitions").has("com.example.stable.v1.CronTabList"))
                .isTrue();
    }
}
