package io.logplane.gateway.request;

import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The type of a body, as Go's mime package reads it: one whose parameters make no sense is none.
///
/// Source: RFC 2045, RFC 2616; Go's mime.ParseMediaType.
public final class MediaType {
    private static final String SPECIALS = "()<>@,;:\\\"/[]?=";

    private MediaType() {
    }

    /// Shape: in lower case, without parameters; empty when the header cannot be read.
    public static Optional<String> of(String header) {
        int semicolon = header.indexOf(';');
        String type = (semicolon < 0 ? header : header.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
        int slash = type.indexOf('/');
        boolean named = slash < 0
                ? isToken(type)
                : isToken(type.substring(0, slash)) && isToken(type.substring(slash + 1));
        boolean readable = named && (semicolon < 0 || parameters(header.substring(semicolon)));
        return readable ? Optional.of(type) : Optional.empty();
    }

    /// Shape: of `; name=value; name="value"`; nothing may follow the last semicolon.
    private static boolean parameters(String text) {
        Set<String> seen = new HashSet<>();
        String rest = text.stripLeading();
        while (!rest.isEmpty()) {
            if (rest.strip().equals(";")) {
                return true;
            }
            int equals = rest.indexOf('=');
            if (rest.charAt(0) != ';' || equals < 0) {
                return false;
            }
            String name = rest.substring(1, equals).stripLeading().toLowerCase(Locale.ROOT);
            int end = valueEnd(rest, equals + 1);
            if (!isToken(name) || end < 0 || !seen.add(name)) {
                return false;
            }
            rest = rest.substring(end).stripLeading();
        }
        return true;
    }

    /// Below 0: it has no end, or is empty.
    private static int valueEnd(String text, int from) {
        if (from < text.length() && text.charAt(from) == '"') {
            for (int at = from + 1; at < text.length(); at++) {
                if (text.charAt(at) == '"') {
                    return at + 1;
                }
                at += text.charAt(at) == '\\' ? 1 : 0;
            }
            return -1;
        }
        int at = from;
        while (at < text.length() && isTokenPart(text.charAt(at))) {
            at++;
        }
        return at == from ? -1 : at;
    }

    private static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(MediaType::isTokenPart);
    }

    private static boolean isTokenPart(int c) {
        return c > ' ' && c < 0x7f && SPECIALS.indexOf(c) < 0;
    }
}
