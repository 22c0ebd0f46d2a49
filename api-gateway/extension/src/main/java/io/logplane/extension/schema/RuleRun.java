package io.logplane.extension.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.extension.cel.Budget;
import io.logplane.extension.cel.Evaluated;
import io.logplane.extension.cel.JsonValues;
import io.logplane.schemas.model.GoText;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The rules of a schema run over one object.
///
/// Shape: members in order of their names; what a rule finds wrong with a value that did not change is a warning,
/// unless the rule speaks of the old value. Null has no rules.
/// Limits: [Budget]; nothing more is judged when it is spent.
/// Thread: one; used once.
/// Source: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/validation.go.
final class RuleRun {
    /// A message that an expression made; longer ones are not shown.
    private static final int LONGEST_MESSAGE = 5 * 1024;
    private static final String OUT_OF_BUDGET = "validation failed due to running out of cost budget, no further "
            + "validation rules will be run";

    private final Budget budget = Budget.ofRequest();
    private final List<FieldError> errors = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private boolean stopped;

    /// A value beside its old one. Shape: `here` is empty where values do not correlate; `above` is the nearest place
    /// that does.
    private record Place(Optional<Correlated> here, Optional<Correlated> above) {

        Place member(String name) {
            if (here.isEmpty()) {
                return this;
            }
            return above.isEmpty() && (name.equals("apiVersion") || name.equals("kind"))
                    ? new Place(Optional.empty(), Optional.empty())
                    : new Place(here.get().member(name), here);
        }

        Place item(int index) {
            return here.isEmpty() ? this : new Place(here.get().item(index), here);
        }

        boolean unchanged() {
            return here.isPresent()
                    ? here.get().unchanged()
                    : above.map(Correlated::unchanged).orElse(false);
        }
    }

    private RuleRun() {
    }

    /// What was found. Shape: warnings are whole texts.
    record Findings(List<FieldError> errors, List<String> warnings) {
    }

    static Findings run(RuleTree tree, JsonNode object, Optional<Correlated> correlated) {
        return run(tree, object, correlated.flatMap(Correlated::old).orElse(null), correlated);
    }

    /// A default, which was never anything else; nothing of it is forgiven.
    static List<FieldError> ofDefault(RuleTree tree, JsonNode value) {
        List<FieldError> kept = run(tree, value, value, Optional.empty()).errors;
        return kept.isEmpty() ? run(tree, value, null, Optional.empty()).errors : kept;
    }

    private static Findings run(RuleTree tree, JsonNode object, @Nullable JsonNode old,
            Optional<Correlated> correlated) {
        RuleRun run = new RuleRun();
        run.value(tree, "", object, old, new Place(correlated, Optional.empty()));
        return new Findings(List.copyOf(run.errors), List.copyOf(run.warnings));
    }

    private void value(RuleTree tree, String path, JsonNode value, @Nullable JsonNode old, Place place) {
        if (stopped || value.isNull()) {
            return;
        }
        JsonNode before = old == null || old.isNull() ? null : old;
        for (Rule rule : tree.rules()) {
            if (!stopped) {
                rule(tree, rule, path, value, before, place);
            }
        }
        if (value.isArray()) {
            tree.items().ifPresent(items -> items(tree, items, path, value, before, place));
        } else if (value.isObject()) {
            value.properties().stream().sorted(Map.Entry.comparingByKey()).forEach(member -> {
                String name = member.getKey();
                JsonNode earlier = before == null ? null : before.get(name);
                RuleTree property = tree.properties().get(name);
                if (property != null) {
                    value(property, Problems.child(path, name), member.getValue(), earlier, place.member(name));
                } else if (!tree.schema().properties().containsKey(name)) {
                    tree.additional().ifPresent(further -> value(further, Problems.key(path, name), member.getValue(),
                            earlier, place.member(name)));
                }
            });
        }
    }

    private void items(RuleTree tree, RuleTree items, String path, JsonNode list, @Nullable JsonNode old, Place place) {
        boolean keyed = tree.schema().listType().equals("map") && old != null && old.isArray();
        ListKeys before = keyed && old != null ? ListKeys.of(old, tree.schema()) : null;
        for (int i = 0; i < list.size(); i++) {
            JsonNode item = list.get(i);
            value(items, path + "[" + i + "]", item, before == null ? null : before.same(item).orElse(null), place.item(
                    i));
        }
    }

