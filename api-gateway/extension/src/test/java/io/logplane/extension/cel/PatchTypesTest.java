package io.logplane.extension.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.logplane.extension.cel.DeclaredType.Scalar;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatchTypesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final CelEnvironment.Builder NAMES = CelEnvironment.builder().variable("object", Scalar.DYN);
    private static final CelEnvironment ENVIRONMENT = NAMES.buildForPatches();

    private static Object value(String expression) throws Exception {
        return switch (ENVIRONMENT.compile(expression).evaluate(Map.of("object", JsonValues.of(JSON.readTree(
                "{\"spec\":{\"replicas\":3,\"labels\":{\"a\":\"b\"}}}"))), Budget.ofRequest())) {
            case Evaluated.Value value -> value.value();
            case Evaluated.Failed failed -> throw new IllegalStateException(failed.message());
            case Evaluated.OverBudget over -> throw new IllegalStateException(over.message());
        };
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "Object{spec: Object.spec{replicas: object.spec.replicas + 1}}|{\"spec\":{\"replicas\":4}}",
        "Object{}|{}",
        "Object{spec: Object.spec{?none: optional.none(), ?some: optional.of(1)}}|{\"spec\":{\"some\":1}}",
        "Object{metadata: Object.metadata{labels: {'x/y': 'z'}}}|{\"metadata\":{\"labels\":{\"x/y\":\"z\"}}}",
        "Object{spec: Object.spec{all: object.spec.labels, list: [1, 2].map(i, i * 2), no: null}}"
                + "|{\"spec\":{\"all\":{\"a\":\"b\"},\"list\":[2,4],\"no\":null}}",
        "Object{c: [Object.c{name: 'x', ports: [Object.c.ports{port: 80}]}]}"
                + "|{\"c\":[{\"name\":\"x\",\"ports\":[{\"port\":80}]}]}",
        "Object{a: true ? Object.a{b: 1} : Object.a{}}|{\"a\":{\"b\":1}}",
        "[JSONPatch{op: 'add', path: '/a', value: Object.a{b: 1.5}}]"
                + "|[{\"op\":\"add\",\"path\":\"/a\",\"value\":{\"b\":1.5}}]",
        "[JSONPatch{op: 'move', from: '/a', path: '/b/' + jsonpatch.escapeKey('k8s.io/x~y')}]"
                + "|[{\"from\":\"/a\",\"op\":\"move\",\"path\":\"/b/k8s.io~1x~0y\"}]",
        "{'op': JSONPatch{op: 'o'}.op, 'unset': JSONPatch{}.from}|{\"op\":\"o\",\"unset\":\"\"}",
        "[has(JSONPatch{op: 'x'}.op), has(JSONPatch{}.op), has(JSONPatch{value: 1}.value), has(JSONPatch{}.value)]"
                + "|[true,false,true,false]",
        "[JSONPatch{} == JSONPatch{}, JSONPatch{op: 'a'} == JSONPatch{op: 'b'}, Object{a: 1} == Object{a: 1}]"
                + "|[true,false,true]"})
    void whatIsMadeIsJson(String expression, String json) throws Exception {
        assertThat(JsonValues.json(value(expression)).orElseThrow().toString()).isEqualTo(json);
    }

    @Test
    void aResultHasTheTypeItIsWrittenWith() {
        assertThat(ENVIRONMENT.compile("Object{}").typeName()).isEqualTo("Object");
        assertThat(ENVIRONMENT.compile("[JSONPatch{op: 'add'}]").typeName()).isEqualTo("list(JSONPatch)");
        assertThatThrownBy(() -> ENVIRONMENT.compile("Object.spec{}", "Object")).hasMessage(
                "must evaluate to Object but got Object.spec");
        assertThatThrownBy(() -> ENVIRONMENT.compile("{'a': 1}", "Object")).hasMessage(
                "must evaluate to Object but got map(string, int)");
    }

    @Test
    void whatAPatchDoesNotHaveDoesNotCompile() {
        assertThatThrownBy(() -> ENVIRONMENT.compile("[JSONPatch{operation: 'add'}]")).hasMessageContaining(
                "undefined field 'operation'");
        assertThatThrownBy(() -> ENVIRONMENT.compile("[JSONPatch{op: 1}]")).hasMessageContaining(
                "expected type of field 'op' is 'string' but provided type is 'int'");
        assertThatThrownBy(() -> ENVIRONMENT.compile("Other{}"))
                .hasMessageContaining("undeclared reference to 'Other'");
    }

    @Test
    void onlyMutationsMayMakeObjects() {
        assertThatThrownBy(() -> NAMES.build().compile("Object{}")).hasMessageContaining(
                "undeclared reference to 'Object'");
        assertThatThrownBy(() -> NAMES.build().compile("jsonpatch.escapeKey('a')")).hasMessageContaining("undeclared");
    }

    @Test
    void anObjectBelongsWhereItsNameSays() throws Exception {
        assertThat(Constructed.misplaced(value("Object{spec: Object.spec{selector: Object.spec.selector{}}}")))
                .isEmpty();
        assertThat(Constructed.misplaced(value("Object{list: [Object.list{x: {'k': Object.list.x{}}}]}"))).isEmpty();
        assertThat(Constructed.misplaced(value("Object{spec: Object.spec{selector: Object.spec.wrong{}}}"))).isEqualTo(
                "unexpected type name \"Object.spec.wrong\", expected \"Object.spec.selector\", which matches field "
                        + "name path from root Object type");
    }
}
