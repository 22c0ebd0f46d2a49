package io.logplane.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logplane.schemas.model.Refused;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryTest {

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {"a=1&b=2,`{a=[1], b=[2]}`", "a=1&a=2,`{a=[1, 2]}`", "a,{a=[]}",
        "a=,{a=[]}",
        "&&a=1&,{a=[1]}", "a=%zz&b=2,{b=[2]}", "%z=1&b=2,{b=[2]}", "a=1;b=2&c=3,{c=[3]}", "a=%41+b,{a=[A b]}",
        "a=b=c,{a=[b=c]}"})
    void aQueryIsReadAsGoReadsIt(String raw, String expected) {
        assertThat(Query.parse(Optional.of(raw)).values()).hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {"limit,``,invalid syntax", "limit=,``,invalid syntax",
        "limit=x&limit=1,x,invalid syntax", "limit=99999999999999999999,99999999999999999999,value out of range"})
    void aNumberThatIsThereIsANumber(String raw, String said, String why) {
        assertThatThrownBy(() -> Query.parse(Optional.of(raw)).number("limit")).isInstanceOf(Refused.class)
                .hasMessageContaining(
                        "strconv.ParseInt: parsing \"" + said + "\": " + why);
    }
}
