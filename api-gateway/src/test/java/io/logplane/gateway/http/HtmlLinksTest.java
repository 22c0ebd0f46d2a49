package io.logplane.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HtmlLinksTest {
    private static final String NEW = "https://api/proxy";

    static Stream<Arguments> pages() {
        return Stream.of(Arguments.of("<a href=\"/x?a=1&amp;b=2#c\">", "<a href=\"" + NEW + "/x?a=1&amp;b=2#c\">"),
                Arguments.of("<A class=b HREF='/x'>/x</A>", "<A class=b HREF='" + NEW + "/x'>/x</A>"),
                Arguments.of("<img src=/x/y.png>", "<img src=" + NEW + "/x/y.png>"),
                Arguments.of("<link rel=\"x\" href = \"http://pod:80/s.css\"/>", "<link rel=\"x\" href = \"" + NEW
                        + "/s.css\"/>"),
                Arguments.of("<a href=\"/proxy/x\"><a href=\"x\"><a href=\"http://other/x\"><a href=\"#x\">",
                        "<a href=\"" + NEW + "/x\"><a href=\"x\"><a href=\"http://other/x\"><a href=\"#x\">"),
                Arguments.of("<a title=\"a > b href='/t'\" href=\"/x\" data-href=\"/d\">",
                        "<a title=\"a > b href='/t'\" href=\"" + NEW + "/x\" data-href=\"/d\">"),
                Arguments.of("<script src=\"/s.js\">if (a < b) '<a href=\"/x\">'</script><a href=\"/y\">",
                        "<script src=\"" + NEW + "/s.js\">if (a < b) '<a href=\"/x\">'</script><a href=\"" + NEW
                                + "/y\">"),
                Arguments.of("<!-- <a href=\"/x\"> --><p>1 < 2 <", "<!-- <a href=\"/x\"> --><p>1 < 2 <"),
                Arguments.of("<!DOCTYPE html><div href=\"/x\">\u00e4</div><a href=\"/x",
                        "<!DOCTYPE html><div href=\"/x\">\u00e4</div><a href=\"/x"));
    }

    /// In one piece and byte by byte.
    @ParameterizedTest
    @MethodSource("pages")
    void linksOfStartTagsAreOthers(String page, String expected) throws IOException {
        byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        ByteArrayOutputStream drops = new ByteArrayOutputStream();
        try (HtmlLinks one = links(whole); HtmlLinks many = links(drops)) {
            one.write(bytes);
            for (byte drop : bytes) {
                many.write(drop);
            }
        }
        assertThat(whole.toString(StandardCharsets.UTF_8)).isEqualTo(expected);
        assertThat(drops.toString(StandardCharsets.UTF_8)).isEqualTo(expected);
    }

    private static HtmlLinks links(ByteArrayOutputStream out) {
        return new HtmlLinks(out, link -> ProxyRoutes.location(link, URI.create("http://pod:80/"), "https://api",
                "/proxy"));
    }
}
