package io.logplane.representation.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.Some;
import io.logplane.representation.StructType;
import io.logplane.representation.TypeSchemas;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.ResourceTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class OpenApiTest {
    private final OpenApi api = new OpenApi(ResourceTypes.ALL, "v1.36.2");

    private ObjectNode v3(String path) {
        return Json.object(api.v3(path).orElseThrow().bytes());
    }

    @Test
    void every_patch_names_its_kind_and_field_validation() {
        List<String> wrong = new ArrayList<>();
        for (ResourceType type : ResourceTypes.ALL) {
            if (!type.verbs().contains("patch")) {
                continue;
            }
            ObjectNode paths = (ObjectNode) v3(
                    (type.group().isEmpty() ? "api/" : "apis/" + type.group() + "/") + type.version())
                    .get("paths");
            boolean found = false;
            for (JsonNode path : paths) {
                JsonNode patch = path.path("patch");
                found |= patch.path("x-kubernetes-group-version-kind").path("kind").asText().equals(type.kind())
                        && patch.path("parameters").findValuesAsText("name").contains("fieldValidation");
            }
            if (!found) {
                wrong.add(type.qualifiedName());
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void no_reference_leads_nowhere() {
        for (String path : List.of("api/v1", "apis/apps/v1", "apis/policy/v1", "apis/autoscaling/v2")) {
            ObjectNode document = v3(path);
            TreeSet<String> references = references(document);
            assertThat(references).isNotEmpty().allMatch(ref -> document.at(ref.substring(1)).isObject());
        }
        ObjectNode v2 = Json.object(api.v2Json().bytes());
        assertThat(references(v2)).allMatch(ref -> v2.at(ref.substring(1)).isObject());
    }

    @Test
    void the_index_names_every_document_with_its_hash() {
        JsonNode index = Json.object(api.v3Index().bytes());
        assertThat(index.at("/paths/apis~1apps~1v1/serverRelativeURL").asText())
                .isEqualTo("/openapi/v3/apis/apps/v1?hash=" + api.v3("apis/apps/v1").orElseThrow().hash());
        assertThat(index.at("/paths/api~1v1").isObject()).isTrue();
        assertThat(api.v3("apis/nope/v1")).isEmpty();
    }

    @Test
    void v3_says_what_stands_where_a_field_is_absent() {
        JsonNode schemas = v3("api/v1").at("/components/schemas");
        assertThat(v3("api/v1").at("/components/securitySchemes/BearerToken/type").asText()).isEqualTo("apiKey");
        JsonNode container = schemas.at("/io.k8s.api.core.v1.Container/properties");
        assertThat(container.at("/name/default").isTextual()).isTrue();
        assertThat(container.at("/image").has("default")).isFalse();
        assertThat(container.at("/args/items").toString()).isEqualTo("{\"type\":\"string\",\"default\":\"\"}");
        assertThat(container.at("/ports/items").toString()).isEqualTo("{\"allOf\":[{\"$ref\":"
                + "\"#/components/schemas/io.k8s.api.core.v1.ContainerPort\"}],\"default\":{}}");
        assertThat(schemas.at("/io.k8s.api.core.v1.ContainerStatus/properties/ready/default").isBoolean()).isTrue();
        assertThat(schemas.at("/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta/properties/creationTimestamp").has(
                "default")).isFalse(); // left out when it is zero
    }

    @Test
    void schemas_carry_list_keys_merge_keys_and_descriptions() {
        JsonNode spec = v3("api/v1").at("/components/schemas/io.k8s.api.core.v1.PodSpec");
        assertThat(spec.at("/properties/containers").toString()).contains("\"x-kubernetes-list-map-keys\":[\"name\"]")
                .contains("\"x-kubernetes-patch-merge-key\":\"name\"")
                .contains("\"description\":\"List of containers belonging to the pod.");
        assertThat(spec.path("required")).isEqualTo(Some.node("['containers']"));
        assertThat(spec.path("description").asText()).isEqualTo("PodSpec is a description of a pod.");
    }

    @Test
    void every_type_of_the_catalogue_has_a_field_table() {
        assertThat(ResourceTypes.ALL).allMatch(type -> TypeSchemas.builtIn().of(type).map(StructType::name).isPresent(),
                "a field table");
    }

    @Test
    void the_protobuf_form_of_v2_is_well_formed() throws Exception {
        var fields = com.google.protobuf.UnknownFieldSet.parseFrom(api.v2Protobuf().bytes());
        assertThat(fields.getField(1).getLengthDelimitedList().getFirst().toStringUtf8()).isEqualTo("2.0");
        var definitions = com.google.protobuf.UnknownFieldSet
                .parseFrom(fields.getField(9).getLengthDelimitedList().getFirst());
        assertThat(definitions.getField(1).getLengthDelimitedList()).hasSizeGreaterThan(400);
    }

    /// JSONSchemaProps has a property of that name too; it is no reference.
    private static TreeSet<String> references(ObjectNode document) {
        TreeSet<String> references = new TreeSet<>(document.findValuesAsText("$ref"));
        references.remove("");
        return references;
    }
}
