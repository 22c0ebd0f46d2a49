package io.logplane.extension.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.extension.schema.CustomSchema.Besides;
import io.logplane.extension.schema.CustomSchema.Findings;
import io.logplane.schemas.model.FieldError;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What was wrong before a schema grew stricter may stay as it is; what changes must fit.
class RatchetingTest {
    private static final CustomSchema SCHEMA = CustomSchema.of(Yaml.object("""
            type: object
            required: [spec]
            x-kubernetes-validations: [{rule: "!has(self.spec) || !has(self.spec.root)", message: root}]
            properties:
              status: {type: object, required: [ready], properties: {ready: {type: integer, maximum: 5}}}
              spec:
                type: object
                properties:
                  root: {type: boolean}
                  z: {type: integer}
                  form: {type: integer, maximum: 5}
                  rule: {type: integer, x-kubernetes-validations: [{rule: self < 5, message: big}]}
                  made: {type: integer, x-kubernetes-validations: [{rule: self < 5,
                    messageExpression: "string(self) + ' is big'"}]}
                  moved: {type: integer, x-kubernetes-validations: [{rule: "self < 5 && oldSelf < 99",
                    message: moves}]}
                  maybe: {type: integer, x-kubernetes-validations: [{rule: "self < 5 && oldSelf.orValue(0) < 99",
                    optionalOldSelf: true, message: maybe}]}
                  set: {type: array, x-kubernetes-list-type: set,
                    items: {type: integer, maximum: 8, x-kubernetes-validations: [{rule: self < 5, message: item}]}}
                  list: {type: array,
                    items: {type: integer, maximum: 8, x-kubernetes-validations: [{rule: self < 5, message: item}]}}
                  map: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k],
                    items: {type: object, properties: {k: {type: string}, v: {type: integer, maximum: 8},
                      w: {type: integer}}, x-kubernetes-validations: [{rule: "!has(self.v) || self.v < 5",
                      message: item}]}}
                  open: {type: object, x-kubernetes-preserve-unknown-fields: true,
                    x-kubernetes-validations: [{rule: "!has(self.v) || self.v < 5", message: open}],
                    properties: {v: {type: integer}}}
                  whole: {type: object, x-kubernetes-map-type: atomic, properties: {v: {type: integer,
                    x-kubernetes-validations: [{rule: self >= oldSelf, message: shrinks}]}}}
            """));

    private static String told(Findings found) {
        return String.join(" & ", Stream.concat(found.errors().stream().map(RatchetingTest::text), found.warnings()
                .stream().map(text -> "warned of " + text)).toList());
    }

    private static String text(FieldError error) {
        return error.field() + ": " + error.message();
    }

    private static ObjectNode object(String spec) {
        return Yaml.object("{metadata: {name: a}, spec: " + spec + "}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        // forms and rules of a value that did not change
        "{form: 9}|{form: 9, z: 1}|~~",
        "{form: 9}|{form: 8}|spec.form: Invalid value: 8: spec.form in body should be less than or equal to 5",
        "{rule: 9}|{rule: 9, z: 1}|warned of spec.rule: Invalid value: 9: big",
        "{rule: 9}|{rule: 8}|spec.rule: Invalid value: 8: big",
        "{z: 1}|{rule: 9}|spec.rule: Invalid value: 9: big",
        "{made: 9}|{made: 9, z: 1}|warned of spec.made: Invalid value: 9: 9 is big",
        // a rule that knows the old value judges for itself
        "{moved: 9}|{moved: 9, z: 1}|spec.moved: Invalid value: 9: moves",
        "{maybe: 9}|{maybe: 9, z: 1}|spec.maybe: Invalid value: 9: maybe",
        // sets and plain lists are one value, also where an item stays at its place
        "{set: [9]}|{set: [9], z: 1}|warned of spec.set[0]: Invalid value: 9: item",
        "{set: [7]}|{set: [7, 1]}|spec.set[0]: Invalid value: 7: item",
        "{set: [1, 9]}|{set: [9, 1]}|spec.set[0]: Invalid value: 9: spec.set[0] in body should be less than or equal "
                + "to 8 & spec.set[0]: Invalid value: 9: item",
        "{list: [7]}|{list: [7], z: 1}|warned of spec.list[0]: Invalid value: 7: item",
        "{list: [7]}|{list: [7, 1]}|spec.list[0]: Invalid value: 7: item",
        // items of maps are found by their keys
        "{map: [{k: a, v: 9}]}|{map: [{k: b}, {k: a, v: 9}]}|warned of spec.map[1]: Invalid value: item",
        "{map: [{k: a, v: 9}, {k: b}]}|{map: [{k: b}, {k: a, v: 9}]}|warned of spec.map[1]: Invalid value: item",
        "{map: [{k: a, v: 9}]}|{map: [{k: a, v: 9, w: 1}]}|spec.map[0]: Invalid value: item",
        "{map: [{k: a, v: 9}]}|{map: [{k: b, v: 9}]}|spec.map[0].v: Invalid value: 9: spec.map[0].v in body should "
                + "be less than or equal to 8 & spec.map[0]: Invalid value: item",
        // what the schema does not describe cannot be told to be the same
        "{open: {v: 9}}|{open: {v: 9}, z: 1}|warned of spec.open: Invalid value: open",
        "{open: {v: 9, u: 1}}|{open: {v: 9, u: 1}, z: 1}|spec.open: Invalid value: open",
        "{root: true}|{root: true}|<nil>: Invalid value: root",
        // old values are found inside of atomic objects too
        "{whole: {v: 3}}|{whole: {v: 2}}|spec.whole.v: Invalid value: 2: shrinks"})
    void an_update_is_judged_by_what_changed(String old, String now, String found) {
        assertThat(told(SCHEMA.judge(object(now), Optional.of(object(old)), Besides.NOTHING))).isEqualTo(found);
    }

