package io.logplane.gateway.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// A set of demands on labels, all of which must hold.
///
/// Shape: `labels` given to [#matches] is the `metadata.labels` node, possibly missing.
/// Limits: [#MAX_LENGTH] characters, [#MAX_REQUIREMENTS] requirements: nobody writes more, and each is evaluated per
/// object.
/// Source: k8s.io/apimachinery/pkg/labels.
public record LabelSelector(List<Requirement> requirements) {
    public static final LabelSelector EVERYTHING = new LabelSelector(List.of());
    public static final int MAX_LENGTH = 64 * 1024;
    public static final int MAX_REQUIREMENTS = 1000;

    public enum Operator {
        IN, NOT_IN, EXISTS, DOES_NOT_EXIST, GREATER, LESS
    }

    /// Shape: `values` is empty for EXISTS and DOES_NOT_EXIST.
    public record Requirement(String key, Operator operator, Set<String> values) {
        boolean matches(JsonNode labels) {
            JsonNode value = labels.path(key);
            boolean has = value.isTextual();
            return switch (operator) {
                case IN -> has && values.contains(value.textValue());
                case NOT_IN -> !has || !values.contains(value.textValue());
                case EXISTS -> has;
                case DOES_NOT_EXIST -> !has;
                case GREATER -> has && number(value.textValue()) > number(values.iterator().next());
                case LESS -> has && number(value.textValue()) < number(values.iterator().next());
            };
        }

