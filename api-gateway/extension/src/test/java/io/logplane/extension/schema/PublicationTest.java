package io.logplane.extension.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.StructType.Gvk;
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
                + "{type: object, required: [b, c], properties: {b: {type: string, nullable: true}, c: {type: string}}}",
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
        ObjectNode list = Publication.list(KIND, "CronTabList", "crontabs", false);
        assertThat(list.at("/properties/items/items/$ref").asText()).isEqualTo(
                "#/definitions/com.example.stable.v1.CronTab");
        assertThat(list.path("description").asText()).isEqualTo("CronTabList is a list of CronTab");
    }
}
