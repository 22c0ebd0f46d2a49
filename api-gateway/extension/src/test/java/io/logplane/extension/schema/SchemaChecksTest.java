package io.logplane.extension.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.definitions.DefinitionRules.SchemaProblems;
import io.logplane.schemas.model.FieldError;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaChecksTest {
    private static final String BASE = "spec.validation.openAPIV3Schema";
    private static final String A = BASE + ".properties[a]";

    private static ObjectNode spec(String schema) {
        return Yaml.object("versions: [{name: v1, schema: {openAPIV3Schema: " + schema + "}}]");
    }

    private static String shown(List<FieldError> errors) {
        return String.join(" & ", errors.stream().map(error -> (error.field() + ": " + error.message()).replace(A, "A")
                .replaceFirst("^" + java.util.regex.Pattern.quote(BASE), "S")).toList());
    }

    private static List<FieldError> all(SchemaProblems problems) {
        return Stream.of(List.of(problems.first()), problems.versions(), List.of(problems.whole()))
                .flatMap(List::stream)
                .flatMap(List::stream).toList();
    }

    private static String judged(String property) {
        return shown(all(SchemaChecks.problems(spec("{type: object, properties: {a: " + property + "}}"))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "{type: string}|~~", "{type: array}|A.items: Required value: must be specified",
        "{}|A.type: Required value: must not be empty for specified object fields",
        "{type: array, items: {}}|A.items.type: Required value: must not be empty for specified array items",
        "{type: text}|A.type: Unsupported value: \"text\": supported values: \"array\", \"boolean\", \"integer\", "
                + "\"number\", "
                + "\"object\", \"string\"",
        "{type: integer, default: x}|A.default: Invalid value: \"string\":  in body must be of type integer: "
                + "\"string\"",
        "{type: object, default: {b: 1}, properties: {c: {type: string}}}|A.default: Invalid value: {\"b\":1}: must "
                + "not have "
                + "unknown fields",
        "{type: object, default: {c: 1}, properties: {c: {type: string}}}|A.default.c: Invalid value: \"integer\": c "
                + "in body "
                + "must be of type string: \"integer\"",
        "{type: array, default: [1], items: {type: string}}|A.default.[0]: Invalid value: \"integer\": [0] in body must be "
                + "of type string: \"integer\"",
        "{type: array, default: [7], items: {type: integer, x-kubernetes-validations: [{rule: self < 5}]}}|A.default[0]: "
                + "Invalid value: 7: failed rule: self < 5",
        "{type: array, default: [{}], items: {type: object, x-kubernetes-embedded-resource: true, "
                + "x-kubernetes-preserve-unknown-fields: true}}|A.default[0].apiVersion: Required value & "
                + "A.default[0].kind: Required value",
        "{type: integer, default: 7, x-kubernetes-validations: [{rule: self < 5}]}|A.default: Invalid value: 7: "
                + "failed rule: self < 5",
        "{type: string, anyOf: [{type: string}]}|A.anyOf[0].type: Forbidden: must be empty to be structural",
        "{type: string, allOf: [{description: d}]}|A.allOf[0].description: Forbidden: must be empty to be structural",
        "{type: string, pattern: \"(\"}|A.pattern: Invalid value: \"(\": must be a valid regular expression, but "
                + "isn't: error "
                + "parsing regexp: missing closing ): `(`",
        "{x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]}|~~",
        "{type: object, x-kubernetes-embedded-resource: true}|A.properties: Required value: must not be empty if "
                + "x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields",
        "{type: string, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}|A.type: "
                + "Invalid "
                + "value: \"string\": must be object if x-kubernetes-embedded-resource is true",
        "{type: object, properties: {b: {type: string}}, additionalProperties: {type: string}}|A.additionalProperties: "
                + "Forbidden: additionalProperties and properties are mutual exclusive",
        "{type: array, uniqueItems: true, items: {type: string}}|A.uniqueItems: Forbidden: uniqueItems cannot be set "
                + "to true "
                + "since the runtime complexity becomes quadratic",
        "{type: string, $ref: z}|A.$ref: Forbidden: $ref is not supported",
        "{type: object, x-kubernetes-preserve-unknown-fields: false}|A.x-kubernetes-preserve-unknown-fields: Invalid "
                + "value: "
                + "false: must be true or undefined",
        "{type: array, x-kubernetes-list-type: map, items: {type: object, properties: {k: {type: string}}}}|"
                + "A.x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map",
        "{type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], items: {type: object, "
                + "properties: {k: "
                + "{type: string}}}}|A.items.properties[k].default: Required value: this property is in "
                + "x-kubernetes-list-map-keys, so it must have a default or be a required property",
        "{type: array, x-kubernetes-list-type: set, items: {type: object}}|A.items.x-kubernetes-map-type: Invalid "
                + "value: "
                + "null: must be atomic as item of a list with x-kubernetes-list-type=set",
        "{type: string, x-kubernetes-list-type: set}|A.type: Invalid value: \"string\": must be array if "
                + "x-kubernetes-list-type is specified",
        "{type: array, x-kubernetes-list-type: bag, items: {type: string}}|A.x-kubernetes-list-type: Unsupported "
                + "value: "
                + "\"bag\": supported values: \"atomic\", \"set\", \"map\"",
        "{type: integer, x-kubernetes-validations: [{rule: \"\"}]}|A.x-kubernetes-validations[0].rule: Required "
                + "value: rule "
                + "is not specified",
        "{type: integer, x-kubernetes-validations: [{rule: self < 5, reason: "
                + "Odd}]}|A.x-kubernetes-validations[0].reason: "
                + "Unsupported value: \"Odd\": supported values: \"FieldValueDuplicate\", \"FieldValueForbidden\", "
                + "\"FieldValueInvalid\", \"FieldValueRequired\"",
        "{type: object, x-kubernetes-validations: [{rule: \"true\", fieldPath: "
                + ".b}]}|A.x-kubernetes-validations[0].fieldPath: "
                + "Invalid value: \".b\": must be a valid path",
        "{type: object, properties: {namespace: {type: integer}}, x-kubernetes-validations: [{rule: self.namespace > 0 "
                + "&& self.__namespace__ > 0}]}|~~",
        "{type: object, properties: {b: {type: string}}, additionalProperties: false}|A.additionalProperties: Forbidden: "
                + "additionalProperties and properties are mutual exclusive",
        "{type: object, x-kubernetes-map-type: future, properties: {b: {type: integer, x-kubernetes-validations: "
                + "[{rule: self == oldSelf}]}}}|A.x-kubernetes-map-type: Unsupported value: \"future\": supported values: "
                + "\"atomic\", \"granular\" & A.properties[b].x-kubernetes-validations[0].rule: Invalid value: \"self == "
                + "oldSelf\": oldSelf cannot be used on the uncorrelatable portion of the schema within A",
        "{type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true, properties: "
                + "{metadata: {type: object, properties: {name: {type: string, default: \"%\"}}}, kind: {type: string, "
                + "default: Fine}}}|A.properties[metadata].properties[name].default: Invalid value: \"%\": must result in "
                + "valid metadata: metadata.name: Invalid value: \"%\": may not contain '%'",
        "{type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true, default: "
                + "{metadata: {labels: {a: 1}}}}|A.default.metadata: Invalid value: {\"labels\":{\"a\":1}}: json: cannot "
                + "unmarshal number into Go struct field ObjectMeta.labels of type string",
        "{type: integer, x-kubernetes-validations: [{rule: self + 1}]}|A.x-kubernetes-validations[0].rule: Invalid "
                + "value: "
                + "{\"Rule\":\"self + "
                + "1\",\"Message\":\"\",\"MessageExpression\":\"\",\"Reason\":null,\"FieldPath\":\"\","
                + "\"OptionalOldSelf\":null}: cel expression must evaluate to a bool",
        "{type: integer, x-kubernetes-validations: [{rule: self + 1, messageExpression: self}]}|"
                + "A.x-kubernetes-validations[0].rule: Invalid value: {\"Rule\":\"self + 1\",\"Message\":\"\","
                + "\"MessageExpression\":\"self\",\"Reason\":null,\"FieldPath\":\"\",\"OptionalOldSelf\":null}: cel "
                + "expression must evaluate to a bool",
        "{type: integer, x-kubernetes-validations: [{rule: self < 5, optionalOldSelf: true}]}|"
                + "A.x-kubernetes-validations[0].optionalOldSelf: Invalid value: true: may not be set if oldSelf is "
                + "not used in "
                + "rule",
        "{type: array, items: {type: integer, x-kubernetes-validations: [{rule: self == oldSelf}]}}|"
                + "A.items.x-kubernetes-validations[0].rule: Invalid value: \"self == oldSelf\": oldSelf cannot be "
                + "used on the "
                + "uncorrelatable portion of the schema within A"})
    void a_schema_is_refused_in_the_words_of_upstream(String property, String problems) {
        assertThat(judged(property)).isEqualTo(problems);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "{type: string}|S.type: Invalid value: \"string\": must be object at the root",
        "{type: object, additionalProperties: {type: string}}|S.additionalProperties: Forbidden: must not be used at "
                + "the root",
        "{type: object, anyOf: [{properties: {b: {minLength: 1}}}]}|S.properties[b]: Required value: because it is "
                + "defined "
                + "in spec.validation.openAPIV3Schema.anyOf[0].properties[b]",
        "{type: object, nullable: true}|S.nullable: Forbidden: nullable cannot be true at the root",
        "{type: object, properties: {metadata: {type: object, properties: {labels: {type: object}}}}}|"
                + "S.properties[metadata]: Forbidden: must not specify anything other than name and generateName, "
                + "but metadata "
                + "is implicitly specified",
        "{type: object, properties: {metadata: {type: object, properties: {name: {type: string, maxLength: 5}}}}}|~~",
        "{type: object, properties: {kind: {type: string, default: K}}}|S.properties[kind].default: Forbidden: must "
                + "not be set "
                + "in top-level kind"})
    void the_root_of_a_schema_is_an_object_with_metadata(String schema, String problems) {
        assertThat(shown(all(SchemaChecks.problems(spec(schema))))).isEqualTo(problems);
    }

    @Test
    void what_is_wrong_is_told_of_the_version_or_of_the_whole() {
        ObjectNode spec = Yaml.object("""
                preserveUnknownFields: true
                versions:
                - {name: v1, schema: {openAPIV3Schema: {type: object, properties: {a: {type: string, default: x}}}},
                  additionalPrinterColumns: [{name: n, type: string}]}
                - {name: v2, schema: {openAPIV3Schema: {type: text}}, subresources: {status: {}},
                  additionalPrinterColumns: [{name: n, type: string}], selectableFields: [{}]}
                - {name: v3, additionalPrinterColumns: [{name: n, type: string}]}
                """);
        SchemaProblems found = SchemaChecks.problems(spec);
        assertThat(found.first()).extracting(FieldError::field).containsExactly(
                "spec.versions[2].schema.openAPIV3Schema", "spec.preserveUnknownFields");
        assertThat(found.versions()).extracting(SchemaChecksTest::shown).containsExactly("",
                "spec.versions[1].schema.openAPIV3Schema.type: Invalid value: \"text\": only \"object\" is allowed as the "
                        + "type at the root of the schema if the status subresource is enabled & "
                        + "spec.versions[1].schema.openAPIV3Schema.type: Invalid value: \"text\": must be object at the "
                        + "root & spec.versions[1].schema.openAPIV3Schema.type: Unsupported value: \"text\": supported "
                        + "values: \"array\", \"boolean\", \"integer\", \"number\", \"object\", \"string\" & "
                        + "spec.versions[1].selectableFields[0].jsonPath: Required value",
                "");
        assertThat(found.whole()).extracting(FieldError::field).containsExactly(
                "spec.additionalPrinterColumns[0].JSONPath");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "{type: object, nullable: true}|Forbidden: nullable cannot be true at the root",
        "{type: object, anyOf: [{required: [a]}]}|", "{type: object, title: t, default: {}, enum: [{}]}|"})
    void a_status_apart_wants_a_plain_root(String schema, String more) {
        ObjectNode spec = Yaml.object("versions: [{name: v1, schema: {openAPIV3Schema: " + schema + "}}, {name: v2, "
                + "schema: {openAPIV3Schema: " + schema + "}, subresources: {status: {}}}]");
        assertThat(shown(SchemaChecks.problems(spec).whole())).startsWith("S: Invalid value: {\"ID\":\"\",").contains(
                "\"XValidations\":null}: only [Description Type Format Title Maximum ExclusiveMaximum Minimum "
                        + "ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required "
                        + "Items Properties ExternalDocs Example XPreserveUnknownFields XValidations] fields are allowed "
                        + "at the root of the schema if the status subresource is enabled")
                .contains(more == null
                        ? ""
                        : more);
    }

    @Test
    void rules_that_may_cost_too_much_are_refused_when_they_are_made() {
        String rules = "x-kubernetes-validations: [{rule: \"self.all(x, self.all(p, x == p))\"}]";
        assertThat(judged("{type: array, items: {type: string}, " + rules + "}")).startsWith(
                "A.x-kubernetes-validations[0].rule: Forbidden: estimated rule cost exceeds budget by factor of more "
                        + "than 100x "
                        + "(try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, "
                        + "maps, and "
                        + "strings are declared)")
                .contains("entire OpenAPIv3 schema");
        assertThat(judged("{type: array, maxItems: 10, items: {type: string, maxLength: 10}, " + rules + "}"))
                .isEmpty();
        ObjectNode stored = spec(
                "{type: object, properties: {a: {type: array, maxItems: 2000, items: {type: integer}, " + rules
                        + "}}}");
        assertThat(shown(all(SchemaChecks.problems(stored))))
                .startsWith("A.x-kubernetes-validations[0].rule: Forbidden");
        assertThat(shown(all(SchemaChecks.problems(stored, Optional.of(stored))))).isEmpty();
    }

    @Test
    void views_are_paths_that_exist() {
        ObjectNode spec = Yaml
                .object("""
                        versions:
                        - name: v1
                          schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object,
                            properties: {num: {type: integer},
                            o: {type: object}}}}}}
                          subresources: {scale: {specReplicasPath: .n, statusReplicasPath: ""}}
                          additionalPrinterColumns: [{name: "", type: text, jsonPath: spec}]
                          selectableFields: [{jsonPath: .spec.num}, {jsonPath: .spec.num},
                            {jsonPath: .spec.o}, {jsonPath: .spec.q},
                            {jsonPath: "spec"}]
                        - name: v2
                        """);
        assertThat(all(SchemaChecks.problems(spec)).stream().map(error -> error.field() + ": " + error.message()))
                .containsExactly(
                        "spec.versions[1].schema.openAPIV3Schema: Required value",
                        "spec.versions[0].subresources.scale.specReplicasPath: Invalid value: \".n\": should be a "
                                + "json path under .spec",
                        "spec.versions[0].subresources.scale.statusReplicasPath: Required value",
                        "spec.versions[0].additionalPrinterColumns[0].name: Required value",
                        "spec.versions[0].additionalPrinterColumns[0].type: Invalid value: \"text\": must be one of "
                                + "boolean,date,integer,number,string",
                        "spec.versions[0].additionalPrinterColumns[0].JSONPath: Invalid value: \"spec\": must be a "
                                + "simple json path "
                                + "starting with .",
                        "spec.versions[0].selectableFields[1].jsonPath: Duplicate value: \".spec.num\"",
                        "spec.versions[0].selectableFields[2].jsonPath: Invalid value: \".spec.o\": must point to a "
                                + "field of type "
                                + "string, boolean or integer. Enum string fields and strings with formats are "
                                + "allowed.",
                        "spec.versions[0].selectableFields[3].jsonPath: Invalid value: \".spec.q\": is an invalid "
                                + "path: does not refer "
                                + "to a valid field",
                        "spec.versions[0].selectableFields[4].jsonPath: Invalid value: \"spec\": is an invalid path: "
                                + "expected [ or . but "
                                + "got: spec");
    }
}
