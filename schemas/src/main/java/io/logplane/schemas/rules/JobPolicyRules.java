package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// When a Job gives up or has done enough: podFailurePolicy and successPolicy.
///
/// Source: k8s.io/kubernetes/pkg/apis/batch/validation.
final class JobPolicyRules {
    private static final int MAX_RULES = 20;
    private static final int MAX_EXIT_CODES = 255;
    private static final int MAX_PATTERNS = 20;
    private static final int MAX_INDEXES_LENGTH = 64 * 1024;
    private static final String[] ACTIONS = {"Count", "FailIndex", "FailJob", "Ignore"};
    private static final String[] OPERATORS = {"In", "NotIn"};
    private static final String[] STATUSES = {"False", "True", "Unknown"};

    private JobPolicyRules() {
    }

    static void failure(JsonNode spec, String path, Problems problems) {
        List<ObjectNode> rules = Tree.objects(spec, "podFailurePolicy.rules");
        String at = path + ".podFailurePolicy.rules";
        if (rules.size() > MAX_RULES) {
            problems.tooMany(at, rules.size(), MAX_RULES);
        }
        Set<String> containers = new HashSet<>();
        for (String list : List.of("containers", "initContainers")) {
            Tree.objects(spec, "template.spec." + list).forEach(c -> containers.add(Tree.text(c, "name")));
        }
        for (int i = 0; i < rules.size(); i++) {
            failureRule(rules.get(i), at + "[" + i + "]", Tree.has(spec, "backoffLimitPerIndex"), containers, problems);
        }
    }

    private static void failureRule(ObjectNode rule, String at, boolean perIndex, Set<String> containers,
            Problems problems) {
        if (!Tree.text(rule, "action").equals("FailIndex")) {
            choice(rule, at, "action", ACTIONS, problems);
        } else if (!perIndex) {
            problems.invalid(at + ".action", "FailIndex", "requires the backoffLimitPerIndex to be set");
        }
        boolean codes = Tree.has(rule, "onExitCodes");
        List<ObjectNode> conditions = Tree.objects(rule, "onPodConditions");
        if (codes) {
            exitCodes(rule.path("onExitCodes"), at + ".onExitCodes", containers, problems);
        }
        if (conditions.size() > MAX_PATTERNS) {
            problems.tooMany(at + ".onPodConditions", conditions.size(), MAX_PATTERNS);
        }
        for (int i = 0; i < conditions.size(); i++) {
            String pattern = at + ".onPodConditions[" + i + "]";
            problems.format(NameFormat.QUALIFIED, pattern + ".type", Tree.text(conditions.get(i), "type"));
            choice(conditions.get(i), pattern, "status", STATUSES, problems);
        }
        if (codes && !conditions.isEmpty()) {
            problems.invalid(at, "specifying both OnExitCodes and OnPodConditions is not supported");
        }
        if (!codes && conditions.isEmpty()) {
            problems.invalid(at, "specifying one of OnExitCodes and OnPodConditions is required");
        }
    }

    private static void exitCodes(JsonNode codes, String at, Set<String> containers, Problems problems) {
        choice(codes, at, "operator", OPERATORS, problems);
        if (Tree.has(codes, "containerName") && !containers.contains(Tree.text(codes, "containerName"))) {
            problems.invalid(at + ".containerName", Tree.text(codes, "containerName"),
                    "must be one of the container or initContainer names in the pod template");
        }
        JsonNode values = codes.path("values");
        if (values.isEmpty()) {
            problems.invalid(at + ".values", values, "at least one value is required");
        } else if (values.size() > MAX_EXIT_CODES) {
            problems.tooMany(at + ".values", values.size(), MAX_EXIT_CODES);
        }
        Set<Long> seen = new HashSet<>();
        boolean ordered = true;
        for (int i = 0; i < values.size(); i++) {
            long value = values.get(i).asLong();
            if (value == 0 && Tree.text(codes, "operator").equals("In")) {
                problems.invalid(at + ".values[" + i + "]", value, "must not be 0 for the In operator");
            }
            if (!seen.add(value)) {
                problems.duplicate(at + ".values[" + i + "]", value);
            }
            ordered &= i == 0 || values.get(i - 1).asLong() <= value;
        }
        if (!ordered) {
            problems.invalid(at + ".values", values, "must be ordered");
        }
    }

    /// A field with a closed set of values whose absence names them.
    private static void choice(JsonNode parent, String at, String field, String[] supported, Problems problems) {
        if (Tree.text(parent, field).isEmpty()) {
            problems.required(at + "." + field, "valid values: [" + String.join(" ", List.of(supported).stream()
                    .map(Problems::quoted).toList()) + "]");
        } else {
            problems.oneOf(parent, at, field, supported);
        }
    }

    /// Only for Jobs with indexes.
    static void success(JsonNode spec, String path, Problems problems) {
        List<ObjectNode> rules = Tree.objects(spec, "successPolicy.rules");
        String at = path + ".successPolicy.rules";
        if (rules.isEmpty()) {
            problems.required(at, "at least one rules must be specified when the successPolicy is specified");
        }
        if (rules.size() > MAX_RULES) {
            problems.tooMany(at, rules.size(), MAX_RULES);
        }
        for (int i = 0; i < rules.size(); i++) {
            successRule(rules.get(i), at + "[" + i + "]", Tree.number(spec, "completions"), problems);
        }
    }

    private static void successRule(ObjectNode rule, String at, long completions, Problems problems) {
        boolean counted = Tree.has(rule, "succeededCount");
        boolean indexed = Tree.has(rule, "succeededIndexes");
        if (!counted && !indexed) {
            problems.required(at, "at least one of succeededCount or succeededIndexes must be specified");
        }
        long indexes = 0;
        if (indexed) {
            String text = Tree.text(rule, "succeededIndexes");
            if (text.length() > MAX_INDEXES_LENGTH) {
                problems.tooLong(at + ".succeededIndexes", MAX_INDEXES_LENGTH);
            }
            try {
                indexes = JobIndexes.parse(text, completions).count();
            } catch (IllegalArgumentException wrong) {
                problems.invalid(at + ".succeededIndexes", text, "error parsing succeededIndexes: "
                        + wrong.getMessage());
            }
        }
        if (counted) {
            long count = Tree.number(rule, "succeededCount");
            problems.notNegative(rule, at, "succeededCount");
            if (count > completions) {
                problems.invalid(at + ".succeededCount", count, "must be less than or equal to " + completions
                        + " (the number of specified completions)");
            }
            if (indexed && count > indexes) {
                problems.invalid(at + ".succeededCount", count, "must be less than or equal to " + indexes
                        + " (the number of indexes in the specified succeededIndexes field)");
            }
        }
    }
}