    @Test
    void a_write_of_the_status_needs_a_sound_status_only() {
        ObjectNode old = Yaml.object("{metadata: {name: a}, other: 1}");
        ObjectNode now = Yaml.object("{metadata: {name: a}, other: 1, status: {ready: 9}}");
        assertThat(ofStatus(now, old)).isEqualTo(
                "status.ready: Invalid value: 9: ready in body should be less than or equal to 5");
        assertThat(ofStatus(Yaml.object("{status: {ready: 1}}"), old)).isEmpty();
        assertThat(ofStatus(Yaml.object("{status: 7}"), old)).startsWith(
                "status: Invalid value: \"integer\":  in body must be of type object: \"integer\"");
        assertThat(SCHEMA.validate(now, Optional.of(old))).extracting(RatchetingTest::text).contains(
                "spec: Required value");
        assertThat(ofStatus(Yaml.object("{status: {}}"), Yaml.object("{status: {}}"))).isEmpty();
        assertThat(ofStatus(Yaml.object("{spec: {root: true}, status: {ready: 1}}"), old)).isEqualTo(
                "<nil>: Invalid value: root");
    }

    private static String ofStatus(ObjectNode now, ObjectNode old) {
        return told(SCHEMA.judgeStatus(now, old, Besides.NOTHING));
    }

    @Test
    void the_schema_of_metadata_forgives_what_was_there_but_not_that_of_the_kind() {
        CustomSchema schema = CustomSchema.of(Yaml.object("{type: object, properties: {kind: {type: string, maxLength: "
                + "1}, metadata: {type: object, properties: {name: {type: string, maxLength: 1}}}}}"));
        ObjectNode old = Yaml.object("{kind: Kind, metadata: {name: name}}");
        assertThat(schema.validate(Yaml.object("{kind: Kind, metadata: {name: name, uid: u}}"), Optional.of(old)))
                .extracting(RatchetingTest::text).containsExactly("kind: Too long: may not be more than 1 byte");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {"FORBIDDEN|<nil>: Invalid value: root",
        "REQUIRED|<nil>: Invalid value: null: some validation rules were not checked because the object was "
                + "invalid; correct the existing errors to complete validation"})
    void what_is_wrong_besides_comes_after_the_values_and_may_keep_rules_from_running(FieldError.Type metadata,
            String rules) {
        Besides besides = new Besides(List.of(new FieldError(metadata, "metadata.name", "m")), List.of(new FieldError(
                FieldError.Type.INVALID, ".spec.replicas", "s")));
        assertThat(told(SCHEMA.judge(object("{root: true, form: 9}"), Optional.empty(), besides))).isEqualTo(
                "spec.form: Invalid value: 9: spec.form in body should be less than or equal to 5 & .spec.replicas: s & "
                        + rules);
    }
}
