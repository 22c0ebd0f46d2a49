package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/// Conditions of the common kind (metav1.Condition): one of each type, with a reason, a status and a time.
///
/// Source: k8s.io/apimachinery/pkg/apis/meta/v1/validation.
final class ConditionRules {
    private static final int MAX_REASON = 1024;
    private static final int MAX_MESSAGE = 32 * 1024;
    private static final String REASON_FORM = "[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?";
    private static final Pattern REASON = Pattern.compile(REASON_FORM);

    private ConditionRules() {
    }

    static void check(JsonNode conditions, String path, Problems problems) {
        Set<String> types = new HashSet<>();
        for (int i = 0; i < conditions.size(); i++) {
            String at = path + "[" + i + "]";
            if (!types.add(Tree.text(conditions.get(i), "type"))) {
                problems.duplicate(at + ".type", Tree.text(conditions.get(i), "type"));
            }
            condition(conditions.get(i), at, problems);
        }
    }

    private static void condition(JsonNode condition, String at, Problems problems) {
        problems.format(NameFormat.QUALIFIED, at + ".type", Tree.text(condition, "type"));
        String status = Tree.text(condition, "status");
        if (!Set.of("True", "False", "Unknown").contains(status)) {
            problems.notSupported(at + ".status", status, "False", "True", "Unknown");
        }
        if (Tree.number(condition, "observedGeneration") < 0) {
            problems.invalid(at + ".observedGeneration", Tree.number(condition, "observedGeneration"),
                    "must be greater than or equal to zero");
        }
        if (!Tree.has(condition, "lastTransitionTime")) {
            problems.required(at + ".lastTransitionTime");
        }
        String reason = Tree.text(condition, "reason");
        if (reason.isEmpty()) {
            problems.required(at + ".reason");
        } else if (!REASON.matcher(reason).matches()) {
            problems.invalid(at + ".reason", reason, "a condition reason must start with alphabetic character, "
                    + "optionally followed by a string of alphanumeric characters or '_,:', and must end with an "
                    + "alphanumeric character or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or "
                    + "'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is '" + REASON_FORM + "')");
        }
        if (reason.length() > MAX_REASON) {
            problems.tooLong(at + ".reason", MAX_REASON);
        }
        if (Tree.text(condition, "message").length() > MAX_MESSAGE) {
            problems.tooLong(at + ".message", MAX_MESSAGE);
        }
    }
}
