package io.logplane.schemas.model;

import java.util.ArrayDeque;
import java.util.Deque;

/// Finds the first syntax error of a JSON document and says it as Go's encoding/json does.
///
/// Only run when the fast parser has refused a body, so it may be slow; it never builds a tree.
/// Limits: [#MAX_DEPTH] levels, as everywhere.
/// Source: RFC 8259; the texts are those of kube-apiserver's answers.
public final class GoJson {
    private static final int MAX_DEPTH = Json.MAX_NESTING;
    private static final String END = "unexpected end of JSON input";

    private final byte[] in;
    private final Deque<Character> open = new ArrayDeque<>();
    private int at;

    private GoJson(byte[] in) {
        this.in = in;
    }

    /// The text of the first error, or "" when the document is valid.
    public static String error(byte[] body) {
        try {
            GoJson scan = new GoJson(body);
            scan.document();
            return "";
        } catch (Wrong wrong) {
            return String.valueOf(wrong.getMessage());
        }
    }

    private void document() {
        value();
        while (!open.isEmpty()) {
            next();
        }
        space();
        if (at < in.length) {
            throw bad("after top-level value");
        }
    }

    /// After a value inside a container: a comma with the next value, or the end of the container.
    private void next() {
        space();
        char kind = open.peek();
        byte c = need();
        if (kind == '{' && c == '}' || kind == '[' && c == ']') {
            at++;
            open.pop();
        } else if (c == ',') {
            at++;
            if (kind == '{') {
                space();
                key("looking for beginning of object key string");
            }
            value();
        } else {
            throw bad(kind == '{' ? "after object key:value pair" : "after array element");
        }
    }

    private void value() {
        space();
        byte c = need();
        switch (c) {
            case '{' -> openObject();
            case '[' -> openArray();
            case '"' -> string();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> number(c);
        }
    }

    private void openObject() {
        push('{');
        space();
        if (need() == '}') {
            at++;
            open.pop();
            return;
        }
        key("looking for beginning of object key string");
        value();
    }

    private void openArray() {
        push('[');
        space();
        if (need() == ']') {
            at++;
            open.pop();
            return;
        }
        value();
    }

    private void push(char kind) {
        open.push(kind);
        if (open.size() > MAX_DEPTH) {
            throw new Wrong("exceeded max depth");
        }
        at++;
    }

    private void key(String where) {
        if (need() != '"') {
            throw bad(where);
        }
        string();
        space();
        if (need() != ':') {
            throw bad("after object key");
        }
        at++;
    }

    private void string() {
        at++;
        while (true) {
            byte c = need();
            if (c == '"') {
                at++;
                return;
            }
            if (c >= 0 && c < 0x20) {
                throw bad("in string literal");
            }
            at++;
            if (c == '\\') {
                escape();
            }
        }
    }

    private void escape() {
        byte c = need();
        if (c == 'u') {
            at++;
            for (int i = 0; i < 4; i++, at++) {
                if (Character.digit(need(), 16) < 0) {
                    throw bad("in \\u hexadecimal character escape");
                }
            }
        } else if ("\"\\/bfnrt".indexOf(c) < 0) {
            throw bad("in string escape code");
        } else {
            at++;
        }
    }

    private void literal(String word) {
        at++;
        for (int i = 1; i < word.length(); i++, at++) {
            if (need() != word.charAt(i)) {
                throw bad("in literal " + word + " (expecting " + quote(word.charAt(i)) + ")");
            }
        }
    }

    private void number(byte first) {
        byte c = first;
        if (c == '-') {
            at++;
            c = need();
            if (c < '0' || c > '9') {
                throw bad("in numeric literal");
            }
        }
        if (c == '0') {
            at++;
        } else if (c >= '1' && c <= '9') {
            digits();
        } else {
            throw bad("looking for beginning of value");
        }
        if (at < in.length && in[at] == '.') {
            at++;
            needDigit("after decimal point in numeric literal");
            digits();
        }
        if (at < in.length && (in[at] == 'e' || in[at] == 'E')) {
            at++;
            if (need() == '+' || in[at] == '-') {
                at++;
            }
            needDigit("in exponent of numeric literal");
            digits();
        }
    }

    private void needDigit(String where) {
        byte c = need();
        if (c < '0' || c > '9') {
            throw bad(where);
        }
    }

    private void digits() {
        while (at < in.length && in[at] >= '0' && in[at] <= '9') {
            at++;
        }
    }

    private void space() {
        while (at < in.length && (in[at] == ' ' || in[at] == '\t' || in[at] == '\n' || in[at] == '\r')) {
            at++;
        }
    }

    private byte need() {
        if (at >= in.length) {
            throw new Wrong(END);
        }
        return in[at];
    }

    private Wrong bad(String where) {
        return new Wrong("invalid character " + quote((char) (in[at] & 0xff)) + " " + where);
    }

    private static String quote(char c) {
        if (c == '\'') {
            return "'\\''";
        }
        if (c == '"') {
            return "'\"'";
        }
        String quoted = GoText.quote(String.valueOf(c));
        return "'" + quoted.substring(1, quoted.length() - 1) + "'";
    }

    private static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1;

        Wrong(String text) {
            super(text, null, false, false);
        }
    }
}
