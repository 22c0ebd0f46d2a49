package io.logplane.extension.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.GoText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A JSONPath of a printer column, a selectable field or the scale subresource, read once.
///
/// | form | finds |
/// |---|---|
/// | `.a.b`, `['a.b']`, `\.` in a name | a member |
/// | `[0]`, `[-1]`, `[0:2]`, `[*]`, `.*` | items, or the values of members |
/// | `..a` | members of that name at any depth |
/// | `[?(@.type=="Ready")]` | items for which it holds; `==`, `!=`, `<`, `<=`, `>`, `>=`, or that have the member |
///
/// Shape: what is missing is simply not found. Thread: any; immutable.
/// Limits: [#MAX_FOUND] values. Errors: IllegalArgumentException for a path that cannot be read.
/// Source: k8s.io/client-go/util/jsonpath.
public final class ColumnPath {
    /// More than any cell of a table could show.
    public static final int MAX_FOUND = 1_000;

    private final List<Step> steps;

    private ColumnPath(List<Step> steps) {
        this.steps = List.copyOf(steps);
    }

    /// Shape: with the dot in front, as definitions write it.
    public static ColumnPath of(String path) {
        return new ColumnPath(new Reader(path).steps(path.length()));
    }

    /// Everything the path finds, in order.
    public List<JsonNode> find(JsonNode from) {
        List<JsonNode> found = List.of(from);
        for (Step step : steps) {
            List<JsonNode> next = new ArrayList<>();
            for (JsonNode node : found) {
                step.find(node, next);
            }
            found = next;
        }
        return found;
    }

    /// The first value; empty when there is none or it is null.
    public Optional<JsonNode> first(JsonNode from) {
        return find(from).stream().findFirst().filter(node -> !node.isNull());
    }

    private sealed interface Step {
        void find(JsonNode node, List<JsonNode> out);
    }

    private static void add(JsonNode node, List<JsonNode> out) {
        if (!node.isMissingNode() && out.size() < MAX_FOUND) {
            out.add(node);
        }
    }

    private record Member(String name) implements Step {
        @Override
        public void find(JsonNode node, List<JsonNode> out) {
            add(node.path(name), out);
        }
    }

    private record Everything() implements Step {
        @Override
        public void find(JsonNode node, List<JsonNode> out) {
            node.forEach(item -> add(item, out));
        }
    }

    private record Anywhere(String name) implements Step {
        @Override
        public void find(JsonNode node, List<JsonNode> out) {
            if (node.isObject()) {
                add(node.path(name), out);
            }
            node.forEach(item -> find(item, out));
        }
    }

    /// Items from `from` up to but without `to`; negative ones count from the end. Beyond the list there is nothing.
    private record Range(int from, Optional<Integer> to, int step) implements Step {
        @Override
        public void find(JsonNode node, List<JsonNode> out) {
            if (!node.isArray()) {
                return;
            }
            int start = from < 0 ? node.size() + from : from;
            int wanted = to.map(end -> end < 0 ? node.size() + end : end).orElse(node.size());
            if (start < 0 || start > wanted || wanted > node.size()) {
                return;
            }
            for (int i = start; i < wanted; i += step) {
                add(node.get(i), out);
            }
        }
    }

    private record Single(int index) implements Step {
        @Override
        public void find(JsonNode node, List<JsonNode> out) {
            if (node.isArray()) {
                add(node.path(index < 0 ? node.size() + index : index), out);
            }
        }
    }

    /// Items for which a comparison holds; without an operator, those that have the left side.
    private record Filter(List<Step> left, String operator, List<Step> right, Optional<String> literal)
            implements
                Step {
        @Override
        public void find(JsonNode node, List<JsonNode> out) {
            for (JsonNode item : node) {
                Optional<JsonNode> value = run(left, item);
                if (value.isPresent() && (operator.isEmpty() || holds(value.get(), item))) {
                    add(item, out);
                }
            }
        }

        private static Optional<JsonNode> run(List<Step> steps, JsonNode item) {
            return new ColumnPath(steps).find(item).stream().findFirst();
        }

        private boolean holds(JsonNode value, JsonNode item) {
            String other = literal.orElseGet(() -> run(right, item).map(JsonNode::asText).orElse(""));
            int order = value.isNumber() && number(other)
                    ? Double.compare(value.doubleValue(), Double.parseDouble(other))
                    : value.asText().compareTo(other);
            return switch (operator) {
                case "==" -> order == 0;
                case "!=" -> order != 0;
                case "<" -> order < 0;
                case "<=" -> order <= 0;
                case ">" -> order > 0;
                default -> order >= 0;
            };
        }

        private static boolean number(String text) {
            return text.matches("-?[0-9]+(\\.[0-9]+)?");
        }
    }

