package io.logplane.extension.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.apply.ManagedFields;
import io.logplane.representation.apply.ManagedFields.Writer;
import io.logplane.representation.apply.ServerSideApply;
import io.logplane.representation.apply.VersionedType;
import io.logplane.representation.decode.CustomBody;
import io.logplane.representation.decode.Decoded;
import io.logplane.representation.decode.FieldValidation;
import io.logplane.representation.patch.PatchType;
import io.logplane.representation.patch.Patches;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.Rules;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CustomResourceTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final ResourceType TYPE = new ResourceType("x.io", "v1", "Foo", "foos", "foo", List.of(), List.of(),
            true, Set.of(), List.of(), List.of(), List.of(), Rules.NONE);
    private static final CustomSchema SCHEMA = CustomSchema.of(Yaml.object("""
            type: object
            properties:
              spec:
                type: object
                properties:
                  size: {type: integer, default: 1}
                  name: {type: string}
                  labels: {type: object, additionalProperties: {type: string}}
                  whole: {type: object, x-kubernetes-map-type: atomic, additionalProperties: {type: string}}
                  ports: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [port, proto],
                    items: {type: object, properties: {port: {type: integer}, proto: {type: string, default: TCP},
                      note: {type: string}}}}
                  tags: {type: array, x-kubernetes-list-type: set, items: {type: string}}
                  list: {type: array, items: {type: string}}
                  any: {type: object, x-kubernetes-preserve-unknown-fields: true}
                  either: {x-kubernetes-int-or-string: true}
            """));

    private static final VersionedType VERSIONED = new VersionedType(TYPE, Optional.of(SCHEMA),
            apiVersion -> Optional.empty());

    private static String head(String rest) {
        return "{apiVersion: x.io/v1, kind: Foo, " + rest + "}";
    }

    private static Decoded decode(String body, FieldValidation mode) {
        return CustomBody.decode(body.getBytes(StandardCharsets.UTF_8), "application/yaml", TYPE, SCHEMA, mode);
    }

    private static ObjectNode apply(Optional<ObjectNode> live, String spec, String manager, boolean force) {
        return ServerSideApply.apply(live, Yaml.object(head("metadata: {name: a, namespace: ns}, spec: " + spec)),
                new Writer(manager, force, "", NOW), VERSIONED);
    }

    private static JsonNode fields(ObjectNode object, String manager) {
        for (JsonNode entry : object.path("metadata").path("managedFields")) {
            if (entry.path("manager").asText().equals(manager)) {
                return entry.path("fieldsV1");
            }
        }
        return Yaml.object("{}");
    }

    @Test
    void a_body_is_cut_filled_in_and_told_of() {
        Decoded read = decode(head("metadata: {name: a, nope: 1}, spec: {b: 1, name: x}, other: 2"),
                FieldValidation.WARN);
        assertThat(read.object().path("spec")).isEqualTo(Yaml.object("{name: x, size: 1}"));
        assertThat(read.object().path("metadata").path("name").asText()).isEqualTo("a");
        assertThat(read.object().has("other")).isFalse();
        assertThat(read.warnings()).containsExactly("unknown field \"metadata.nope\"", "unknown field \"other\"",
                "unknown field \"spec.b\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "{\"apiVersion\":\"x.io/v1\",\"kind\":\"Foo\",\"metadata\":{\"labels\":\"x\"}}|400|Foo in version \"v1\" "
                + "cannot be "
                + "handled as a Foo: json: cannot unmarshal string into Go struct field ObjectMeta.labels of type "
                + "map[string]string",
        "{\"apiVersion\":\"x.io/v2\",\"kind\":\"Foo\"}|400|the API version in the data (x.io/v2) does not match the "
                + "expected "
                + "API version (x.io/v1)",
        "{\"apiVersion\":\"x.io/v1\",\"kind\":\"Bar\",\"metadata\":{\"name\":\"a\"}}|422|Bar.x.io \"a\" is invalid: "
                + "kind: "
                + "Invalid value: \"Bar\": must be Foo",
        "{\"apiVersion\":\"x.io/v1\",\"kind\":\"Foo\",\"spec\":{\"name\":\"a\",\"name\":\"b\",\"q\":1}}|400|Foo in "
                + "version "
                + "\"v1\" cannot be handled as a Foo: strict decoding error: duplicate field \"spec.name\", unknown "
                + "field "
                + "\"spec.q\""})
    void a_body_that_does_not_fit_is_refused_as_upstream_does(String body, int code, String message) {
        assertThatThrownBy(() -> CustomBody.decode(body.getBytes(StandardCharsets.UTF_8), "application/json", TYPE,
                SCHEMA, FieldValidation.STRICT)).isInstanceOfSatisfying(Refused.class, refused -> {
                    assertThat(refused.refusal().code()).isEqualTo(code);
                    assertThat(refused.refusal().message()).isEqualTo(message);
                });
    }

    @Test
    void patches_merge_and_strategic_ones_are_refused() {
        ObjectNode live = Yaml.object(head("metadata: {name: a}, spec: {size: 3, name: x, any: {q: 1}}"));
        Decoded merged = new Patches().apply(PatchType.MERGE, live,
                "{\"spec\":{\"name\":null,\"any\":{\"r\":2},\"z\":1}}"
                        .getBytes(StandardCharsets.UTF_8),
                SCHEMA, FieldValidation.WARN);
        assertThat(merged.object().path("spec")).isEqualTo(Yaml.object("{size: 3, any: {q: 1, r: 2}}"));
        assertThat(merged.warnings()).containsExactly("unknown field \"spec.z\"");
        Decoded patched = new Patches().apply(PatchType.JSON, live,
                "[{\"op\":\"remove\",\"path\":\"/spec/size\"}]".getBytes(
                        StandardCharsets.UTF_8),
                SCHEMA, FieldValidation.STRICT);
        assertThat(patched.object().path("spec").path("size").asInt()).isEqualTo(1);
        assertThatThrownBy(() -> new Patches().apply(PatchType.STRATEGIC, live, "{}".getBytes(StandardCharsets.UTF_8),
                SCHEMA, FieldValidation.WARN)).isInstanceOfSatisfying(Refused.class,
                        refused -> assertThat(refused
                                .refusal().code()).isEqualTo(415));
    }

    @Test
    void appliers_own_what_the_schema_lets_them_own() {
        ObjectNode one = apply(Optional.empty(), "{labels: {a: b}, whole: {x: v}, ports: [{port: 80}], tags: [t], "
                + "list: [l], any: {deep: {er: [1]}}, either: 5}", "m1", false);
        assertThat(fields(one, "m1")).isEqualTo(Yaml.object("""
                {"f:spec":{"f:any":{"f:deep":{".":{},"f:er":{}}},"f:either":{},"f:labels":{"f:a":{}},"f:list":{},
                "f:ports":{"k:{\\"port\\":80,\\"proto\\":\\"TCP\\"}":{".":{},"f:port":{}}},
                "f:tags":{"v:\\"t\\"":{}},"f:whole":{}}}"""));
        assertThat(one.path("spec").path("size").asInt()).isEqualTo(1);
        assertThat(one.path("spec").path("ports").get(0).path("proto").asText()).isEqualTo("TCP");

        ObjectNode two = apply(Optional.of(one), "{labels: {c: d}, ports: [{port: 80, proto: UDP}], tags: [u], "
                + "any: {deep: {other: 1}}}", "m2", false);
        assertThat(two.path("spec").path("labels")).isEqualTo(Yaml.object("{a: b, c: d}"));
        assertThat(two.path("spec").path("ports")).hasSize(2);
        assertThat(two.path("spec").path("tags")).isEqualTo(Yaml.value("[t, u]"));
        assertThat(two.path("spec").path("any")).isEqualTo(Yaml.object("{deep: {er: [1], other: 1}}"));

        assertThatThrownBy(() -> apply(Optional.of(two), "{either: 6, list: [k]}", "m2", false))
                .isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.refusal().message()).isEqualTo(
                        "Apply failed with 2 conflicts: conflicts with \"m1\":\n- .spec.either\n- .spec.list"));

        ObjectNode three = apply(Optional.of(two), "{labels: {a: b}}", "m1", false);
        assertThat(three.path("spec")).isEqualTo(Yaml.object("{size: 1, labels: {a: b, c: d}, "
                + "ports: [{port: 80, proto: UDP}], tags: [u], any: {deep: {other: 1}}}"));
    }

    @Test
    void an_applied_object_must_fit_its_schema() {
        assertThatThrownBy(() -> apply(Optional.empty(), "{labels: 3, nope: 1}", "m", false)).isInstanceOfSatisfying(
                Refused.class, refused -> assertThat(refused.refusal().message()).isEqualTo(
                        "failed to create typed patch object (ns/a; x.io/v1, Kind=Foo): errors:\n"
                                + "  .spec.labels: expected map, got &{3}\n  .spec.nope: field not declared in "
                                + "schema"));
    }

    @Test
    void updates_are_booked_too() {
        ObjectNode created = Yaml.object(head("metadata: {name: a}, spec: {name: x, labels: {a: b}}"));
        ManagedFields.update(Optional.empty(), created, new Writer("c", false, "", NOW), VERSIONED);
        assertThat(fields(created, "c")).isEqualTo(Yaml.object(
                "{\"f:spec\":{\".\":{},\"f:labels\":{\".\":{},\"f:a\":{}},\"f:name\":{}}}"));
    }
}
