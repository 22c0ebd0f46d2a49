package io.logplane.extension.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import io.logplane.representation.decode.Malformed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PruneAndDefaultTest {
    private static final String SCHEMA = """
            type: object
            properties:
              metadata: {type: object}
              spec:
                type: object
                default: {}
                properties:
                  size: {type: integer, default: 3}
                  name: {type: string, nullable: true, default: x}
                  mode: {type: string}
                  list:
                    type: array
                    items: {type: object, properties: {a: {type: string, default: q}}}
                  open: {type: object, x-kubernetes-preserve-unknown-fields: true,
                    properties: {inner: {type: object, properties: {k: {type: string}}}}}
                  map: {type: object, additionalProperties: {type: object, properties: {k: {type: string}}}}
                  free: {type: object, additionalProperties: true}
                  openList: {type: array, x-kubernetes-preserve-unknown-fields: true,
                    items: {type: object, properties: {a: {type: object}}}}
                  pod: {type: object, x-kubernetes-embedded-resource: true, properties: {spec: {type: object}}}
            """;
    private final CustomSchema schema = CustomSchema.of(Yaml.object(SCHEMA));

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "{size: 1, x: 1, w: {z: 1}}|{size: 1}|[spec.w, spec.x]",
        "{list: [{a: b, b: 1}, {c: 1}]}|{list: [{a: b}, {}]}|[spec.list[0].b, spec.list[1].c]",
        "{open: {any: {x: 1}, inner: {k: v, l: 1}}}|{open: {any: {x: 1}, inner: {k: v}}}|[spec.open.inner.l]",
        "{map: {one: {k: v, z: 1}, two: {}}}|{map: {one: {k: v}, two: {}}}|[spec.map.one.z]",
        "{free: {a: 1, b: {c: 1}}}|{free: {a: 1, b: {}}}|[spec.free.b.c]",
        "{openList: [{a: {x: 1}, b: 1}, 3]}|{openList: [{a: {}, b: 1}, 3]}|[spec.openList[0].a.x]",
        "{pod: {apiVersion: v1, kind: Pod, metadata: {name: x}, spec: {a: 1}, status: 1}}|"
                + "{pod: {apiVersion: v1, kind: Pod, metadata: {name: x}, spec: {}}}|[spec.pod.spec.a, "
                + "spec.pod.status]",
        "{mode: null, name: null, size: null}|{name: null, size: null}|[]"})
    void what_a_schema_does_not_know_is_taken_out(String before, String after, String paths) {
        ObjectNode object = Yaml.object("apiVersion: a/v1\nkind: K\nmetadata: {name: x}\nspec: " + before);
        List<String> texts = schema.prune(object);
        schema.dropNulls(object);
        assertThat(object).isEqualTo(Yaml.object("apiVersion: a/v1\nkind: K\nmetadata: {name: x}\nspec: " + after));
        assertThat(texts).hasToString(paths.equals("[]")
                ? paths
                : paths.replace("[spec", "[unknown field \"spec").replace(", spec", "\", unknown field \"spec")
                        .replaceFirst(
                                "]$", "\"]"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "{}|{spec: {size: 3, name: x}}", "{spec: {}}|{spec: {size: 3, name: x}}",
        "{spec: {size: null, name: null}}|{spec: {size: 3, name: null}}",
        "{spec: {size: 1, name: a, list: [{}, {a: b}]}}|{spec: {size: 1, name: a, list: [{a: q}, {a: b}]}}"})
    void what_is_left_out_gets_its_default(String before, String after) {
        ObjectNode object = Yaml.object(before);
        schema.applyDefaults(object);
        assertThat(object).isEqualTo(Yaml.object(after));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "{apiVersion: v1, metadata: {name: x, ownerReferences: [{name: o, odd: 1}], creationTimestamp: null}}|"
                + "{apiVersion: v1, metadata: {name: x, ownerReferences: [{apiVersion: \"\", kind: \"\", name: o, uid: \"\"}]}}|[unknown field "
                + "\"spec.pod.metadata.ownerReferences[0].odd\"]",
        "{kind: 5}||spec.pod.kind: Invalid value: 5: must be a string",
        "{metadata: {labels: x}}||spec.pod.metadata: Invalid value: {\"labels\":\"x\"}: json: cannot unmarshal string into "
                + "Go struct field ObjectMeta.labels of type map[string]string"})
    void metadata_of_objects_inside_is_read_as_any_other(String pod, String read, String told) {
        ObjectNode object = Yaml.object("{spec: {pod: " + pod + "}}");
        if (read == null) {
            assertThatThrownBy(() -> schema.readEmbedded(object)).isInstanceOf(Malformed.class).hasMessage(told);
        } else {
            assertThat(schema.readEmbedded(object)).hasToString(told);
            assertThat(object).isEqualTo(Yaml.object("{spec: {pod: " + read + "}}"));
        }
    }

    @Test
    void pruning_what_was_pruned_and_filled_in_changes_nothing() {
        ObjectNode object = Yaml.object("{spec: {x: 1, list: [{z: 1}], open: {q: 1}, size: null}}");
        schema.prune(object);
        schema.applyDefaults(object);
        ObjectNode once = object.deepCopy();
        assertThat(schema.prune(object)).isEmpty();
        schema.applyDefaults(object);
        assertThat(object).isEqualTo(once);
    }

    @Test
    void no_schema_allows_only_metadata() {
        ObjectNode object = Yaml.object("{kind: K, metadata: {name: x}, spec: {}}");
        assertThat(CustomSchema.of(Yaml.value("null")).prune(object)).containsExactly("unknown field \"spec\"");
        assertThat(object).isEqualTo(Yaml.object("{kind: K, metadata: {name: x}}"));
    }
}
