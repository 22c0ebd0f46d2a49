package io.logplane.schemas.model;

import io.logplane.schemas.model.LabelSelector.Operator;
import io.logplane.schemas.model.LabelSelector.Requirement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Reads the query form of a label selector.
///
/// ```
/// selector    = [ requirement { "," requirement } ]
/// requirement = [ "!" ] key | key operator value | key ( "in" | "notin" ) "(" [ value ] { "," [ value ] } ")"
/// operator    = "=" | "==" | "!=" | ">" | "<"
/// ```
/// Thread: one parser, one thread, one text.
final class LabelSelectorParser {
    private static final String SYMBOLS = "=!(),><";
    private static final Set<String> SYMBOL_TOKENS = Set.of("=", "==", "!=", "!", "(", ")", ",", ">", "<");
    private static final String OPERATORS = "in, notin, =, ==, !=, gt, lt";

    private enum Kind {
        WORD, SYMBOL, END, ERROR
    }

    private record Token(Kind kind, String text) {
        boolean is(String symbol) {
            return kind == Kind.SYMBOL && text.equals(symbol);
        }
    }

    private final Deque<Token> tokens = new ArrayDeque<>();

    LabelSelectorParser(String text) {
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (isSpace(c)) {
                at++;
            } else if (SYMBOLS.indexOf(c) >= 0) {
                Token token = symbol(text, at);
                tokens.add(token);
                at += token.kind == Kind.ERROR ? text.length() : token.text.length();
            } else {
                int end = at;
                while (end < text.length() && !isSpace(text.charAt(end)) && SYMBOLS.indexOf(text.charAt(end)) < 0) {
                    end++;
                }
                tokens.add(new Token(Kind.WORD, text.substring(at, end)));
                at = end;
            }
        }
        tokens.add(new Token(Kind.END, ""));
    }

    List<Requirement> parse() {
        List<Requirement> all = new ArrayList<>();
        while (peek().kind != Kind.END) {
            if (!startsRequirement(peek())) {
                throw refused("found '" + peek().text + "', expected: !, identifier, or 'end of string'");
            }
            try {
                all.add(requirement());
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException("unable to parse requirement: " + wrong.getMessage(), wrong);
            }
            Token next = next();
            if (next.is(",")) {
                if (!startsRequirement(peek())) {
                    throw refused("found '" + peek().text + "', expected: identifier after ','");
                }
            } else if (next.kind != Kind.END) {
                throw refused("found '" + next.text + "', expected: ',' or 'end of string'");
            } else {
                break;
            }
        }
        return all;
    }

    private Requirement requirement() {
        boolean absent = peek().is("!");
        if (absent) {
            next();
        }
        Token key = next();
        if (key.kind != Kind.WORD) {
            throw refused("found '" + key.text + "', expected: identifier");
        }
        requireKey(key.text);
        if (absent || peek().kind == Kind.END || peek().is(",")) {
            return new Requirement(key.text, absent ? Operator.ABSENT : Operator.EXISTS, List.of());
        }
        Operator operator = operator();
        List<String> values = operator == Operator.IN || operator == Operator.NOT_IN ? valueSet() : List.of(value());
        return checked(new Requirement(key.text, operator, values));
    }

    private Operator operator() {
        Token token = next();
        return switch (token.kind == Kind.END ? "" : token.text) {
            case "in" -> Operator.IN;
            case "notin" -> Operator.NOT_IN;
            case "=" -> Operator.EQUALS;
            case "==" -> Operator.DOUBLE_EQUALS;
            case "!=" -> Operator.NOT_EQUALS;
            case ">" -> Operator.GREATER;
            case "<" -> Operator.LESS;
            default -> throw refused("found '" + token.text + "', expected: " + OPERATORS);
        };
    }

    private String value() {
        if (peek().kind == Kind.END || peek().is(",")) {
            return "";
        }
        Token token = next();
        if (token.kind != Kind.WORD) {
            throw refused("found '" + token.text + "', expected: identifier");
        }
        return token.text;
    }

    private List<String> valueSet() {
        Token open = next();
        if (!open.is("(")) {
            throw refused("found '" + open.text + "' expected: '('");
        }
        TreeSet<String> values = new TreeSet<>();
        boolean valueWanted = true;
        while (true) {
            Token token = next();
            if (token.kind == Kind.WORD) {
                if (!valueWanted) {
                    throw refused("found '" + token.text + "', expected: ',' or ')'");
                }
                values.add(token.text);
                valueWanted = false;
            } else if (token.is(",") || token.is(")")) {
                if (valueWanted) {
                    values.add("");
                }
                if (token.is(")")) {
                    return List.copyOf(values);
                }
                valueWanted = true;
            } else {
                throw refused("found '" + token.text + "', expected: "
                        + (values.isEmpty()
                                ? "',', ')' or identifier"
                                : valueWanted
                                        ? "',', or identifier"
                                        : "',' or ')'"));
            }
        }
    }

    private static Requirement checked(Requirement requirement) {
        boolean number = requirement.operator() == Operator.GREATER || requirement.operator() == Operator.LESS;
        List<String> values = requirement.values();
        List<String> problems = new ArrayList<>();
        for (int i = 0; number && i < values.size(); i++) {
            if (!isInteger(values.get(i))) {
                problems.add("values[" + i + "]: Invalid value: " + GoText.quote(values.get(i))
                        + ": for 'Gt', 'Lt' operators, the value must be an integer");
            }
        }
        for (int i = 0; i < values.size(); i++) {
            List<String> wrong = NameFormat.LABEL_VALUE.errors(values.get(i));
            if (!wrong.isEmpty()) {
                problems.add("values[" + i + "][" + requirement.key() + "]: Invalid value: " + GoText.quote(values.get(
                        i)) + ": " + String.join("; ", wrong));
            }
        }
        if (!problems.isEmpty()) {
            throw refused(problems.size() == 1 ? problems.getFirst() : "[" + String.join(", ", problems) + "]");
        }
        return requirement;
    }

    private static boolean isInteger(String text) {
        try {
            Long.parseLong(text);
            return text.chars().allMatch(c -> c < 0x80);
        } catch (NumberFormatException notAnInteger) {
            return false;
        }
    }

    private static void requireKey(String key) {
        List<String> wrong = NameFormat.QUALIFIED.errors(key);
        if (!wrong.isEmpty()) {
            throw refused("<nil>: Invalid value: " + GoText.quote(key) + ": " + String.join("; ", wrong));
        }
    }

    private static boolean startsRequirement(Token token) {
        return token.kind == Kind.WORD || token.is("!");
    }

    private Token peek() {
        return tokens.getFirst();
    }

    private Token next() {
        Token first = tokens.getFirst();
        return first.kind == Kind.END ? first : tokens.removeFirst();
    }

    private static Token symbol(String text, int at) {
        int end = Math.min(at + 2, text.length());
        for (; end > at; end--) {
            if (SYMBOL_TOKENS.contains(text.substring(at, end))) {
                return new Token(Kind.SYMBOL, text.substring(at, end));
            }
        }
        return new Token(Kind.ERROR, "error expected: keyword found '" + text.substring(at) + "'");
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static IllegalArgumentException refused(String text) {
        return new IllegalArgumentException(text);
    }
}
