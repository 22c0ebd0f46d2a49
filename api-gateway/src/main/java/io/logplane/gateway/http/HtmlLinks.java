package io.logplane.gateway.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A page on its way to the client, with other links in its start tags; everything else leaves as it came.
///
/// Shape: bytes in any encoding that has ASCII in it; scripts, styles, texts and comments are not looked into. Thread:
/// one. Limits: a tag longer than [#MAX_TAG] is left alone.
/// Source: HTML Living Standard section 13.2.5; the attributes of upstream's util/proxy/transport.go.
final class HtmlLinks extends OutputStream {
    private static final int MAX_TAG = 16 * 1024;
    private static final String COMMENT = "<!--";
    /// Tags and their attributes that are links.
    private static final Map<String, Set<String>> LINKS = table("""
            a href
            applet codebase
            area href
            audio src
            base href
            blockquote cite
            body background
            button formaction
            command icon
            del cite
            embed src
            form action
            frame longdesc src
            head profile
            html manifest
            iframe longdesc src
            img longdesc src usemap
            input src usemap formaction
            ins cite
            link href
            object classid codebase data usemap
            q cite
            script src
            source src
            video poster src
            """);
    /// What stands between these is no markup.
    private static final Set<String> TEXTS = Set.of("script", "style", "textarea", "title", "xmp", "iframe", "noembed",
            "noframes");
    private static final Pattern NAME = Pattern.compile("<([A-Za-z][^\\s/>]*)");
    private static final Pattern ATTRIBUTE = Pattern.compile(
            "(?<=[\\s/\"'])([^\\s=\"'/>]+)(\\s*=\\s*)(\"[^\"]*\"|'[^']*'|[^\\s\"'>]+)");

    private final OutputStream out;
    private final UnaryOperator<String> rule;
    /// Not yet understood. One character is one byte.
    private final StringBuilder held = new StringBuilder();
    /// What ends the text or comment that has begun, in lower case; "" in markup.
    private String until = "";

    /// Shape: `rule` gets a link as it stands in the page, entities and all.
    HtmlLinks(OutputStream out, UnaryOperator<String> rule) {
        this.out = out;
        this.rule = rule;
    }

    private static Map<String, Set<String>> table(String rows) {
        return rows.lines().map(row -> row.split(" ", 2)).collect(Collectors.toUnmodifiableMap(row -> row[0],
                row -> Set.of(row[1].split(" "))));
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[]{(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        held.append(new String(bytes, from, count, StandardCharsets.ISO_8859_1));
        StringBuilder done = new StringBuilder(held.length());
        while (!held.isEmpty()) {
            int understood = until.isEmpty() ? markup(done) : text(done);
            if (understood == 0) {
                break;
            }
            held.delete(0, understood);
        }
        out.write(done.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    /// Shape: how many characters at the beginning are dealt with; 0: more are needed.
    private int text(StringBuilder done) {
        int end = held.toString().toLowerCase(Locale.ROOT).indexOf(until);
        int sure = end >= 0 ? end : Math.max(0, held.length() - until.length() + 1);
        done.append(held, 0, sure);
        if (end >= 0) {
            done.append(held, end, end + until.length());
            int all = end + until.length();
            until = "";
            return all;
        }
        return sure;
    }

    private int markup(StringBuilder done) {
        int begin = held.indexOf("<");
        if (begin != 0) {
            int plain = begin < 0 ? held.length() : begin;
            done.append(held, 0, plain);
            return plain;
        }
        if (held.length() < COMMENT.length() && COMMENT.startsWith(held.toString())) {
            return 0;
        }
        if (held.indexOf(COMMENT) == 0) {
            done.append(COMMENT);
            until = "-->";
            return COMMENT.length();
        }
        int end = isLetter(held.charAt(1)) ? end() : 0;
        if (end == 0 || end < 0 && held.length() > MAX_TAG) {
            done.append('<');
            return 1;
        }
        if (end < 0) {
            return 0;
        }
        done.append(tag(held.substring(0, end + 1)));
        return end + 1;
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    /// Where the tag at the beginning ends; -1: not yet.
    private int end() {
        char quote = 0;
        for (int i = 1; i < held.length(); i++) {
            char c = held.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '>') {
                return i;
            } else if (c == '"' || c == '\'') {
                quote = c;
            }
        }
        return -1;
    }

    private String tag(String tag) {
        Matcher named = NAME.matcher(tag);
        String name = named.lookingAt() ? named.group(1).toLowerCase(Locale.ROOT) : "";
        if (TEXTS.contains(name)) {
            until = "</" + name;
        }
        Set<String> links = LINKS.getOrDefault(name, Set.of());
        return links.isEmpty()
                ? tag
                : ATTRIBUTE.matcher(tag).replaceAll(found -> Matcher.quoteReplacement(links.contains(found.group(1)
                        .toLowerCase(Locale.ROOT))
                                ? found.group(1) + found.group(2) + linked(found.group(3))
                                : found.group()));
    }

    private String linked(String value) {
        boolean quoted = value.startsWith("\"") || value.startsWith("'");
        return quoted
                ? value.charAt(0) + rule.apply(value.substring(1, value.length() - 1)) + value.charAt(0)
                : rule.apply(value);
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    /// What is left of an unfinished tag leaves as it is.
    @Override
    public void close() throws IOException {
        out.write(held.toString().getBytes(StandardCharsets.ISO_8859_1));
        held.setLength(0);
        out.flush();
    }
}
