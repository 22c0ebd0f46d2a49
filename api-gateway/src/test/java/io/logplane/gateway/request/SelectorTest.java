package io.logplane.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorTest {
    private final ObjectNode labels = Json.newObject().put("app", "web").put("tier", "front").put("n", "7").put(
            "empty", "");

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"app=web|true", "app==web|true", "app!=web|false", "none!=x|true", "app|true",
        "!app|false", "!none|true", "app in (a,web)|true", "app notin (a,web)|false", "none notin (a)|true",
        "n>6|true", "n<7|false", "app=web,tier=back|false", "app=web,tier|true", "app in (web),!none|true", "''|true",
        "empty=|true", "app in (,web)|true", "x.y/z notin (q), app|true"})
    void labelsMatchAsUpstreamMatchesThem(String selector, boolean matches) {
        assertThat(LabelSelector.parse(selector).matches(labels)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"==|found '==', expected: !, identifier, or 'end of string'",
        "n in 1|unable to parse requirement: found '1' expected: '('",
        "a,|found '', expected: identifier after ','",
        "a b|unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"})
    void aBadLabelSelectorIsRefusedInUpstreamsWords(String selector, String message) {
        assertThatThrownBy(() -> LabelSelector.parse(selector)).isInstanceOf(Refused.class).hasMessage(message);
    }

    @Test
    void aFieldSelectorWithoutOperatorIsRefused() {
        assertThatThrownBy(() -> FieldSelector.parse("bad")).hasMessage(
                "invalid selector: 'bad'; can't understand 'bad'");
    }
}
