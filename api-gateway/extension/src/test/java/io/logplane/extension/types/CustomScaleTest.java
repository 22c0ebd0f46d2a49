package io.logplane.extension.types;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.ScalePaths;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CustomScaleTest {
    private static final ScalePaths PATHS = new ScalePaths("spec.n", "status.n", "status.s");

    private static ObjectNode object(String json) {
        return Json.object(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"{}|``",
        "{'spec':{'n':3},'status':{'n':3,'s':'a=b'}}|``", "{'spec':null,'status':{}}|``",
        "{'spec':{'n':-1}}|.spec.n: Invalid value: -1: should be a non-negative integer",
        "{'status':{'n':2147483648}}|.status.n: Invalid value: 2147483648: should be less than or equal to 2147483647",
        "{'spec':{'n':'x'}}|.spec.n: Invalid value: 0: .spec.n accessor error: x is of the type string, expected int64",
        "{'spec':{'n':1.5},'status':{'n':null}}|.spec.n: Invalid value: 0: .spec.n accessor error: 1.5 is of the type "
                + "float64, expected int64 & .status.n: Invalid value: 0: .status.n accessor error: <nil> is of the "
                + "type <nil>, expected int64",
        "{'spec':['a',{'c':true,'b':1e30}]}|.spec.n: Invalid value: 0: .spec.n accessor error: [a map[b:1e+30 c:true]] "
                + "is of the type []interface {}, expected map[string]interface{}",
        "{'status':{'s':{}}}|.status.s: Invalid value: \"\": .status.s accessor error: map[] is of the type "
                + "map[string]interface {}, expected string"})
    void what_a_scale_is_read_from_is_judged_in_the_words_of_upstream(String object, String problems) {
        assertThat(CustomScale.problems(object(object), PATHS).stream().map(error -> error.field() + ": " + error
                .message()).collect(Collectors.joining(" & "))).isEqualTo(problems);
    }

    @ParameterizedTest
    @CsvSource({"-1,0,0", "0,-1,1"})
    void a_status_is_judged_without_what_is_wanted(int wanted, int found, int problems) {
        ObjectNode object = object("{'spec':{'n':" + wanted + "},'status':{'n':" + found + "}}");
        assertThat(CustomScale.statusProblems(object, PATHS)).hasSize(problems);
        assertThat(CustomScale.problems(object, PATHS)).isNotEqualTo(List.of());
    }
}
