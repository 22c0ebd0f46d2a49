package io.logplane.gateway.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URISyntaxException;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Addresses as kube-apiserver shows and calls them. A row: what is configured, what is shown, whom it is of.
class WebhookAddressTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "https://127.0.0.1:1|https://127.0.0.1:1/|127.0.0.1", "https://h:1/x/|https://h:1/x|h",
        "https://h//x|https://h/x|h", "https://h/a//b/../c/./d|https://h/a/c/d|h", "https://h/../a|https://h/a|h",
        "https://h/a b|https://h/a%20b|h", "https://h/a%2fb%41|https://h/a/bA|h", "https://h/ü|https://h/%C3%BC|h",
        "https://h/{x}^`|https://h/%7Bx%7D%5E%60|h", "https://h/[x]|https://h/%5Bx%5D|h",
        "https://h/a;b=c,d:e@f!$&'()*+~|https://h/a;b=c,d:e@f%21$&%27%28%29%2A+~|h",
        "https://h/a%3Fb%23c|https://h/a%3Fb%23c|h", "https://h:/x|https://h/x|h", "HTTPS://H:01/x|https://H:01/x|H",
        "https://a_b:1/x|https://a_b:1/x|a_b", "https://[::1]:1/x|https://[::1]:1/x|::1",
        "https://localhost.:1/|https://localhost.:1/|localhost",
        "https://ün.invalid:1/|https://%C3%BCn.invalid:1/|xn--n-dha.invalid"})
    void anAddressIsShownAsGoWritesIt(String configured, String shown, String host) {
        WebhookAddress address = WebhookAddress.of(configured);

        assertThat(address.shown()).isEqualTo(shown);
        assertThat(address.host()).isEqualTo(host);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"https://127.0.0.1:/x|https://127.0.0.1/x?q",
        "https://[::1]:1|https://[::1]:1/?q",
        "https://some-name.ns.svc:443/a b|https://some-name.ns.svc:443/a%20b?q"})
    void javaIsGivenTheSameWhereItTakesIt(String configured, String asked) throws Exception {
        assertThat(WebhookAddress.of(configured).uri("q")).hasToString(asked);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a..b", "-a", "a-", "1.2.3", "127.1", "127.0.0.01", "a!b", "a,b", "a&b", "256.1.1.1",
        "123"})
    void whatIsNoNameIsLookedUpNowhere(String host) {
        assertThatThrownBy(() -> WebhookAddress.of("https://" + host + ":1/").uri("q")).isInstanceOf(
                UnknownHostException.class).hasMessage(host);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://a_b.invalid/x", "https://_.invalid:1/x", "https://a.invalid.:1/"})
    void aNameThatOnlyGoKnowsIsLookedUp(String configured) {
        assertThatThrownBy(() -> WebhookAddress.of(configured).uri("q")).isInstanceOf(UnknownHostException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://127.0.0.1:99999/x", "https://127.0.0.1:9999999999/x"})
    void aPortThatIsNoneIsCalledSo(String configured) {
        assertThatThrownBy(() -> WebhookAddress.of(configured).uri("q")).isInstanceOf(URISyntaxException.class)
                .hasMessageContaining(": invalid port");
    }
}
