package io.logplane.extension.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.extension.schema.CustomSchema.Besides;
import io.logplane.schemas.model.FieldError;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidateTest {
    private static CustomSchema schema(String property) {
        return CustomSchema.of(Yaml.object("type: object\nproperties:\n  a: " + property));
    }

    private static String shown(List<FieldError> errors) {
        return String.join(" & ", errors.stream().map(error -> error.field() + ": " + error.message()).toList());
    }

    private static String judged(CustomSchema schema, String value) {
        return shown(schema.validate(Yaml.object("a: " + value), Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "{type: integer}|1|~~", "{type: integer}|1.0|~~",
        "{type: integer}|x|a: Invalid value: \"string\": a in body must be of type integer: \"string\"",
        "{type: integer}|1.5|a: Invalid value: \"number\": a in body must be of type integer: \"number\" & <nil>: Invalid "
                + "value: \"\": Checked value must be of type integer (default format) in a",
        "{type: integer, format: int32}|2147483648|<nil>: Invalid value: \"\": Checked value must be of type integer with "
                + "format int32 in a",
        "{type: number, format: float}|1.0e+39|<nil>: Invalid value: \"\": Checked value must be of type number with "
                + "format float in a",
        "{type: integer, format: int64}|1.5|a: Invalid value: \"float64\": a in body must be of type int64: "
                + "\"float64\" & <nil>: Invalid value: \"\": Checked value must be of type integer with format int64 in a",
        "{type: integer, nullable: true, enum: [1, null]}|null|a: Unsupported value: null: supported values: \"1\", "
                + "\"null\"",
        "{x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]}|5%|~~",
        "{type: string, format: duration}|in 3 days|~~", "{type: string, format: ipv4}|\"::ffff:1.2.3.4\"|~~",
        "{type: string, format: mac}|00005e005301|~~",
        "{type: number}|1|~~",
        "{type: string}|null|a: Invalid value: \"null\": a in body must be of type string: \"null\"",
        "{type: string, nullable: true}|null|~~",
        "{x-kubernetes-int-or-string: true}|5|~~", "{x-kubernetes-int-or-string: true}|5%|~~",
        "{x-kubernetes-int-or-string: true}|true|a: Invalid value: \"boolean\": a in body must be of type "
                + "integer,string: \"boolean\"",
        "{type: integer, maximum: 10}|11|a: Invalid value: 11: a in body should be less than or equal to 10",
        "{type: integer, minimum: 10, exclusiveMinimum: true}|10|a: Invalid value: 10: a in body should be greater "
                + "than 10",
        "{type: number, minimum: 0.5}|0.25|a: Invalid value: 0.25: a in body should be greater than or equal to 0.5",
        "{type: integer, multipleOf: 3}|7|a: Invalid value: 7: a in body should be a multiple of 3",
        "{type: string, pattern: \"^x+$\"}|xy|a: Invalid value: \"xy\": a in body should match '^x+$'",
        "{type: string, maxLength: 1}|xx|a: Too long: may not be more than 1 byte",
        "{type: string, minLength: 3}|xx|a: Invalid value: \"xx\": a in body should be at least 3 chars long",
        "{type: string, enum: [p, q]}|r|a: Unsupported value: \"r\": supported values: \"p\", \"q\"",
        "{type: integer, enum: [1, 2]}|3|a: Unsupported value: 3: supported values: \"1\", \"2\"",
        "{type: array, maxItems: 1, items: {type: string}}|[p, q]|a: Too many: 2: must have at most 1 item",
        "{type: array, minItems: 1, items: {type: string}}|[]|a: Invalid value: 0: a in body should have at least 1 "
                + "items",
        "{type: array, items: {type: string}}|[p, 2]|a[1]: Invalid value: \"integer\": a[1] in body must be of type "
                + "string: "
                + "\"integer\"",
        "{type: object, maxProperties: 1, additionalProperties: {type: string}}|{p: p, q: q}|a: Too many: 2: must "
                + "have at "
                + "most 1 item",
        "{type: object, minProperties: 2, additionalProperties: {type: string}}|{p: 1}|a: Invalid value: 1: a in body "
                + "should have at least 2 properties & a.p: Invalid value: \"integer\": a.p in body must be of type "
                + "string: \"integer\"",
        "{type: object, maxProperties: 0, required: [q], additionalProperties: {type: string}}|{p: p}|a: Too many: 1: "
                + "must have at most 0 items & a.q: Required value",
        "{type: object, required: [p], properties: {p: {type: string}}}|{}|a.p: Required value",
        "{type: object, additionalProperties: {type: string}}|{p: 1}|a.p: Invalid value: \"integer\": a.p in body "
                + "must be "
                + "of type string: \"integer\"",
        "{type: integer, oneOf: [{minimum: 5}, {minimum: 10}]}|12|<nil>: Invalid value: \"\": \"a\" must validate "
                + "one and "
                + "only one schema (oneOf). Found 2 valid alternatives",
        "{type: integer, anyOf: [{minimum: 5}, {maximum: 1}]}|3|<nil>: Invalid value: \"\": \"a\" must validate at "
                + "least one "
                + "schema (anyOf) & a: Invalid value: 3: a in body should be greater than or equal to 5",
        "{type: integer, allOf: [{minimum: 5}, {maximum: 9}]}|3|a: Invalid value: 3: a in body should be greater "
                + "than or "
                + "equal to 5 & <nil>: Invalid value: \"\": \"a\" must validate all the schemas (allOf)",
        "{type: integer, not: {minimum: 5}}|6|<nil>: Invalid value: \"\": \"a\" must not validate the schema (not)",
        "{type: array, x-kubernetes-list-type: set, items: {type: string}}|[p, q, p, p]|a[2]: Duplicate value: \"p\"",
        "{type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], items: {type: object, properties: "
                + "{k: {type: string}}}}|[{k: p}, {k: p}]|a[1]: Duplicate value: {\"k\":\"p\"}",
        "{type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}|{kind: 1-x, "
                + "metadata: {labels: {p: \"-\"}}}|a.apiVersion: Required value & a.kind: Invalid value: \"1-x\": "
                + "may have "
                + "mixed case, but should otherwise match: a DNS-1035 label must consist of lower case alphanumeric "
                + "characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. "
                + "'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?') & "
                + "a.metadata.labels: Invalid value: \"-\": a valid label must be an empty string or consist of "
                + "alphanumeric "
                + "characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. "
                + "'MyValue',  or "
                + "'my_value',  or '12345', regex used for validation is "
                + "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"})
    void values_are_judged_in_the_words_of_upstream(String schema, String value, String problems) {
        assertThat(judged(schema(schema), value)).isEqualTo(problems);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "uuid|123e4567-e89b-12d3-a456-426614174000|x", "ipv4|10.0.0.1|::1", "ipv6|::1|10.0.0.1",
        "cidr|10.0.0.0/8|10.0.0.0",
        "mac|00:00:5e:00:53:01|00:00", "email|a@b.c|a.b", "hostname|a.example.com|-a-", "uri|http://x.y/z|x y",
        "date|2024-02-29|2023-02-29", "date-time|2024-01-01T00:00:00Z|2024-01-01", "duration|1h30m|1x",
        "duration|2 days|days", "byte|YWJj|a", "quantity|10Gi|10Xi", "isbn10|0321751043|0321751044",
        "isbn13|978-0321751041|978-0321751042", "creditcard|4111-1111-1111-1111|4111-1111-1111-1112",
        "ssn|111-11-1111|111111111", "hexcolor|#fff|#ff", "rgbcolor|rgb(1, 2,255)|rgb(1,2,256)",
        "bsonobjectid|507f1f77bcf86cd799439011|507f", "k8s-short-name|a-b|A", "k8s-long-name|a.b|a..b"})
    void formats_are_those_of_upstream(String format, String good, String bad) {
        CustomSchema schema = schema("{type: string, format: " + format + "}");
        assertThat(judged(schema, "\"" + good + "\"")).isEmpty();
        assertThat(judged(schema, "\"" + bad + "\"")).isEqualTo("a: Invalid value: \"" + bad
                + "\": a in body must be of type " + format + ": \"" + bad + "\"");
        assertThat(judged(schema("{type: string, format: unheard-of}"), "x")).isEmpty();
    }

    private static String changed(CustomSchema schema, String old, String now) {
        return shown(schema.validate(Yaml.object("a: " + now), Optional.of(Yaml.object("a: " + old))));
    }

    @Test
    void what_did_not_change_is_not_judged_anew() {
        CustomSchema schema = schema("{type: object, properties: {x: {type: string, maxLength: 1}, n: {type: integer}, "
                + "l: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], items: {type: "
                + "object, "
                + "properties: {k: {type: string}, v: {type: string, maxLength: 1}}}}, "
                + "plain: {type: array, items: {type: string, maxLength: 1}}}}");
        assertThat(changed(schema, "{x: long, n: 1}", "{x: long, n: 2}")).isEmpty();
        assertThat(changed(schema, "{x: long}", "{x: longer}")).isEqualTo(
                "a.x: Too long: may not be more than 1 byte");
        assertThat(changed(schema, "{l: [{k: p, v: long}]}", "{l: [{k: q, v: z}, {k: p, v: long}]}")).isEmpty();
        assertThat(changed(schema, "{plain: [long]}", "{plain: [long, z]}")).isEqualTo(
                "a.plain[0]: Too long: may not be more than 1 byte");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "{rule: self.x < 5}|{x: 7}|a: Invalid value: failed rule: self.x < 5",
        "{rule: self.x < 5, message: \" too big \"}|{x: 7}|a: Invalid value: too big",
        "{rule: self.x < 5, messageExpression: \"'x is ' + string(self.x)\"}|{x: 7}|a: Invalid value: x is 7",
        "{rule: \"false\", reason: FieldValueDuplicate, fieldPath: .x, message: m}|{x: 7}|a.x: Duplicate value",
        "{rule: self.x < 5, messageExpression: \"''\", message: m}|{x: 7}|a: Invalid value: m",
        "{rule: self.x < 5, reason: FieldValueForbidden, fieldPath: .x, message: m}|{x: 7}|a.x: Forbidden: m",
        "{rule: self.x < 5, reason: FieldValueRequired, message: m}|{x: 7}|a: Required value: m",
        "{rule: self.x < 5, reason: FieldValueDuplicate}|{x: 7}|a: Duplicate value",
        "{rule: self.x / 0 == 1}|{x: 7}|a: Invalid value: \"object\": division by zero evaluating rule: self.x / 0 "
                + "== 1",
        "{rule: self.y == 1}|{x: 7}|a: Invalid value: \"object\": no such key: y evaluating rule: self.y == 1",
        "{rule: self.e + 1 > 5}|{e: p}|a: Invalid value: \"object\": 'no such overload': call arguments "
                + "did not match a supported operator, function or macro signature for rule: self.e + 1 > 5",
        "{rule: self.x == oldSelf.x}|{x: 7}|~~",
        "{rule: \"oldSelf.hasValue() ? true : self.x < 5\", optionalOldSelf: true}|{x: 7}|a: Invalid value: failed "
                + "rule: oldSelf.hasValue() ? true : self.x < 5",
        "{rule: \"self.l.all(i, self.l.all(j, self.l.all(k, self.l.all(m, i + j + k + m >= 0))))\"}|~{l: "
                + "[1,2,3,4,5,6,7,8,9,"
                + "10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25]}~|a: Invalid value: \"object\": 'operation "
                + "cancelled: "
                + "actual cost limit exceeded': no further validation rules will be run due to call cost exceeds "
                + "limit for "
                + "rule: self.l.all(i, self.l.all(j, self.l.all(k, self.l.all(m, i + j + k + m >= 0))))"})
    void rules_are_run(String rule, String value, String problems) {
        CustomSchema schema = schema("{type: object, x-kubernetes-validations: [" + rule
                + "], properties: {x: {type: integer}, \"y\": {type: integer}, e: {x-kubernetes-int-or-string: true}, "
                + "l: {type: array, items: {type: integer}}}}");
        assertThat(judged(schema, value)).isEqualTo(problems);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {"type: integer|7|7", "type: number|7.5|7.5",
        "type: boolean|true|true", "type: string|a\"b|\"a\\\"b\"", "x-kubernetes-int-or-string: true|5%|\"5%\"",
        "x-kubernetes-int-or-string: true|5|5", "type: array, items: {type: integer}|[1]|",
        "type: object, additionalProperties: {type: integer}|{p: 1}|"})
    void a_rule_that_does_not_hold_shows_the_value_but_of_an_object_or_a_list(String type, String value, String shown) {
        String rule = ", x-kubernetes-validations: [{rule: \"false\", message: m}, {rule: \"false\", reason: "
                + "FieldValueDuplicate}]}";
        String show = shown == null ? "" : ": " + shown;
        assertThat(judged(schema("{" + type + rule), value)).isEqualTo("a: Invalid value" + show
                + ": m & a: Duplicate value" + show);
    }

    @Test
    void rules_see_what_was_and_forgive_what_did_not_change() {
        CustomSchema schema = schema("{type: object, properties: {x: {type: integer, x-kubernetes-validations: ["
                + "{rule: self >= oldSelf, message: shrinks}, {rule: self < 5, message: big}]}, z: {type: integer}, "
                + "l: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], items: {type: "
                + "object, "
                + "properties: {k: {type: string}, v: {type: integer}}, x-kubernetes-validations: ["
                + "{rule: self.v == oldSelf.v, message: fixed}]}}}}");
        assertThat(changed(schema, "{x: 3}", "{x: 2}")).isEqualTo("a.x: Invalid value: 2: shrinks");
        assertThat(changed(schema, "{x: 7, z: 1}", "{x: 7, z: 2}")).isEmpty();
        assertThat(changed(schema, "{x: 7}", "{x: 8}")).isEqualTo("a.x: Invalid value: 8: big");
        assertThat(changed(schema, "{l: [{k: p, v: 1}]}", "{l: [{k: q, v: 9}, {k: p, v: 2}]}")).isEqualTo(
                "a.l[1]: Invalid value: fixed");
        ObjectNode same = Yaml.object("{a: {x: 7, z: 2}}");
        assertThat(schema.judge(same, Optional.of(Yaml.object("{a: {x: 7, z: 1}}")), Besides.NOTHING)
                .warnings()).containsExactly(
                        "a.x: Invalid value: 7: big");
    }

    @Test
    void rules_wait_until_the_object_is_sound() {
        CustomSchema schema = CustomSchema
                .of(Yaml.object("{type: object, required: [a], properties: {a: {type: string}}, "
                        + "x-kubernetes-validations: [{rule: \"self.metadata.name == 'x'\"}]}"));
        assertThat(shown(schema.validate(Yaml.object("{metadata: {name: \"z\"}}"), Optional.empty()))).isEqualTo(
                "a: Required value & <nil>: Invalid value: null: some validation rules were not checked because "
                        + "the "
                        + "object was invalid; correct the existing errors to complete validation");
        assertThat(shown(schema.validate(Yaml.object("{a: p, metadata: {name: \"z\"}}"), Optional.empty()))).isEqualTo(
                "<nil>: Invalid value: failed rule: self.metadata.name == 'x'");
    }
}
