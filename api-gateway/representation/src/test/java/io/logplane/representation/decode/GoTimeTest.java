package io.logplane.representation.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What Go 1.26's `time.Parse` says of the same texts.
class GoTimeTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            2020-01-01T00:00:00Z                |2020-01-01T00:00:00Z
            2020-01-01T00:00:00.1Z              |2020-01-01T00:00:00.100Z
            2020-01-01T00:00:00.123456789+01:00 |2019-12-31T23:00:00.123456789Z
            2020-01-01T00:00:00,5Z              |2020-01-01T00:00:00.500Z
            2020-01-01T0:00:00Z                 |2020-01-01T00:00:00Z
            2020-01-01T00:00:00+24:00           |2019-12-31T00:00:00Z
            2020-01-01T00:00:00+23:60           |2019-12-31T00:00:00Z
            0000-01-01T00:00:00Z                |0000-01-01T00:00:00Z
            2020-01-01T00:00:00.Z               |as "2006-01-02T15:04:05Z07:00": cannot parse ".Z" as "Z07:00"
            2020-01-01T00:00:00                 |as "2006-01-02T15:04:05Z07:00": cannot parse "" as "Z07:00"
            2020-1-01T00:00:00Z                 |as "2006-01-02T15:04:05Z07:00": cannot parse "1-01T00:00:00Z" as "01"
            2020-01-01t00:00:00z                |as "2006-01-02T15:04:05Z07:00": cannot parse "t00:00:00z" as "T"
            2020-01-01T00:00:00+0100            |as "2006-01-02T15:04:05Z07:00": cannot parse "+0100" as "Z07:00"
            2020-01-01T00:00:0Z                 |as "2006-01-02T15:04:05Z07:00": cannot parse "0Z" as "05"
            99999-01-01T00:00:00Z               |as "2006-01-02T15:04:05Z07:00": cannot parse "9-01-01T00:00:00Z" as "-"
            2020-01-01T00:00:00.123456Zx        |: extra text: "x"
            2020-00-01T00:00:00Z                |: month out of range
            2020-02-30T00:00:00.000000Z         |: day out of range
            2020-02-28T24:00:00.000000Z         |: hour out of range
            2020-01-01T00:60:00Z                |: minute out of range
            2020-01-01T00:00:60.000000Z         |: second out of range
            """)
    void readsSeconds(String text, String instantOrRefusal) {
        check(GoTime::seconds, text, instantOrRefusal);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            2020-01-01T00:00:00.123456Z         |2020-01-01T00:00:00.123456Z
            2020-01-01T00:00:00,123456Z         |2020-01-01T00:00:00.123456Z
            2020-01-01T00:00:00Z        |as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Z" as ".000000"
            2020-01-01T00:00:00.1Z      |as "2006-01-02T15:04:05.000000Z07:00": cannot parse ".1Z" as ".000000"
            2020-01-01T00:00:00.1234567Z|as "2006-01-02T15:04:05.000000Z07:00": cannot parse "7Z" as "Z07:00"
            2020-01-01T00:00:00         |as "2006-01-02T15:04:05.000000Z07:00": cannot parse "" as ".000000"
            2020-02-30T00:00:00.000000Z |: day out of range
            """)
    void readsMicroseconds(String text, String instantOrRefusal) {
        check(GoTime::micros, text, instantOrRefusal);
    }

    private static void check(Function<String, Instant> read, String text, String instantOrRefusal) {
        String found;
        try {
            found = read.apply(text).toString();
        } catch (Malformed malformed) {
            found = malformed.text().replace("parsing time \"" + text + "\"", "").strip();
        }
        assertThat(found).isEqualTo(instantOrRefusal);
    }
}
