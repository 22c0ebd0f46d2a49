package io.logplane.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypeTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '§', value = {"application/json|application/json",
        "APPLICATION/Json|application/json", "application/json;|application/json",
        "application/json ; charset=utf-8|application/json", "application/json;a=\"b;c\\\"d\" ;e=f|application/json",
        "application|application", "*/*|*/*"})
    void isReadInLowerCaseWithoutItsParameters(String header, String type) {
        assertThat(MediaType.of(header)).hasValue(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "application/", "a/b/c", "a b/c", "application/json;;",
        "application/json; charset",
        "application/json;a=", "application/json;a=\"b", "application/json;a=b;a=c", "application/json;A=b;a=c",
        "application/json;a=b c", "application/json, text/plain"})
    void whatMakesNoSenseIsNoType(String header) {
        assertThat(MediaType.of(header)).isEmpty();
    }
}
