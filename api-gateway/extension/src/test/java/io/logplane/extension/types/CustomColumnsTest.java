package io.logplane.extension.types;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.Column;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CustomColumnsTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private static ObjectNode object(String json) {
        return Json.object(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static List<Column> columns(String... typesAndPaths) {
        StringBuilder all = new StringBuilder("{'additionalPrinterColumns':[");
        for (int i = 0; i < typesAndPaths.length; i += 2) {
            all.append(i == 0 ? "" : ",").append("{'name':'c','type':'").append(typesAndPaths[i])
                    .append("','jsonPath':'")
                    .append(typesAndPaths[i + 1]).append("'}");
        }
        return CustomColumns.of(object(all + "]}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"string|{}|null", "string|{'v':null}|<no value>",
        "integer|{'v':null}|null", "string|{'v':'x'}|x", "string|{'v':1e30}|1e+30", "string|{'v':true}|true",
        "string|{'v':['a<b',{'d':1,'c':null}]}|[\"a\\u003cb\",{\"c\":null,\"d\":1}]", "integer|{'v':1.9}|1",
        "integer|{'v':'1'}|null", "number|{'v':2}|2", "number|{'v':'2'}|null", "boolean|{'v':false}|false",
        "boolean|{'v':'no'}|null", "date|{'v':'2026-01-02T03:03:05Z'}|60s",
        "date|{'v':'2026-01-02T04:03:05+01:00'}|60s",
        "date|{'v':'2026-01-02'}|<invalid>", "date|{'v':''}|<unknown>", "date|{'v':'null'}|<unknown>",
        "date|{'v':'2026-01-02T03:05:05Z'}|<invalid>", "date|{'v':7}|null"})
    void a_cell_is_what_its_type_shows(String type, String object, String cell) {
        assertThat(columns(type, ".v").get(1).cell().apply(object(object), NOW)).hasToString(cell);
    }

    @Test
    void one_value_is_shown_of_several() {
        assertThat(columns("string", ".v[*]").get(1).cell().apply(object("{'v':[1,2]}"), NOW)).hasToString("1");
    }

    @Test
    void a_path_that_cannot_be_read_ends_the_columns() {
        assertThat(columns("string", ".a", "string", ".a[", "string", ".b")).extracting(Column::name).containsExactly(
                "Name", "c");
    }
}
