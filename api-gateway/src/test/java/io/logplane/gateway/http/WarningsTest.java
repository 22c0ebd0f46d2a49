package io.logplane.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How warnings become headers.
class WarningsTest {
    private final List<String> headers = new ArrayList<>();
    private final Warnings warnings = new Warnings((HttpServletResponse) Proxy.newProxyInstance(
            HttpServletResponse.class.getClassLoader(), new Class<?>[]{HttpServletResponse.class},
            (proxy, method, arguments) -> {
                if (method.getName().equals("addHeader")) {
                    headers.add((String) arguments[1]);
                } else {
                    headers.clear();
                }
                return null;
            }));

    @Test
    void eachTextIsSentOnceAndOnlyWhereAHeaderCanHoldIt() {
        warnings.addAll(List.of("say \"a\\b\"", "", "two\nlines", "again", "again", "\u00e9"));
        assertThat(headers).containsExactly("299 - \"say \\\"a\\\\b\\\"\"", "299 - \"again\"",
                "299 - \"\u00c3\u00a9\"");
    }

    @Test
    void whenAllAreTooLongEachIsCutUntilTheyAreTooManyEvenSo() {
        String text = "x".repeat(4000);
        warnings.add(text);
        assertThat(headers).containsExactly("299 - \"" + text + "\"");
        warnings.add("y".repeat(300));
        assertThat(headers).containsExactly("299 - \"" + "x".repeat(256) + "\"", "299 - \"" + "y".repeat(256) + "\"");
        for (int i = 0; i < 30; i++) {
            warnings.add(i + "z".repeat(300));
        }
        assertThat(headers).hasSize(16);
    }
}
