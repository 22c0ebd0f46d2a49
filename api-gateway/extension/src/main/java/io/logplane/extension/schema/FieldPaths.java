package io.logplane.extension.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Paths to fields of a schema: `.spec.a`, `.spec['a.b']`. No indexes, no wildcards.
///
/// Source: ValidFieldPath of k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel.
final class FieldPaths {
    private static final Pattern ESCAPE = Pattern.compile("\\\\.");
    private static final Pattern BAD_ESCAPE = Pattern.compile("^(?:[^\\\\]|\\\\[abfnrtv'\\\\])*(\\\\[^abfnrtv'\\\\])");

    /// Shape: `path` as refusals name it, without the dot in front; `problem` is "" when the path is right.
    record Found(String path, Structural schema, String problem) {
    }

    private FieldPaths() {
    }

    /// Empty for a path that is wrong or "".
    static Optional<Found> find(String path, Structural schema) {
        if (path.isEmpty()) {
            return Optional.empty();
        }
        Found found = resolve(path, schema, true);
        return found.problem.isEmpty() ? Optional.of(found) : Optional.empty();
    }

    static Found resolve(String path, Structural schema, boolean brackets) {
        String shown = "";
        Structural at = schema;
        List<String> tokens = tokens(path);
        int i = 0;
        while (i < tokens.size()) {
            String token = tokens.get(i);
            String name;
            if (token.equals(".")) {
                if (i + 1 >= tokens.size()) {
                    return wrong("unexpected end of JSON path");
                }
                name = tokens.get(i + 1);
                i += 2;
            } else if (token.equals("[") && !brackets) {
                return wrong("array notation is not allowed");
            } else if (token.equals("[")) {
                if (i + 1 >= tokens.size()) {
                    return wrong("unexpected end of JSON path");
                }
                String quoted = tokens.get(i + 1);
                if (quoted.length() < 2 || !quoted.startsWith("'") || !quoted.endsWith("'")) {
                    return wrong("expected single quoted string but got " + quoted);
                }
                Matcher bad = BAD_ESCAPE.matcher(quoted);
                if (bad.find()) {
                    return wrong("invalid string literal: invalid escape char " + bad.group(1));
                }
                name = unescaped(quoted.substring(1, quoted.length() - 1));
                if (i + 2 >= tokens.size()) {
                    return wrong("unexpected end of JSON path");
                }
                if (!tokens.get(i + 2).equals("]")) {
                    return wrong("expected ] but got " + tokens.get(i + 2));
                }
                i += 3;
            } else {
                return wrong("expected [ or . but got: " + token);
            }
            boolean named = !at.properties().isEmpty();
            Optional<Structural> next = named ? Optional.ofNullable(at.properties().get(name)) : at.additional();
            if (next.isEmpty()) {
                return wrong("does not refer to a valid field");
            }
            shown = named ? Problems.child(shown, name) : Problems.key(shown, name);
            at = next.get();
        }
        return new Found(shown, at, "");
    }

    private static String unescaped(String text) {
        return ESCAPE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(switch (found.group().charAt(1)) {
            case 'a' -> "\u0007";
            case 'b' -> "\b";
            case 'f' -> "\f";
            case 'n' -> "\n";
            case 'r' -> "\r";
            case 't' -> "\t";
            case 'v' -> "\u000b";
            default -> found.group().substring(1);
        }));
    }

    private static Found wrong(String problem) {
        return new Found("", Structural.NOTHING, problem);
    }

    private static List<String> tokens(String path) {
        List<String> tokens = new ArrayList<>();
        int start = 0;
        while (start < path.length()) {
            int end = end(path, start);
            tokens.add(path.substring(start, end));
            start = end;
        }
        return tokens;
    }

    private static int end(String path, int start) {
        char first = path.charAt(start);
        if (first == '.' || first == '[' || first == ']') {
            return start + 1;
        }
        for (int i = start + 1; i < path.length(); i++) {
            char c = path.charAt(i);
            if (first == '\'' ? c == '\'' && path.charAt(i - 1) != '\\' : c == '.' || c == '[' || c == ']') {
                return first == '\'' ? i + 1 : i;
            }
        }
        return path.length();
    }
}
