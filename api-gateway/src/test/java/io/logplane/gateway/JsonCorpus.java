package io.logplane.gateway;

import java.util.ArrayList;
import java.util.List;

/// JSON texts of our own making: `y` are JSON, `n` are not, `i` is left open by RFC 8259.
///
/// Source: RFC 8259 (grammar), RFC 3629 (UTF-8); the three classes as in Nicolas Seriot's "Parsing JSON is a minefield".
final class JsonCorpus {
    /// Values that every parser must take.
    static final List<String> VALID = List.of("{}", "[]", "null", "true", "false", "0", "-0", "1", "-1", "1.5", "-1.5",
            "1e1", "1E1", "1e+1", "1e-1", "1.0e-28", "9007199254740993", "-9223372036854775808",
            "9223372036854775807", "0.1e1", "\"\"", "\"a\"", "\"\\\"\"", "\"\\\\\"", "\"\\/\"", "\"\\b\\f\\n\\r\\t\"",
            "\"\\u0041\"", "\"\\uD834\\uDD1E\"", "\"\\u0000\"", "\"\u007f\"", "\"\u00e9\"", "\"\u2028\"",
            "\"\ud834\udd1e\"",
            "[ ]", "[1,2]", "[[[]]]", "{\"\":1}", "{\"a\":{\"b\":[]}}", " 1 ", "\t[\n]\r", "{\"a\" : 1 , \"b\" : 2}",
            "[null,true,false]", "{\"\\u0061\":1}", "[\"\\u2064\",\"\\uFFFE\"]", "[1e-2]", "[-0.0]", "[123.456e78]");

    /// Texts that no parser may take.
    static final List<String> MALFORMED = List.of("{", "}", "[", "]", "[1", "[1,", "[,1]", "[1,]", "[1,,2]", "[1 2]",
            "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{,}", "{\"a\" 1}", "{a:1}", "{'a':1}",
            "{1:1}", "{\"a\":1 \"b\":2}", "{\"a\"::1}", "{\"a\":1,,\"b\":2}", "{null:1}", "\"", "\"a", "\"\\\"", "\"\\",
            "\"\\x41\"", "\"\\a\"", "\"\\u\"", "\"\\u0\"", "\"\\u00g0\"", "\"\\u 041\"", "\"\t\"", "\"\n\"",
            "\"\u0001\"",
            "\"\u0000\"", "'a'", "a", "nul", "nulll", "True", "TRUE", "tru", "falsee", "undefined", "NaN", "Infinity",
            "-Infinity", "+1", "-", "--1", "-a", "01", "-01", "1.", ".5", "-.5", "1e", "1e+", "1E-", "1ee1", "1.2.3",
            "0x1", "1_000", "1a", "1,", ":", ",", "[\"a\":1]", "{\"a\",1}", "[1}", "{\"a\":1]", "1 2", "{}{}", "[]]",
            "{}}", "\\u0061", "[\\u0020]", "/**/1", "1//", "#1", "<a/>", "\u00a0[]", "[\u000b]", "[\u000c]", "\u0000",
            "@",
            "*", "(1)", "[1;2]", "{\"a\";1}", "[\"a\" \"b\"]", "[\"\\uD8\"]", "\"\\U0041\"", "[1e1.5]", "[-]", "[+]");

    /// Either answer is right, but there must be one.
    static final List<String> OPEN = List.of("1e400", "-1e400", "1e-400", "\"\\uD800\"", "\"\\uDC00\"", "\"\\uD800a\"",
            "123456789012345678901234567890", "0." + "1".repeat(400), "\ufeff{}", "{\"a\":1,\"a\":2}");

    private JsonCorpus() {
    }

    /// Bodies of a ConfigMap with the text at places where a parser works differently.
    static List<String> bodies(String text) {
        List<String> bodies = new ArrayList<>();
        bodies.add(text);
        bodies.add("{\"metadata\":{\"name\":\"corpus\"},\"data\":" + text + "}");
        bodies.add("{\"metadata\":{\"name\":\"corpus\"},\"unknown\":[" + text + "]}");
        return bodies;
    }

    /// Bytes that are not UTF-8 inside of an otherwise good body.
    static List<byte[]> notUtf8() {
        List<byte[]> bodies = new ArrayList<>();
        for (int[] bytes : List.of(new int[]{0xff}, new int[]{0xc0, 0x80}, new int[]{0xe0, 0x80, 0x80}, new int[]{
            0xed, 0xa0, 0x80}, new int[]{0xf8, 0x88, 0x80, 0x80, 0x80}, new int[]{0x80}, new int[]{0xe2, 0x82})) {
            byte[] start = "{\"metadata\":{\"name\":\"corpus\"},\"data\":{\"a\":\"".getBytes(
                    java.nio.charset.StandardCharsets.UTF_8);
            byte[] end = "\"}}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
            byte[] body = new byte[start.length + bytes.length + end.length];
            System.arraycopy(start, 0, body, 0, start.length);
            for (int i = 0; i < bytes.length; i++) {
                body[start.length + i] = (byte) bytes[i];
            }
            System.arraycopy(end, 0, body, start.length + bytes.length, end.length);
            bodies.add(body);
        }
        return bodies;
    }
}
