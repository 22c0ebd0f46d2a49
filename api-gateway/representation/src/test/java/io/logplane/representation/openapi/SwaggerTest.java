package io.logplane.representation.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SwaggerTest {
    private static final String OTHER = """
            {"paths": {
               "/apis/shop/v1/": {"get": {"responses": {"200": {"schema": {"$ref": "#/definitions/List"}}}}},
               "/apis/shop/v1/carts": {"parameters": [{"$ref": "#/parameters/pretty"}],
                 "get": {"responses": {"200": {"schema": {"$ref": "#/definitions/Cart"}}}}},
               "/apis/shop/v11/carts": {"get": {"responses": {"200": {"schema": {"$ref": "#/definitions/Old"}}}}}},
             "parameters": {"pretty": {"name": "pretty", "in": "query"}, "unused": {"name": "u"}},
             "definitions": {
               "List": {"properties": {"items": {"type": "array", "items": {"$ref": "#/definitions/Cart"}}}},
               "Cart": {"properties": {"metadata": {"$ref": "#/definitions/Meta"}, "$ref": {"type": "string"}}},
               "Meta": {"properties": {"name": {"type": "string"}}, "x-kubernetes-group-version-kind": [{"kind": "B"}]},
               "Old": {"type": "object"}}}
            """;

    private static ObjectNode tree(String text) {
        return Json.object(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode part() {
        return Swagger.part(tree(OTHER), "/apis/shop/v1");
    }

    @Test
    void aPartHasItsPathsAndWhatTheyReferTo() {
        assertThat(part().path("paths").fieldNames()).toIterable().containsExactly("/apis/shop/v1/",
                "/apis/shop/v1/carts");
        assertThat(part().path("definitions").fieldNames()).toIterable().containsExactlyInAnyOrder("List", "Cart",
                "Meta");
        assertThat(part().path("parameters").fieldNames()).toIterable().containsExactly("pretty");
    }

    @Test
    void whatIsDefinedAlikeIsThereOnceWithTheKindsOfBoth() {
        ObjectNode own = tree("""
                {"paths": {}, "definitions": {"Meta": {"properties": {"name": {"type": "string"}},
                 "x-kubernetes-group-version-kind": [{"kind": "A"}]}}}
                """);

        ObjectNode joined = Swagger.merged(own, List.of(part()));

        assertThat(joined.path("definitions").fieldNames()).toIterable().containsExactlyInAnyOrder("Meta", "List",
                "Cart");
        assertThat(joined.at("/definitions/Meta/x-kubernetes-group-version-kind")).isEqualTo(tree(
                "{\"x\": [{\"kind\": \"A\"}, {\"kind\": \"B\"}]}").path("x"));
    }

    /// Cart and List are as ours, but what they refer to is not.
    @Test
    void whatIsDefinedOtherwiseIsRenamedAndSoIsAllThatRefersToIt() {
        ObjectNode own = tree("""
                {"paths": {"/apis/shop/v1/": {"get": "ours"}},
                 "definitions": {"Meta": {"type": "string"}, "Meta_v2": {"type": "integer"},
                   "Cart": {"properties": {"metadata": {"$ref": "#/definitions/Meta"}, "$ref": {"type": "string"}}}}}
                """);

        ObjectNode joined = Swagger.merged(own, List.of(part()));

        assertThat(joined.at("/definitions/Meta/type").asText()).isEqualTo("string");
        assertThat(joined.at("/definitions/Meta_v3/properties/name/type").asText()).isEqualTo("string");
        assertThat(joined.at("/definitions/Cart_v2/properties/metadata/$ref").asText()).isEqualTo(
                "#/definitions/Meta_v3");
        assertThat(joined.at("/definitions/List/properties/items/items/$ref").asText()).isEqualTo(
                "#/definitions/Cart_v2");
        assertThat(joined.at("/paths/~1apis~1shop~1v1~1carts/get/responses/200/schema/$ref").asText()).isEqualTo(
                "#/definitions/Cart_v2");
        assertThat(joined.at("/paths/~1apis~1shop~1v1~1/get").asText()).isEqualTo("ours");
    }
}
