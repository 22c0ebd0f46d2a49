package io.logplane.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.representation.decode.YamlJson;
import io.logplane.schemas.model.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlTest {

    /// Source: what sigs.k8s.io/yaml 1.6 writes.
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '¦', quoteCharacter = '§', textBlock = """
            "plain text"¦plain text
            "true"¦"true"
            "y"¦"y"
            "1"¦"1"
            "0x1f"¦"0x1f"
            "1e3"¦"1e3"
            "2026-11-27T18:00:00Z"¦"2026-11-27T18:00:00Z"
            ""¦""
            "null"¦"null"
            "- a"¦'- a'
            "a: b"¦'a: b'
            "#x"¦'#x'
            "*"¦'*'
            "1.2.3"¦1.2.3
            {}¦{}
            []¦[]
            null¦null
            7¦7
            1.5¦1.5
            """)
    void textsAreQuotedWhereTheyWouldBeSomethingElse(String json, String yaml) {
        assertThat(written("{\"a\":" + json + "}")).isEqualTo("a: " + yaml + "\n");
    }

    @Test
    void linesStandInBlocksAndNumbersCountInNames() {
        assertThat(written("{\"f10\":1,\"f2\":[\"a\\nb\\n\",{\"k\":\"v\"}],\"Z\":1,\".\":2}")).isEqualTo("""
                .: 2
                Z: 1
                f2:
                - |
                  a
                  b
                - k: v
                f10: 1
                """);
    }

    @Test
    void longLinesAreFoldedBetweenWords() {
        String words = "word ".repeat(20).strip();
        assertThat(written("{\"a\":\"" + words + "\",\"b\":\"x: " + words + "\",\"c\":\"" + "A".repeat(100) + "\"}"))
                .isEqualTo("a: " + "word ".repeat(16).strip() + "\n  " + "word ".repeat(4).strip() + "\nb: 'x: "
                        + "word ".repeat(15).strip() + "\n  " + "word ".repeat(5).strip() + "'\nc: " + "A".repeat(100)
                        + "\n");
    }

    @Test
    void whateverIsWrittenReadsAsItWas() {
        String awkward = """
                {"t":[" lead","trail ","a\\n  b\\n","\\n","x\\t","é☃","\\u0000","\\u0085","a\\u2028b",
                "a #b","'q'","\\"","\\\\",
                "[x]","{x}","?","-","~","=","12:30","0o7","+1",".5","a\\n\\nb","%d"],
                "n":[0,-1,1.5,9007199254740993,true,false,null]}""";
        JsonNode tree = Json.object(awkward.getBytes(StandardCharsets.UTF_8));

        assertThat(Json.object(YamlJson.convert(Yaml.of(tree)).json())).isEqualTo(tree);
    }

    private static String written(String json) {
        return new String(Yaml.of(Json.object(json.getBytes(StandardCharsets.UTF_8))), StandardCharsets.UTF_8);
    }
}
