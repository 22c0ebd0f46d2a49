package io.logplane.schemas.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/// Texts as Go's formatting prints them.
public final class GoText {
    /// How much of a refused body its refusal shows.
    private static final int SHOWN_BYTES = 30;

    private GoText() {
    }

    /// `%q`: double quotes, with escapes for quotes, backslashes and what does not print.
    public static String quote(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case 7 -> out.append("\\a");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case 11 -> out.append("\\v");
                default -> appendPrintable(out, c);
            }
        });
        return out.append('"').toString();
    }

    /// As encoding/json writes it, which escapes what HTML would read.
    public static String json(JsonNode value) {
        return new String(Json.bytes(value), StandardCharsets.UTF_8).replace("&", "\\u0026").replace("<", "\\u003c")
                .replace(">", "\\u003e").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029");
    }

    public static String json(String text) {
        return json(TextNode.valueOf(text));
    }

    /// `unicode.IsPrint`.
    public static boolean prints(int c) {
        int kind = Character.getType(c);
        return kind != Character.CONTROL && kind != Character.FORMAT && kind != Character.SURROGATE
                && kind != Character.UNASSIGNED && kind != Character.PRIVATE_USE && kind != Character.LINE_SEPARATOR
                && kind != Character.PARAGRAPH_SEPARATOR && (kind != Character.SPACE_SEPARATOR || c == ' ');
    }

    private static void appendPrintable(StringBuilder out, int c) {
        if (prints(c)) {
            out.appendCodePoint(c);
        } else if (c < 0x80) {
            out.append(String.format(java.util.Locale.ROOT, "\\x%02x", c));
        } else if (c < 0x10000) {
            out.append(String.format(java.util.Locale.ROOT, "\\u%04x", c));
        } else {
            out.append(String.format(java.util.Locale.ROOT, "\\U%08x", c));
        }
    }

    /// The start of a body as refusals show it: text for JSON objects, hexadecimal for anything else.
    public static String summary(byte[] body) {
        if (body.length == 0) {
            return "<empty>";
        }
        boolean cut = body.length > SHOWN_BYTES;
        byte[] shown = cut ? Arrays.copyOf(body, SHOWN_BYTES) : body;
        String text = body[0] == '{'
                ? new String(shown, StandardCharsets.UTF_8)
                : HexFormat.of().formatHex(shown);
        return cut ? text + " ..." : text;
    }
}
