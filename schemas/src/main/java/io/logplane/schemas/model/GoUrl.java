package io.logplane.schemas.model;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/// A URL as Go reads one: more lenient than Java with hosts and paths, and with words of its own for what is wrong.
///
/// Shape: `host` with its port; `user` as it was written, empty when there is none; `path` and `fragment` without
/// escapes.
/// Errors: [Malformed]. Limits: what is in brackets is taken for an address when it looks like one.
/// Source: Go 1.26, net/url.
public record GoUrl(String scheme, String user, boolean hasUser, String host, String path, String query,
        String fragment) {
    private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*:.*", Pattern.DOTALL);
    private static final Pattern PORT = Pattern.compile("(:[0-9]*)?");
    private static final Pattern USER = Pattern.compile("[A-Za-z0-9._:~!$&'()*+,;=%@-]*");
    private static final Pattern SIX = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(%.+)?");
    /// What may stand in a host besides letters, digits and what is not ASCII.
    private static final String IN_HOST = "-_.~!$&'()*+,;=:[]<>\"";

    /// Shape: the message as Go's error has it, `parse "…": …`.
    public static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Malformed(String text, String why) {
            super("parse " + GoText.quote(text) + ": " + why);
        }
    }

    /// Why, before it is known of what.
    private static final class Wrong extends Exception {
        private static final long serialVersionUID = 1L;

        private Wrong(String why) {
            super(why);
        }

        private String why() {
            return String.valueOf(getMessage());
        }
    }

    private record Authority(String user, boolean hasUser, String host) {
    }

    public static GoUrl parse(String text) {
        int hash = text.indexOf('#');
        String before = hash < 0 ? text : text.substring(0, hash);
        GoUrl url;
        try {
            url = parts(before);
        } catch (Wrong wrong) {
            throw new Malformed(before, wrong.why());
        }
        try {
            return new GoUrl(url.scheme, url.user, url.hasUser, url.host, url.path, url.query, hash < 0
                    ? ""
                    : unescaped(text.substring(hash + 1), false));
        } catch (Wrong wrong) {
            throw new Malformed(text, wrong.why());
        }
    }

    private static GoUrl parts(String text) throws Wrong {
        if (text.chars().anyMatch(letter -> letter < ' ' || letter == 0x7f)) {
            throw new Wrong("net/url: invalid control character in URL");
        }
        if (text.startsWith(":")) {
            throw new Wrong("missing protocol scheme");
        }
        int colon = SCHEME.matcher(text).matches() ? text.indexOf(':') : -1;
        String scheme = text.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT);
        String rest = text.substring(colon + 1);
        int mark = rest.indexOf('?');
        String query = mark < 0 ? "" : rest.substring(mark + 1);
        String path = mark < 0 ? rest : rest.substring(0, mark);
        if (!path.startsWith("/") && !scheme.isEmpty()) {
            return new GoUrl(scheme, "", false, "", "", query, "");
        }
        if (!path.startsWith("/") && path.split("/", -1)[0].contains(":")) {
            throw new Wrong("first path segment in URL cannot contain colon");
        }
        Authority authority = new Authority("", false, "");
        if (path.startsWith("//") && (!scheme.isEmpty() || !path.startsWith("///"))) {
            int end = path.indexOf('/', 2);
            authority = authority(scheme, end < 0 ? path.substring(2) : path.substring(2, end));
            path = end < 0 ? "" : path.substring(end);
        }
        return new GoUrl(scheme, authority.user(), authority.hasUser(), authority.host(), unescaped(path, false), query,
                "");
    }

    private static Authority authority(String scheme, String text) throws Wrong {
        int at = text.lastIndexOf('@');
        String host = host(scheme, text.substring(at + 1));
        if (at < 0) {
            return new Authority("", false, host);
        }
        String user = text.substring(0, at);
        if (!USER.matcher(user).matches()) {
            throw new Wrong("net/url: invalid userinfo");
        }
        String unused = unescaped(user, false);
        return new Authority(user, true, host);
    }

    private static String host(String scheme, String text) throws Wrong {
        int open = text.lastIndexOf('[');
        if (open > 0) {
            throw new Wrong("invalid IP-literal");
        }
        if (open == 0) {
            return literal(text);
        }
        boolean strict = scheme.equals("http") || scheme.equals("https");
        int colon = strict ? text.indexOf(':') : text.lastIndexOf(':');
        if (colon >= 0) {
            port(text.substring(colon));
        }
        return unescaped(text, true);
    }

    private static String literal(String text) throws Wrong {
        int close = text.lastIndexOf(']');
        if (close < 0) {
            throw new Wrong("missing ']' in host");
        }
        String port = text.substring(close + 1);
        port(port);
        String address = unescaped(text.substring(1, close), true);
        if (!SIX.matcher(address).matches()) {
            throw new Wrong(address.matches("[0-9.]+")
                    ? "invalid IP-literal"
                    : "invalid host: ParseAddr(" + GoText.quote(address) + "): unable to parse IP");
        }
        return "[" + address + "]" + port;
    }

    private static void port(String text) throws Wrong {
        if (!PORT.matcher(text).matches()) {
            throw new Wrong("invalid port " + GoText.quote(text) + " after host");
        }
    }

    /// Shape: in a host only what is not ASCII may be escaped, but for `%25`.
    private static String unescaped(String text, boolean inHost) throws Wrong {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter != '%') {
                if (inHost && letter < 0x80 && !Character.isLetterOrDigit(letter) && IN_HOST.indexOf(letter) < 0) {
                    throw new Wrong("invalid character " + GoText.quote(String.valueOf(letter)) + " in host name");
                }
                int point = text.codePointAt(i);
                bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(point) - 1;
                continue;
            }
            String escape = text.substring(i, Math.min(text.length(), i + 3));
            if (!escape.matches("%[0-9a-fA-F]{2}") || inHost && escape.charAt(1) < '8' && !escape.equals("%25")) {
                throw new Wrong("invalid URL escape " + GoText.quote(escape));
            }
            bytes.write(Integer.parseInt(escape.substring(1), 16));
            i += 2;
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
