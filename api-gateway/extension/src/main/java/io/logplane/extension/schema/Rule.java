package io.logplane.extension.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.extension.cel.CelEnvironment;
import io.logplane.extension.cel.CompileFailed;
import io.logplane.extension.cel.Expression;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One entry of `x-kubernetes-validations`, compiled.
///
/// Shape: `problem` and `messageProblem` say why there is no expression; `fieldPath` is normalised, "" for none.
record Rule(JsonNode raw, Optional<Expression> expression, Optional<String> problem, Optional<Expression> message,
        Optional<String> messageProblem, String fieldPath) {

    static final String SELF = "self";
    static final String OLD = "oldSelf";

    /// All rules of one schema, in their order; they share what they are compiled against.
    static List<Rule> all(JsonNode said, SizedType type, Structural schema) {
        Map<Boolean, CelEnvironment> environments = new HashMap<>();
        List<Rule> rules = new ArrayList<>();
        said.forEach(raw -> rules.add(of(raw, environments.computeIfAbsent(Tree.flag(raw, "optionalOldSelf"),
                optional -> environment(type, optional)), schema)));
        return List.copyOf(rules);
    }

    private static CelEnvironment environment(SizedType type, boolean optional) {
        CelEnvironment.Builder builder = CelEnvironment.builder().variable(SELF, type.type());
        return (optional ? builder.optional(OLD, type.type()) : builder.variable(OLD, type.type())).build();
    }

    private static Rule of(JsonNode raw, CelEnvironment environment, Structural schema) {
        Compiled rule = compile(environment, Tree.text(raw, "rule"), "bool", "compilation failed: ",
                "cel expression must evaluate to a bool");
        String messageSource = rule.problem.isPresent() ? "" : Tree.text(raw, "messageExpression");
        Compiled message = compile(environment, messageSource, "string",
                "messageExpression compilation failed: ", "messageExpression must evaluate to a string");
        String path = FieldPaths.find(Tree.text(raw, "fieldPath"), schema).map(FieldPaths.Found::path).orElse("");
        return new Rule(raw, rule.expression, rule.problem, message.expression, message.problem, path);
    }

    private record Compiled(Optional<Expression> expression, Optional<String> problem) {
    }

    private static Compiled compile(CelEnvironment environment, String source, String result, String failed,
            String wrongType) {
        if (source.isBlank()) {
            return new Compiled(Optional.empty(), Optional.empty());
        }
        try {
            Expression expression = environment.compile(source);
            return expression.typeName().equals(result)
                    ? new Compiled(Optional.of(expression), Optional.empty())
                    : new Compiled(Optional.empty(), Optional.of(wrongType));
        } catch (CompileFailed wrong) {
            return new Compiled(Optional.empty(), Optional.of(failed + wrong.problems()));
        }
    }

    boolean usesOld() {
        return expression.map(known -> known.names(OLD)).orElse(false);
    }

    boolean optionalOld() {
        return Tree.flag(raw, "optionalOldSelf");
    }

    /// What is said when nothing else is: the message, or the rule itself.
    String shown() {
        String message = Tree.text(raw, "message").strip();
        return message.isEmpty() ? Tree.text(raw, "rule").strip() : message;
    }

    String failure() {
        String message = Tree.text(raw, "message").strip();
        return message.isEmpty() ? "failed rule: " + shown() : message;
    }

    String reason() {
        return Tree.text(raw, "reason");
    }
}