    private void rule(RuleTree tree, Rule rule, String path, JsonNode value, @Nullable JsonNode old, Place place) {
        String where = path.isEmpty() ? Problems.NOWHERE : path;
        String type = tree.schema().type();
        if (rule.problem().isPresent()) {
            errors.add(Problems.invalid(where, type, "rule compile error: " + rule.problem().get()));
            return;
        }
        boolean skipped = rule.usesOld() && old == null && !rule.optionalOld();
        if (rule.expression().isEmpty() || skipped) {
            return;
        }
        Map<String, Object> variables = variables(tree, rule, value, old);
        switch (rule.expression().get().evaluate(variables, budget)) {
            case Evaluated.OverBudget over -> {
                errors.add(Problems.invalid(where, type, over.request()
                        ? OUT_OF_BUDGET
                        : "'" + Evaluated.OVER_LIMIT + "': no further validation rules will be run due to call cost "
                                + "exceeds limit for rule: " + rule.shown()));
                stopped = true;
            }
            case Evaluated.Failed failed -> errors.add(Problems.invalid(where, type, failed.message().startsWith(
                    "no such overload")
                            ? "'" + failed.message() + "': call arguments did not match a supported operator, function "
                                    + "or macro signature for rule: " + rule.shown()
                            : failed.message() + " evaluating rule: " + rule.shown()));
            case Evaluated.Value result -> {
                if (!result.isTrue()) {
                    broken(tree, rule, path, value, variables, place);
                }
            }
        }
    }

    private static Map<String, Object> variables(RuleTree tree, Rule rule, JsonNode value, @Nullable JsonNode old) {
        Map<String, Object> variables = new HashMap<>();
        variables.put(Rule.SELF, JsonValues.of(value, tree.type().type()));
        if (rule.optionalOld()) {
            variables.put(Rule.OLD, old == null
                    ? Optional.empty()
                    : Optional.of(JsonValues.of(old, tree.type().type())));
        } else if (old != null) {
            variables.put(Rule.OLD, JsonValues.of(old, tree.type().type()));
        }
        return variables;
    }

    private void broken(RuleTree tree, Rule rule, String path, JsonNode value, Map<String, Object> variables,
            Place place) {
        String full = rule.fieldPath().isEmpty() ? path : Problems.child(path, rule.fieldPath());
        String where = full.isEmpty() ? Problems.NOWHERE : full;
        String type = tree.schema().type();
        String detail = rule.failure();
        if (rule.message().isPresent()) {
            switch (rule.message().get().evaluate(variables, budget)) {
                case Evaluated.OverBudget over -> {
                    add(rule, place, Problems.invalid(where, type, over.request()
                            ? "messageExpression evaluation failed due to running out of cost budget, no further "
                                    + "validation rules will be run"
                            : "no further validation rules will be run due to call cost exceeds limit for "
                                    + "messageExpression: " + GoText.quote(Tree.text(rule.raw(),
                                            "messageExpression"))));
                    stopped = true;
                    return;
                }
                case Evaluated.Failed _ -> {
                }
                case Evaluated.Value made -> detail = usable(made.value()).orElse(detail);
            }
        }
        boolean shown = !type.equals("object") && !type.equals("array");
        add(rule, place, switch (rule.reason()) {
            case "FieldValueForbidden" -> Problems.forbidden(where, detail);
            case "FieldValueRequired" -> Problems.required(where, detail);
            case "FieldValueDuplicate" -> shown ? Problems.duplicate(where, value) : Problems.duplicate(where);
            default -> shown ? Problems.invalid(where, value, detail) : Problems.invalid(where, detail);
        });
    }

    private static Optional<String> usable(Object made) {
        return made instanceof String text
                ? Optional.of(text.strip()).filter(message -> !message.isEmpty() && !message
                        .contains("\n") && message.length() <= LONGEST_MESSAGE)
                : Optional.empty();
    }

    private void add(Rule rule, Place place, FieldError error) {
        if (!rule.usesOld() && place.unchanged()) {
            warnings.add(error.field() + ": " + error.message());
        } else {
            errors.add(error);
        }
    }
}