        private static double number(String text) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException notANumber) {
                return Double.NaN;
            }
        }
    }

    public boolean matchesEverything() {
        return requirements.isEmpty();
    }

    public boolean matches(JsonNode labels) {
        for (Requirement requirement : requirements) {
            if (!requirement.matches(labels)) {
                return false;
            }
        }
        return true;
    }

    /// Errors: 400 with upstream's text.
    public static LabelSelector parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw Refusals.badRequest("label selector is longer than " + MAX_LENGTH + " characters");
        }
        return new LabelSelector(new Parser(text).parse());
    }

    /// A metav1.LabelSelector, as workloads hold it.
    public static LabelSelector of(JsonNode selector) {
        List<Requirement> found = new ArrayList<>();
        selector.path("matchLabels").properties().forEach(entry -> found.add(new Requirement(entry.getKey(),
                Operator.IN, Set.of(entry.getValue().asText()))));
        for (JsonNode expression : selector.path("matchExpressions")) {
            Set<String> values = new TreeSet<>();
            expression.path("values").forEach(v -> values.add(v.asText()));
            Operator operator = switch (expression.path("operator").asText()) {
                case "In" -> Operator.IN;
                case "NotIn" -> Operator.NOT_IN;
                case "Exists" -> Operator.EXISTS;
                default -> Operator.DOES_NOT_EXIST;
            };
            found.add(new Requirement(expression.path("key").asText(), operator, values));
        }
        return new LabelSelector(found);
    }

    /// Text form as upstream prints a parsed selector: `app=web,tier in (a,b)`.
    public String text() {
        List<String> parts = new ArrayList<>();
        requirements.stream().sorted(java.util.Comparator.comparing(Requirement::key)).forEach(r -> parts.add(
                switch (r.operator()) {
                    case IN -> r.values().size() == 1
                            ? r.key() + "=" + r.values().iterator().next()
                            : r.key() + " in (" + String.join(",", r.values()) + ")";
                    case NOT_IN -> r.key() + " notin (" + String.join(",", r.values()) + ")";
                    case EXISTS -> r.key();
                    case DOES_NOT_EXIST -> "!" + r.key();
                    case GREATER -> r.key() + ">" + r.values().iterator().next();
                    case LESS -> r.key() + "<" + r.values().iterator().next();
                }));
        return String.join(",", parts);
    }

    /// Recursive descent over the tokens of upstream's grammar.
    private static final class Parser {
        private static final String OPERATORS = "in, notin, =, ==, !=, gt, lt";
        private final List<String> tokens;
        private int at;

        Parser(String text) {
            tokens = tokens(text);
        }

        List<Requirement> parse() {
            List<Requirement> found = new ArrayList<>();
            while (true) {
                String token = peek();
                if (token.isEmpty()) {
                    return found;
                }
                if (!identifier(token) && !token.equals("!")) {
                    throw Refusals.badRequest("found '" + token + "', expected: !, identifier, or 'end of string'");
                }
                if (found.size() == MAX_REQUIREMENTS) {
                    throw Refusals.badRequest("more than " + MAX_REQUIREMENTS + " requirements in a label selector");
                }
                found.add(requirement());
                String next = take();
                if (next.isEmpty()) {
                    return found;
                }
                if (!next.equals(",")) {
                    throw Refusals.badRequest("found '" + next + "', expected: ',' or 'end of string'");
                }
                if (!identifier(peek()) && !peek().equals("!")) {
                    throw Refusals.badRequest("found '" + peek() + "', expected: identifier after ','");
                }
            }
        }

        private Requirement requirement() {
            boolean negated = peek().equals("!");
            if (negated) {
                take();
            }
            String key = take();
            if (!identifier(key)) {
                throw unparsable("found '" + key + "', expected: identifier");
            }
            List<String> wrong = Names.qualifiedNameErrors(key);
            if (!wrong.isEmpty()) {
                throw unparsable("key: Invalid value: " + Refusals.quoted(key) + ": " + wrong.getFirst());
            }
            if (negated || peek().isEmpty() || peek().equals(",")) {
                return new Requirement(key, negated ? Operator.DOES_NOT_EXIST : Operator.EXISTS, Set.of());
            }
            String operator = take();
            return switch (operator) {
                case "in" -> new Requirement(key, Operator.IN, values());
                case "notin" -> new Requirement(key, Operator.NOT_IN, values());
                case "=", "==" -> new Requirement(key, Operator.IN, Set.of(exactValue()));
                case "!=" -> new Requirement(key, Operator.NOT_IN, Set.of(exactValue()));
                case ">" -> new Requirement(key, Operator.GREATER, Set.of(integer(key, exactValue())));
                case "<" -> new Requirement(key, Operator.LESS, Set.of(integer(key, exactValue())));
                default -> throw unparsable("found '" + operator + "', expected: " + OPERATORS);
            };
        }

        private Set<String> values() {
            String open = take();
            if (!open.equals("(")) {
                throw unparsable("found '" + open + "' expected: '('");
            }
            Set<String> values = new TreeSet<>();
            boolean wantValue = true;
            while (true) {
                String token = take();
                if (token.equals(")")) {
                    if (wantValue) {
                        values.add("");
                    }
                    return values;
                }
                if (token.equals(",")) {
                    if (wantValue) {
                        values.add("");
                    }
                    wantValue = true;
                } else if (identifier(token) && wantValue) {
                    values.add(token);
                    wantValue = false;
                } else {
                    throw unparsable("found '" + token + "', expected: ',', ')' or identifier");
                }
            }
        }

        private String exactValue() {
            String token = peek();
            if (token.isEmpty() || token.equals(",")) {
                return "";
            }
            take();
            if (!identifier(token)) {
                throw unparsable("found '" + token + "', expected: identifier");
            }
            List<String> wrong = Names.labelValueErrors(token);
            if (!wrong.isEmpty()) {
                throw unparsable("values[0][" + "]: Invalid value: " + Refusals.quoted(token) + ": " + wrong
                        .getFirst());
            }
            return token;
        }

        private static String integer(String key, String value) {
            if (!value.matches("[+-]?[0-9]{1,18}")) {
                throw unparsable("values[0][" + key + "]: Invalid value: " + Refusals.quoted(value)
                        + ": for 'Gt', 'Lt' operators, the value must be an integer");
            }
            return value;
        }

        private static io.logplane.schemas.model.Refused unparsable(String why) {
            return Refusals.badRequest("unable to parse requirement: " + why);
        }

        private String peek() {
            return at < tokens.size() ? tokens.get(at) : "";
        }

        private String take() {
            return at < tokens.size() ? tokens.get(at++) : "";
        }

        private static boolean identifier(String token) {
            return !token.isEmpty() && "!=<>(),".indexOf(token.charAt(0)) < 0;
        }

        private static List<String> tokens(String text) {
            List<String> found = new ArrayList<>();
            int i = 0;
            while (i < text.length()) {
                char c = text.charAt(i);
                int end = i + 1;
                if (Character.isWhitespace(c)) {
                    i++;
                    continue;
                }
                if (c == '=' || c == '!') {
                    end += end < text.length() && text.charAt(end) == '=' ? 1 : 0;
                } else if ("<>(),".indexOf(c) < 0) {
                    while (end < text.length() && "!=<>(), \t\r\n".indexOf(text.charAt(end)) < 0) {
                        end++;
                    }
                }
                found.add(text.substring(i, end));
                i = end;
            }
            return found;
        }
    }
}