    /// Reads a path from left to right.
    private static final class Reader {
        private final String path;
        private int at;

        Reader(String path) {
            this.path = path;
        }

        List<Step> steps(int end) {
            List<Step> steps = new ArrayList<>();
            while (at < end) {
                char c = path.charAt(at);
                if (c == '.') {
                    at++;
                    dot(end, steps);
                } else if (c == '[') {
                    int close = closing(at);
                    bracket(path.substring(at + 1, close), steps);
                    at = close + 1;
                } else if (c == '@' || c == '$') {
                    at++;
                } else {
                    throw wrong("unrecognized character in action: " + Character.toString(c));
                }
            }
            return steps;
        }

        private void dot(int end, List<Step> steps) {
            boolean deep = at < end && path.charAt(at) == '.';
            at += deep ? 1 : 0;
            String name = name(end);
            if (name.equals("*")) {
                steps.add(new Everything());
            } else if (!name.isEmpty()) {
                steps.add(deep ? new Anywhere(name) : new Member(name));
            } else if (deep) {
                throw wrong("empty name behind ..");
            }
        }

        private String name(int end) {
            StringBuilder name = new StringBuilder();
            while (at < end && path.charAt(at) != '.' && path.charAt(at) != '[') {
                if (path.charAt(at) == '\\' && at + 1 < end) {
                    at++;
                }
                name.append(path.charAt(at++));
            }
            return name.toString();
        }

        private int closing(int open) {
            int depth = 0;
            char quote = 0;
            for (int i = open; i < path.length(); i++) {
                char c = path.charAt(i);
                if (quote != 0) {
                    quote = c == quote && path.charAt(i - 1) != '\\' ? 0 : quote;
                } else if (c == '\'' || c == '"') {
                    quote = c;
                } else if (c == '[') {
                    depth++;
                } else if (c == ']' && --depth == 0) {
                    return i;
                }
            }
            throw wrong("unterminated array");
        }

        private void bracket(String inside, List<Step> steps) {
            String text = inside.strip();
            if (text.equals("*")) {
                steps.add(new Everything());
            } else if (text.startsWith("?(") && text.endsWith(")")) {
                steps.add(filter(text.substring(2, text.length() - 1)));
            } else if (text.length() > 1 && (text.startsWith("'") || text.startsWith("\""))) {
                steps.add(new Member(text.substring(1, text.length() - 1).replace("\\", "")));
            } else if (text.matches("-?[0-9]{1,9}")) {
                steps.add(new Single(Integer.parseInt(text)));
            } else if (text.matches("-?[0-9]{0,9}:-?[0-9]{0,9}(:[1-9][0-9]{0,8})?")) {
                String[] parts = text.split(":", -1);
                steps.add(new Range(parts[0].isEmpty() ? 0 : Integer.parseInt(parts[0]), parts[1].isEmpty()
                        ? Optional.empty()
                        : Optional.of(Integer.parseInt(parts[1])), parts.length > 2 ? Integer.parseInt(parts[2]) : 1));
            } else {
                throw wrong("invalid array index " + text);
            }
        }

        private Filter filter(String text) {
            for (String operator : List.of("==", "!=", "<=", ">=", "<", ">")) {
                int where = text.indexOf(operator);
                if (where >= 0) {
                    String right = text.substring(where + operator.length()).strip();
                    boolean path = right.startsWith("@");
                    return new Filter(part(text.substring(0, where)), operator, path ? part(right) : List.of(), path
                            ? Optional.empty()
                            : Optional.of(literal(right)));
                }
            }
            return new Filter(part(text), "", List.of(), Optional.empty());
        }

        private static List<Step> part(String text) {
            String path = text.strip();
            return new Reader(path).steps(path.length());
        }

        private static String literal(String text) {
            boolean quoted = text.length() > 1 && (text.startsWith("'") || text.startsWith("\""));
            return quoted ? text.substring(1, text.length() - 1) : text;
        }

        private IllegalArgumentException wrong(String text) {
            return new IllegalArgumentException(text + " in " + GoText.quote(path));
        }
    }
}
