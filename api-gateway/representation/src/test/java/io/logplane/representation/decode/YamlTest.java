package io.logplane.representation.decode;

import static io.logplane.representation.Some.CONFIG_MAP;
import static io.logplane.representation.Some.json;
import static io.logplane.representation.Some.refusal;
import static io.logplane.representation.Some.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlTest {
    private final Decoder decoder = new Decoder();

    private Decoded decode(String yaml, FieldValidation mode) {
        return decoder.decode(utf8(yaml), "application/yaml", CONFIG_MAP, mode);
    }

    @Test
    void yaml_is_decoded_like_json() {
        assertThat(decode(
                "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cm\n  labels: &l {a: b}\n  annotations: *l\ndata:\n  k: 'v'\n"
                        + "  long: |\n    x\n    y\n---\nignored: true\n",
                FieldValidation.STRICT).object())
                .isEqualTo(json(
                        "{'kind':'ConfigMap','apiVersion':'v1','metadata':{'name':'cm','labels':{'a':'b'},'annotations':{'a':'b'}},"
                                + "'data':{'k':'v','long':'x\\ny\\n'}}"));
    }

    @Test
    void yaml_one_point_one_words_are_booleans() {
        assertThat(refusal(() -> decode("metadata:\n  name: y\n", FieldValidation.WARN)).message())
                .isEqualTo(
                        "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: json: cannot unmarshal bool into Go struct "
                                + "field ObjectMeta.metadata.name of type string");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '¦', quoteCharacter = '§', textBlock = """
            a: [¦yaml: line 1: did not find expected node content (613a205b)
            a: *x¦yaml: unknown anchor 'x' referenced (613a202a78)
            a: b: c¦yaml: mapping values are not allowed in this context (613a20623a2063)
            """)
    void broken_yaml_is_named(String yaml, String text) {
        assertThat(refusal(() -> decode(yaml, FieldValidation.WARN)).message())
                .isEqualTo("the object provided is unrecognized (must be of type ConfigMap): " + text);
    }

    @Test
    void duplicate_keys_are_strict_errors() {
        assertThat(decode("data:\n  a: x\n  a: z\n", FieldValidation.WARN).warnings())
                .containsExactly("line 3: key \"a\" already set in map");
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({"0x1f,31", "017,15", "1_000,1000", "1e3,1000", "1.5,1.5", "+7,7", "-0b11,-3", "off,false", "~,null",
        "2020-01-01,\"2020-01-01\"",
        "1.2.3,\"1.2.3\"", "-,\"-\"", "08,8", "12e,\"12e\""})
    void plain_scalars_have_types(String text, String json) {
        assertThat(YamlScalars.resolved(text).toString()).isEqualTo(json);
    }

    @Test
    void a_bomb_of_aliases_is_refused() {
        StringBuilder yaml = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 9; i++) {
            yaml.append("a").append(i).append(": &a").append(i).append(" [").append(("*a" + (i - 1) + ",").repeat(9))
                    .append("*a").append(i - 1)
                    .append("]\n");
        }
        assertThat(refusal(() -> decode(yaml.toString(), FieldValidation.WARN)).message())
                .contains("excessive aliasing");
        assertThat(refusal(() -> decode("[".repeat(50_000), FieldValidation.WARN)).code()).isEqualTo(400);
    }

    @Test
    void an_applied_body_keeps_what_it_says() {
        assertThat(decoder.decodeApply(utf8("kind: X\nspec: {a: null, b: 1}\n"), FieldValidation.STRICT).object())
                .isEqualTo(json("{'kind':'X','spec':{'a':null,'b':1}}"));
        assertThat(refusal(() -> decoder.decodeApply(utf8("a: ["), FieldValidation.WARN)).message())
                .isEqualTo(
                        "error decoding YAML: error converting YAML to JSON: yaml: line 1: did not find expected node content");
    }
}
