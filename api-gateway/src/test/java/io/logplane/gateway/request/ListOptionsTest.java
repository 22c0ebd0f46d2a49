package io.logplane.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logplane.schemas.model.Refused;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListOptionsTest {

    private static ListOptions parse(String query, boolean watch) {
        return ListOptions.parse(Query.parse(Optional.of(query)), watch);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"list|resourceVersionMatch=Exact|422",
        "list|resourceVersion=0&resourceVersionMatch=Exact|422", "list|resourceVersion=5&resourceVersionMatch=Exact|0",
        "list|resourceVersion=5&resourceVersionMatch=NotOlderThan|0", "list|resourceVersionMatch=NotOlderThan|422",
        "list|resourceVersion=5&resourceVersionMatch=Exact&continue=x|422", "list|resourceVersion=5&continue=x|400",
        "list|resourceVersion=0&continue=x|0", "list|sendInitialEvents=true|422", "list|resourceVersion=abc|400",
        "list|resourceVersion=-1|400", "list|limit=x|400", "list|limit=-1|0",
        "list|resourceVersion=1&resourceVersionMatch=Nope|422", "watch|sendInitialEvents=true|422",
        "watch|sendInitialEvents=true&resourceVersionMatch=NotOlderThan|0",
        "watch|resourceVersionMatch=NotOlderThan|422",
        "watch|sendInitialEvents=true&resourceVersionMatch=Exact|422", "watch|resourceVersion=x|500",
        "watch|resourceVersion=7|0"})
    void theMatrixOfRevisionMatchAndContinueIsUpstreams(String verb, String query, int code) {
        if (code == 0) {
            assertThat(parse(query, verb.equals("watch"))).isNotNull();
        } else {
            assertThatThrownBy(() -> parse(query, verb.equals("watch"))).isInstanceOfSatisfying(Refused.class,
                    refused -> assertThat(refused.refusal().code()).isEqualTo(code));
        }
    }

    @Test
    void aRevisionBeyondALongIsReadAsTheLargest() {
        assertThat(parse("resourceVersion=99999999999999999999", false).revision()).hasValue(Long.MAX_VALUE);
    }

    @Test
    void aContinueTokenSurvivesItsText() {
        ContinueToken token = new ContinueToken(42, "ns/name", 7);

        assertThat(ContinueToken.parse(token.text())).isEqualTo(token);
    }

    @ParameterizedTest
    @CsvSource({"garbage", "e30", "''"})
    void aForeignContinueTokenIsRefused(String text) {
        assertThatThrownBy(() -> ContinueToken.parse(text)).isInstanceOf(Refused.class).hasMessageStartingWith(
                "invalid continue token: continue key is not valid");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{\"v\":\"other\"}|server does not recognize this encoded version other",
        "{\"v\":\"meta.k8s.io/v1\",\"rv\":1}|encoded start key empty (version meta.k8s.io/v1)",
        "{\"v\":\"meta.k8s.io/v1\",\"start\":\"a\"}|incorrect encoded start resourceVersion (version meta.k8s.io/v1)"})
    void whatIsWrongWithATokenIsSaidAsUpstreamSaysIt(String json, String words) {
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> ContinueToken.parse(text)).hasMessage(
                "invalid continue token: continue key is not valid: " + words);
    }

    @ParameterizedTest
    @CsvSource({"x,0", "abcde,4", "ab!c,2", "e30=,3"})
    void whatIsNoTextOfATokenIsPointedAt(String text, int at) {
        assertThatThrownBy(() -> ContinueToken.parse(text)).hasMessage(
                "invalid continue token: continue key is not valid: illegal base64 data at input byte " + at);
    }

    @Test
    void aContinueTokenIsLookedAtBeforeTheRevision() {
        String token = new ContinueToken(1, "a", 0).text();

        assertThatThrownBy(() -> parse("resourceVersion=x&continue=" + token, false)).hasMessage(
                "specifying resource version is not allowed when using continue");
        assertThatThrownBy(() -> parse("resourceVersion=x&continue=x", false)).hasMessageStartingWith(
                "invalid continue token");
    }

    @Test
    void aContinueTokenCannotLeaveItsList() {
        String text = new ContinueToken(1, "../../secrets/-/x", 0).text();

        assertThatThrownBy(() -> ContinueToken.parse(text)).isInstanceOf(Refused.class);
    }
}
