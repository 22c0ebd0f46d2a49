package io.logplane.schemas.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// URLs as Go reads them. A row: text, scheme, user, host, query and fragment, or what Go says is wrong.
class GoUrlTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "https://h:1/p?q#f|https,,h:1,q,f", "HTTPS://a_b/a b|https,,a_b,,", "https://u:p@h|https,u:p,h,,",
        "a#b?c/d:e//:f|,,,,b?c/d:e//:f", "h:80|h,,,,", "``|,,,,", "https:///p|https,,,,", "///p|,,,,",
        "https://[fe80::1%25e]:4/|https,,[fe80::1%e]:4,,", "https://h/#%41|https,,h,,A", "pg://a:1,b:2/|pg,,a:1,b:2,,"})
    void partsAreFound(String text, String expected) {
        GoUrl url = GoUrl.parse(text);
        assertThat(String.join(",", url.scheme(), url.user(), url.host(), url.query(), url.fragment())).isEqualTo(
                expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "https://a b/|parse \"https://a b/\": invalid character \" \" in host name",
        "https://a:b/|parse \"https://a:b/\": invalid port \":b\" after host",
        "https://a:1:2/#f|parse \"https://a:1:2/\": invalid port \":1:2\" after host",
        "https://h/%zz|parse \"https://h/%zz\": invalid URL escape \"%zz\"",
        "https://h/#%z|parse \"https://h/#%z\": invalid URL escape \"%z\"",
        "https://%41/|parse \"https://%41/\": invalid URL escape \"%41\"", ":h|parse \":h\": missing protocol scheme",
        "1:2/x|parse \"1:2/x\": first path segment in URL cannot contain colon",
        "https://[::1/|parse \"https://[::1/\": missing ']' in host",
        "https://a[::1]/|parse \"https://a[::1]/\": invalid IP-literal",
        "https://[1.2.3.4]/|parse \"https://[1.2.3.4]/\": invalid IP-literal",
        "https://u{@h/|parse \"https://u{@h/\": net/url: invalid userinfo",
        "https://h/\u0001x|parse \"https://h/\\x01x\": net/url: invalid control character in URL"})
    void whatIsWrongIsSaidInGoSWords(String text, String expected) {
        assertThatThrownBy(() -> GoUrl.parse(text)).isInstanceOf(GoUrl.Malformed.class).hasMessage(expected);
    }
}
