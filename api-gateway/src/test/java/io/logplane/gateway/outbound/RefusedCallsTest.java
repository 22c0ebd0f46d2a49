package io.logplane.gateway.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusedCallsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "400|x|the server rejected our request for an unknown reason", "403|not you|not you",
        "404|x|the server could not find the requested resource", "406|json only|json only",
        "406|unknown|the server was unable to respond with a content type that the client supports",
        "500|a \"b\"|an error on the server (\"a \\\"b\\\"\") has prevented the request from succeeding",
        "503|x|the server is currently unable to handle the request",
        "302|x|the server responded with the status code 302 but did not return more information"})
    void a_refused_call_is_told_in_the_words_of_upstream(int code, String said, String words) {
        assertThat(RefusedCalls.text(code, said)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"400|x|false", "429|x|true", "500|x|true", "502|x|true",
        "503|x|false", "504|x|true", "500|{\"status\":\"Failure\",\"reason\":\"Forbidden\",\"code\":500}|false",
        "503|{\"status\":\"Failure\",\"reason\":\"Timeout\"}|true",
        "503|{\"status\":\"Failure\",\"details\":{\"retryAfterSeconds\":1}}|true"})
    void what_may_be_better_a_moment_later_is_upstreams_choice(int code, String body, boolean passing) {
        assertThat(RefusedCalls.passing(code, body.getBytes(StandardCharsets.UTF_8))).isEqualTo(passing);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"apiVersion\":\"v1\",\"kind\":\"Status\",\"status\":\"Failure\",\"message\":\"said\"}|said",
        "{\"status\":\"Failure\",\"message\":\"bare\"}|bare", "{\"status\":\"Success\",\"message\":\"said\"}|",
        "{\"kind\":\"Other\",\"apiVersion\":\"v1\",\"status\":\"Failure\"}|", "{\"a\":1}|", "words|"})
    void a_status_speaks_for_itself(String body, String words) {
        assertThat(RefusedCalls.status(body.getBytes(StandardCharsets.UTF_8))).isEqualTo(Optional.ofNullable(words));
    }
}
