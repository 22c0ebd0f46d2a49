package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;

/// What Jobs and the templates of CronJobs have in common: all but the selector.
///
/// Source: k8s.io/kubernetes/pkg/apis/batch/validation.
final class JobSpecRules {
    /// Bounds of texts in the status that name indexes one by one.
    private static final int MAX_INDEXED = 100_000;
    private static final int MAX_OF_MANY = 10_000;
    private static final String WITH_MANY = " when completions are above " + MAX_INDEXED
            + " and used with backoff limit per index";
    private static final String MODE_NEEDED = "requires indexed completion mode";

    private static final String URL_PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";

    private JobSpecRules() {
    }

    static void check(JsonNode spec, String path, Problems problems) {
        problems.notNegative(spec, path, "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit",
                "ttlSecondsAfterFinished", "backoffLimitPerIndex", "maxFailedIndexes");
        if (Tree.has(spec, "maxFailedIndexes") && !Tree.has(spec, "backoffLimitPerIndex")) {
            problems.required(path + ".backoffLimitPerIndex", "when maxFailedIndexes is specified");
        }
        if (Tree.has(spec, "managedBy")) {
            managedBy(Tree.text(spec, "managedBy"), path + ".managedBy", problems);
        }
        completionMode(spec, path, problems);
        if (Tree.has(spec, "podFailurePolicy")) {
            JobPolicyRules.failure(spec, path, problems);
        }
        if (Tree.has(spec, "successPolicy")) {
            if (!JobRules.isIndexed(spec)) {
                problems.invalid(path + ".successPolicy", GoStruct.of(spec.path("successPolicy"), "SuccessPolicy"),
                        MODE_NEEDED);
            } else if (Tree.has(spec, "completions")) {
                JobPolicyRules.success(spec, path, problems);
            }
        }
        if (Tree.has(spec, "podFailurePolicy")) {
            problems.oneOfIfSet(spec, path, "podReplacementPolicy", "Failed");
        } else {
            problems.oneOfIfSet(spec, path, "podReplacementPolicy", "Failed", "TerminatingOrFailed");
        }
        PodSpecRules.template(spec.path("template"), path + ".template", problems);
        restartPolicy(spec, path + ".template.spec.restartPolicy", problems);
    }

    private static void completionMode(JsonNode spec, String path, Problems problems) {
        problems.oneOfIfSet(spec, path, "completionMode", "NonIndexed", "Indexed");
        if (JobRules.isIndexed(spec)) {
            indexed(spec, path, problems);
        }
        String mode = Tree.text(spec, "completionMode");
        if (mode.isEmpty() || mode.equals("NonIndexed")) {
            for (String field : new String[]{"backoffLimitPerIndex", "maxFailedIndexes"}) {
                if (Tree.has(spec, field)) {
                    problems.invalid(path + "." + field, Tree.number(spec, field), MODE_NEEDED);
                }
            }
        }
    }

    private static void indexed(JsonNode spec, String path, Problems problems) {
        long parallelism = Tree.number(spec, "parallelism");
        long completions = Tree.number(spec, "completions");
        long failures = Tree.number(spec, "maxFailedIndexes");
        String failuresAt = path + ".maxFailedIndexes";
        if (!Tree.has(spec, "completions")) {
            problems.required(path + ".completions", "when completion mode is Indexed");
        }
        if (parallelism > MAX_INDEXED) {
            problems.invalid(path + ".parallelism", parallelism, "must be less than or equal to " + MAX_INDEXED
                    + " when completion mode is Indexed");
        }
        if (Tree.has(spec, "completions") && failures > completions) {
            problems.invalid(failuresAt, failures, "must be less than or equal to completions");
        }
        if (failures > MAX_INDEXED) {
            problems.invalid(failuresAt, failures, "must be less than or equal to " + MAX_INDEXED);
        }
        if (completions <= MAX_INDEXED || !Tree.has(spec, "backoffLimitPerIndex")) {
            return;
        }
        if (!Tree.has(spec, "maxFailedIndexes")) {
            problems.required(failuresAt, "must be specified when completions is above " + MAX_INDEXED);
        }
        if (parallelism > MAX_OF_MANY) {
            problems.invalid(path + ".parallelism", parallelism,
                    "must be less than or equal to " + MAX_OF_MANY + WITH_MANY);
        }
        if (failures > MAX_OF_MANY) {
            problems.invalid(failuresAt, failures, "must be less than or equal to " + MAX_OF_MANY + WITH_MANY);
        }
    }

    private static void managedBy(String value, String at, Problems problems) {
        int slash = value.indexOf('/');
        if (value.isEmpty()) {
            problems.required(at);
        } else if (slash <= 0 || slash == value.length() - 1) {
            problems.invalid(at, value, "must be a domain-prefixed path (such as \"acme.io/foo\")");
        } else {
            problems.format(NameFormat.SUBDOMAIN, at, value.substring(0, slash));
            String path = value.substring(slash + 1);
            if (!path.matches(URL_PATH)) {
                problems.invalid(at, path, "Invalid path (regex used for validation is '" + URL_PATH + "')");
            }
        }
        if (value.length() > NameFormat.LABEL_LENGTH) {
            problems.tooLong(at, NameFormat.LABEL_LENGTH);
        }
    }

    private static void restartPolicy(JsonNode spec, String at, Problems problems) {
        String policy = Tree.text(spec, "template.spec.restartPolicy");
        if (policy.equals("Always") || policy.isEmpty()) {
            problems.required(at, "valid values: \"OnFailure\", \"Never\"");
        } else if (!policy.equals("OnFailure") && !policy.equals("Never")) {
            problems.notSupported(at, policy, "OnFailure", "Never");
        } else if (Tree.has(spec, "podFailurePolicy") && !policy.equals("Never")) {
            problems.invalid(at, policy, "only \"Never\" is supported when podFailurePolicy is specified");
        }
    }

    /// Lists of indexes can grow longer than a status may be.
    static void warn(JsonNode spec, String path, Warnings warnings) {
        if (JobRules.isIndexed(spec) && Tree.number(spec, "completions") > MAX_INDEXED
                && Tree.number(spec, "parallelism") > MAX_OF_MANY) {
            warnings.add(path, "In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher "
                    + "than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes "
                    + "fail");
        }
    }
}
