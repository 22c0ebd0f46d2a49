package io.logplane.extension.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnPathTest {
    private static final JsonNode OBJECT = Yaml.object("""
            spec: {replicas: 3, a.b: dotted, list: [{k: p, v: 1}, {k: q, v: 2}, {k: r, v: 3}], deep: {k: s}}
            status: {conditions: [{type: Ready, status: "True"}, {type: Other, status: "False"}]}
            """);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {".spec.replicas|[3]", ".spec.a\\.b|[\"dotted\"]",
        ".spec['a.b']|[\"dotted\"]", ".spec.list[0].k|[\"p\"]", ".spec.list[-1].k|[\"r\"]",
        ".spec.list[*].v|[1, 2, 3]", ".spec.list[0:2].v|[1, 2]", ".spec.list[1:].v|[2, 3]",
        "..k|[\"p\", \"q\", \"r\", \"s\"]",
        ".status.conditions[?(@.type==\"Ready\")].status|[\"True\"]",
        ".status.conditions[?(@.type=='Other')].status|[\"False\"]", ".spec.list[?(@.v>1)].k|[\"q\", \"r\"]",
        ".spec.list[?(@.nope)].k|[]", ".spec.nothing.at.all|[]", ".spec.deep.*|[\"s\"]"})
    void paths_find_what_upstreams_find(String path, String found) {
        assertThat(ColumnPath.of(path).find(OBJECT)).hasToString(found);
    }

    @Test
    void a_path_that_cannot_be_read_is_refused() {
        for (String path : new String[]{".a[", ".a[x]", "a", ".a['b]", ".."}) {
            assertThatThrownBy(() -> ColumnPath.of(path)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
