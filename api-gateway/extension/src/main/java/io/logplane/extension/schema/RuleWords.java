package io.logplane.extension.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.definitions.InternalForm;
import io.logplane.schemas.definitions.InternalSchema;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.FieldError.Type;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `x-kubernetes-validations`: said completely, compiling, affordable.
final class RuleWords {
    private static final List<String> REASONS = List.of("FieldValueDuplicate", "FieldValueForbidden",
            "FieldValueInvalid", "FieldValueRequired");

    private RuleWords() {
    }

    static List<FieldError> check(String path, Structural schema) {
        List<FieldError> errors = new ArrayList<>();
        JsonNode rules = schema.raw().path(RuleTree.WORD);
        for (int i = 0; i < rules.size(); i++) {
            rule(path + "." + RuleTree.WORD + "[" + i + "]", rules.get(i), schema, errors);
        }
        return errors;
    }

    private static void rule(String path, JsonNode rule, Structural schema, List<FieldError> errors) {
        String text = Tree.text(rule, "rule").strip();
        String message = Tree.text(rule, "message");
        if (text.isEmpty()) {
            errors.add(Problems.required(path + ".rule", "rule is not specified"));
        } else if (!message.isEmpty() && message.isBlank()) {
            errors.add(Problems.invalid(path + ".message", message, "must be non-empty if specified"));
        } else if (lines(message.strip())) {
            errors.add(Problems.invalid(path + ".message", message, "must not contain line breaks"));
        } else if (lines(text) && message.isBlank()) {
            errors.add(Problems.required(path + ".message", "message must be specified if rule contains line breaks"));
        }
        String made = Tree.text(rule, "messageExpression");
        if (!made.isEmpty() && made.isBlank()) {
            errors.add(Problems.required(path + ".messageExpression",
                    "messageExpression must be non-empty if specified"));
        }
        String reason = Tree.text(rule, "reason");
        if (rule.path("reason").isTextual() && !REASONS.contains(reason)) {
            errors.add(Problems.notSupported(path + ".reason", Problems.quoted(reason), REASONS));
        }
        String field = Tree.text(rule, "fieldPath");
        if (field.isEmpty()) {
            return;
        }
        if (field.isBlank()) {
            errors.add(Problems.invalid(path + ".fieldPath", field, "must be non-empty if specified"));
        }
        if (lines(field)) {
            errors.add(Problems.invalid(path + ".fieldPath", field, "must not contain line breaks"));
        }
        if (FieldPaths.find(field, schema).isEmpty()) {
            errors.add(Problems.invalid(path + ".fieldPath", field, "must be a valid path"));
        }
    }

    private static boolean lines(String text) {
        return text.contains("\n") || text.contains("\r");
    }

    /// Shape: `often` how many values the rules may apply to, -1 for no limit; `uncorrelated` the place within which
    /// old values cannot be found, "" for none.
    static List<FieldError> compile(String path, Structural schema, boolean resource, RuleCosts costs, long often,
            String uncorrelated) {
        Optional<SizedType> type = SizedType.of(schema, resource, "object");
        if (type.isEmpty()) {
            return List.of(new FieldError(Type.INTERNAL, path + "." + RuleTree.WORD, Type.INTERNAL.label()
                    + ": internal error: failed to construct type information for x-kubernetes-validations rules: "
                    + "unable to convert structural schema to CEL declarations"));
        }
        List<FieldError> errors = new ArrayList<>();
        List<Rule> rules = Rule.all(schema.raw().path(RuleTree.WORD), type.get(), schema);
        for (int i = 0; i < rules.size(); i++) {
            String where = path + "." + RuleTree.WORD + "[" + i + "]";
            Rule rule = rules.get(i);
            long times = often < 0 ? type.get().mostOften() : often;
            rule.expression().ifPresent(expression -> errors.addAll(costs.add(where + ".rule", "estimated rule cost",
                    RuleCosts.times(expression.mostCost(type.get()), times))));
            rule.problem().ifPresent(problem -> errors.add(FieldError.invalid(where + ".rule", shown(rule.raw()),
                    problem)));
            rule.messageProblem()
                    .ifPresent(problem -> errors.add(FieldError.invalid(where + ".messageExpression", shown(
                            rule.raw()), problem)));
            rule.message().ifPresent(expression -> errors.addAll(costs.add(where + ".messageExpression",
                    "estimated messageExpression cost", expression.mostCost(type.get()))));
            if (rule.usesOld() && !uncorrelated.isEmpty()) {
                errors.add(Problems.invalid(where + ".rule", Tree.text(rule.raw(), "rule"),
                        "oldSelf cannot be used on the uncorrelatable portion of the schema within " + uncorrelated));
            } else if (!rule.usesOld() && Tree.has(rule.raw(), "optionalOldSelf")) {
                errors.add(FieldError.invalid(where + ".optionalOldSelf", Boolean.toString(rule.optionalOld()),
                        "may not be set if oldSelf is not used in rule"));
            }
        }
        return errors;
    }

    /// A rule as upstream prints the whole of it.
    private static String shown(JsonNode rule) {
        return InternalForm.text(InternalSchema.rule(rule));
    }
}
