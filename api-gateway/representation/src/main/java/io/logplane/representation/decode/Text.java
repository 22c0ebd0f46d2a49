package io.logplane.representation.decode;

/// Makes strings writable as UTF-8: half surrogate pairs, which JSON escapes can spell, become U+FFFD as in Go.
final class Text {
    private static final char REPLACEMENT = '\uFFFD';

    private Text() {
    }

    static String valid(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return replaced(text);
            }
        }
        return text;
    }

    private static String replaced(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> out.appendCodePoint(
                        c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? REPLACEMENT : c));
        return out.toString();
    }
}
