package io.logplane.schemas.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Which field values are wanted: all terms together. `metadata.name=a,status.phase!=Running`.
///
/// Errors: [#parse] throws IllegalArgumentException with upstream's text.
/// Source: k8s.io/apimachinery/pkg/fields.
public record FieldSelector(List<Term> terms) {
    public static final FieldSelector EVERYTHING = new FieldSelector(List.of());

    /// One comparison; `equal` false for `!=`.
    public record Term(String path, boolean equal, String value) {
    }

    public FieldSelector {
        terms = List.copyOf(terms);
    }

    public static FieldSelector parse(String text) {
        List<Term> terms = new ArrayList<>();
        for (String part : split(text).stream().sorted().toList()) { // so upstream names the first
            if (!part.isEmpty()) {
                terms.add(term(part, text));
            }
        }
        return new FieldSelector(terms);
    }

    /// Shape: `valueOf` gives a field's value, "" when the object has none.
    public boolean matches(UnaryOperator<String> valueOf) {
        return terms.stream().allMatch(t -> t.equal == valueOf.apply(t.path).equals(t.value));
    }

    /// The value a path must have, where one term demands it.
    public Optional<String> exactly(String path) {
        return terms.stream().filter(t -> t.equal && t.path.equals(path)).map(Term::value).findFirst();
    }

    private static Term term(String part, String whole) {
        for (int at = 0; at < part.length(); at++) {
            for (String operator : List.of("!=", "==", "=")) {
                if (part.startsWith(operator, at)) {
                    return new Term(part.substring(0, at), !operator.equals("!="),
                            unescaped(part.substring(at + operator.length())));
                }
            }
        }
        throw new IllegalArgumentException("invalid selector: '" + whole + "'; can't understand '" + part + "'");
    }

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\\') {
                at++;
            } else if (c == ',') {
                parts.add(text.substring(from, at));
                from = at + 1;
            }
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static String unescaped(String value) {
        StringBuilder out = new StringBuilder();
        for (int at = 0; at < value.length(); at++) {
            char c = value.charAt(at);
            if (c == '\\') {
                at++;
                if (at == value.length() || "\\,=".indexOf(value.charAt(at)) < 0) {
                    throw new IllegalArgumentException("invalid field selector: invalid escape sequence: "
                            + (at == value.length() ? "\\" : "\\" + value.charAt(at)));
                }
                out.append(value.charAt(at));
            } else if (c == '=') {
                throw new IllegalArgumentException(
                        "invalid field selector: unescaped character in value: " + (int) c);
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
