package io.logplane.schemas.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logplane.schemas.Samples;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorsTest {
    private static final Map<String, String> WEB = Map.of("app", "web", "n", "3");

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"app=web|true", "app==web|true", "app!=web|false", "app|true", "!app|false",
        "!x|true", "app in (web,db)|true", "app in (db)|false", "app notin (db)|true", "x notin (db)|true",
        "x!=y|true", "n>2|true", "n<2|false", "n>3|false", "app=web,n=3|true", "app=web , n=4|false", "''|true",
        "app in ()|false", "x in ()|false", "app=|false", "in|false", "in=in|false", "notin notin (a)|true"})
    void aQuerySelectsByLabels(String query, boolean selected) {
        assertThat(LabelSelector.parse(query).matches(WEB)).isEqualTo(selected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "==|found '==', expected: !, identifier, or 'end of string'",
        "n in 1|unable to parse requirement: found '1' expected: '('", "a,|found '', expected: identifier after ','",
        "a=b c|found 'c', expected: ',' or 'end of string'",
        "a in (b|unable to parse requirement: found '', expected: ',' or ')'",
        "a ~ b|unable to parse requirement: found '~', expected: in, notin, =, ==, !=, gt, lt",
        "a>x|unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must"
                + " be an integer"})
    void aBadQueryIsRefusedInUpstreamsWords(String query, String message) {
        assertThatThrownBy(() -> LabelSelector.parse(query)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void theQueryFormIsPrintedOrderedByKey() {
        assertThat(LabelSelector.parse("b=1,a in (y,x),!c,d")).hasToString("a in (x,y),b=1,!c,d");
        assertThat(LabelSelector.ofLabels(Map.of("z", "1", "a", "2"))).hasToString("a=2,z=1");
    }

    @Test
    void aListMayHoldTheEmptyValue() {
        for (String query : new String[]{"a in ()", "a in (,x)", "a in (x,)", "a in (x,,y)"}) {
            assertThat(LabelSelector.parse(query).matches(Map.of("a", ""))).as(query).isTrue();
            assertThat(LabelSelector.parse(query).matches(Map.of("a", "z"))).as(query).isFalse();
        }
    }

    @Test
    void anAbsentObjectSelectsNothingAndAnEmptyOneEverything() {
        var object = Samples.json("{'empty':{},'both':{'matchLabels':{'app':'web'},'matchExpressions':["
                + "{'key':'n','operator':'In','values':['3']},{'key':'x','operator':'DoesNotExist'}]}}");
        assertThat(LabelSelector.ofObject(object.path("absent")).matches(WEB)).isFalse();
        assertThat(LabelSelector.ofObject(object.path("empty")).matches(Map.of())).isTrue();
        LabelSelector both = LabelSelector.ofObject(object.path("both"));
        assertThat(both.matches(WEB)).isTrue();
        assertThat(both.matches(Map.of("app", "web"))).isFalse();
        assertThat(both).hasToString("app=web,n in (3),!x");
    }

    @Test
    void fieldSelectorsCompareAndUnescape() {
        FieldSelector selector = FieldSelector.parse("a=1,b!=x\\,y,c==");
        Map<String, String> values = Map.of("a", "1", "b", "z", "c", "");
        assertThat(selector.matches(p -> values.getOrDefault(p, ""))).isTrue();
        assertThat(selector.terms().get(1)).isEqualTo(new FieldSelector.Term("b", false, "x,y"));
        assertThat(selector.exactly("a")).contains("1");
        assertThatThrownBy(() -> FieldSelector.parse("bad"))
                .hasMessage("invalid selector: 'bad'; can't understand 'bad'");
        assertThat(FieldSelector.parse("").terms()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"b,a|invalid selector: 'b,a'; can't understand 'a'",
        "a=b=c|invalid field selector: unescaped character in value: 61",
        "a=\\x|invalid field selector: invalid escape sequence: \\x"})
    void fieldSelectorsAreRefusedAsGoRefusesThem(String text, String why) {
        assertThatThrownBy(() -> FieldSelector.parse(text)).hasMessage(why);
    }

    @Test
    void aPathIsNotUnescaped() {
        assertThat(FieldSelector.parse("a\\=b").terms()).containsExactly(new FieldSelector.Term("a\\", true, "b"));
    }

    @Test
    void allThatIsWrongWithAValueIsTold() {
        assertThatThrownBy(() -> LabelSelector.parse("a>\\")).hasMessageStartingWith("unable to parse requirement: "
                + "[values[0]: Invalid value: \"\\\\\": for 'Gt', 'Lt' operators, the value must be an integer, "
                + "values[0][a]: Invalid value: \"\\\\\": a valid label must be an empty string");
    }

    @ParameterizedTest
    @CsvSource({"0,0s", "-1,0s", "-3,<invalid>", "119,119s", "120,2m", "125,2m5s", "599,9m59s", "600,10m", "10799,179m",
        "10800,3h", "10860,3h1m", "28799,7h59m", "28800,8h", "32340,8h", "172799,47h", "172800,2d", "176400,2d1h",
        "691200,8d",
        "63072000,2y", "63158400,2y1d", "252288000,8y", "62985600,729d"})
    void durationsAreRoundedForPeople(long seconds, String text) {
        assertThat(HumanDuration.of(java.time.Duration.ofSeconds(seconds))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"1.2.3.4,true", "1.2.3,false", "300.1.1.1,false", "::1,true", "2001:db8::ffff,true", "::,true",
        "1:2:3:4:5:6:7:8,true", "1:2:3:4:5:6:7:8:9,false", "1::2::3,false", "::ffff:1.2.3.4,true", "01.2.3.4,false",
        "12345::,false", "'',false"})
    void addressesAreRecognised(String text, boolean address) {
        assertThat(IpAddresses.isAddress(text)).isEqualTo(address);
    }

    @ParameterizedTest
    @CsvSource({"*/5 * * * *,2026-11-20T12:01,2026-11-20T12:05", "0 0 * * *,2026-11-20T12:01,2026-11-21T00:00",
        "@hourly,2026-11-20T12:00,2026-11-20T13:00", "0 0 1 jan *,2026-11-20T12:00,2027-01-01T00:00",
        "30 9 * * mon-fri,2026-11-20T12:00,2026-11-23T09:30", "0 0 13 * fri,2026-11-20T12:00,2026-11-27T00:00",
        "0 0 29 2 *,2026-11-20T12:00,2028-02-29T00:00"})
    void schedulesKnowTheirNextTime(String schedule, String after, String next) {
        assertThat(CronSchedule.parse(schedule).next(java.time.LocalDateTime.parse(after)))
                .contains(java.time.LocalDateTime.parse(next));
    }

    @Test
    void anImpossibleDateIsNeverDueAndNonsenseIsRefused() {
        assertThat(CronSchedule.parse("0 0 30 2 *").next(java.time.LocalDateTime.parse("2026-11-20T12:00"))).isEmpty();
        assertThatThrownBy(() -> CronSchedule.parse("every day"))
                .hasMessage("expected exactly 5 fields, found 2: [every day]");
        assertThatThrownBy(() -> CronSchedule.parse("61 * * * *"))
                .hasMessage("end of range (61) above maximum (59): 61");
    }
}
