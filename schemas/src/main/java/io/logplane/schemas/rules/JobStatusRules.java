package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a Job's status may say and how it may change: conditions that end it stay, counters do not fall, and what has
/// ended has nothing left running. A rule about fields that an update leaves as they are does not hold it up.
///
/// Source: k8s.io/kubernetes/pkg/apis/batch/validation, pkg/registry/batch/job.
final class JobStatusRules {
    private static final String CONDITIONS = "status.conditions";
    private static final List<String> TERMINAL = List.of("Failed", "Complete", "FailureTarget");

    private final JsonNode spec;
    private final JsonNode now;
    private final JsonNode before;
    private final Problems problems;

    private JobStatusRules(ObjectNode object, ObjectNode old, Problems problems) {
        this.spec = object.path("spec");
        this.now = object.path("status");
        this.before = old.path("status");
        this.problems = problems;
    }

    static void check(ObjectNode object, ObjectNode old, Problems problems) {
        JobStatusRules rules = new JobStatusRules(object, old, problems);
        problems.notNegative(rules.now, "status", "active", "succeeded", "failed", "ready", "terminating");
        rules.uncounted();
        rules.ends();
        rules.finished();
        rules.indexes();
        rules.conditions();
        rules.transitions();
    }

    private void uncounted() {
        Set<String> seen = new HashSet<>();
        for (String list : List.of("succeeded", "failed")) {
            List<String> pods = Tree.texts(now, "uncountedTerminatedPods." + list);
            for (int i = 0; i < pods.size(); i++) {
                String at = "status.uncountedTerminatedPods." + list + "[" + i + "]";
                if (pods.get(i).isEmpty()) {
                    problems.invalid(at, "", "must not be empty");
                } else if (!seen.add(pods.get(i))) {
                    problems.duplicate(at, pods.get(i));
                }
            }
        }
    }

    /// How the ending conditions and times go together.
    private void ends() {
        boolean complete = is(now, "Complete");
        boolean failed = is(now, "Failed");
        if (changed("Complete", "Failed") && complete && failed) {
            problems.invalid(CONDITIONS, "cannot set Complete=True and Failed=true conditions");
        }
        if (changed("Complete", "FailureTarget") && complete && is(now, "FailureTarget")) {
            problems.invalid(CONDITIONS, "cannot set Complete=True and FailureTarget=true conditions");
        }
        boolean ended = Tree.has(now, "completionTime");
        if (changed("Complete") || differs("completionTime")) {
            if (ended && !complete) {
                problems.invalid("status.completionTime", now.path("completionTime"),
                        "cannot set completionTime when there is no Complete=True condition");
            }
            if (!ended && complete) {
                problems.required("status.completionTime", "completionTime is required for Complete jobs");
            }
        }
        if ((differs("startTime") || differs("completionTime")) && endsBeforeItStarts()) {
            problems.invalid("status.completionTime", now.path("completionTime"),
                    "completionTime cannot be set before startTime");
        }
        if (changed("Failed", "FailureTarget") && failed && !is(now, "FailureTarget")) {
            problems.invalid(CONDITIONS, "cannot set Failed=True condition without the FailureTarget=true condition");
        }
        if (changed("Complete", "SuccessCriteriaMet") && complete && !is(now, "SuccessCriteriaMet")) {
            problems.invalid(CONDITIONS,
                    "cannot set Complete=True condition without the SuccessCriteriaMet=true condition");
        }
    }

    /// What has ended has run, and has nothing left to run or to count.
    private void finished() {
        if (!isFinished(now)) {
            return;
        }
        boolean fresh = !isFinished(before);
        if ((fresh || differs("active")) && Tree.number(now, "active") > 0) {
            problems.invalid("status.active", Tree.number(now, "active"), "active>0 is invalid for finished job");
        }
        if ((fresh || differs("startTime")) && !Tree.has(now, "startTime")) {
            problems.required("status.startTime", "startTime is required for finished job");
        }
        JsonNode uncounted = now.path("uncountedTerminatedPods");
        if ((fresh || differs("uncountedTerminatedPods"))
                && uncounted.path("failed").size() + uncounted.path("succeeded").size() > 0) {
            problems.invalid("status.uncountedTerminatedPods", uncounted,
                    "uncountedTerminatedPods needs to be empty for finished job");
        }
    }

    private void indexes() {
        boolean counted = Tree.has(spec, "completions");
        long completions = Tree.number(spec, "completions");
        String completed = Tree.text(now, "completedIndexes");
        String failed = Tree.text(now, "failedIndexes");
        if (counted && differs("completedIndexes")) {
            parsed("completedIndexes", completed, completions);
        }
        if (counted && differs("failedIndexes") && Tree.has(spec, "backoffLimitPerIndex")) {
            parsed("failedIndexes", failed, completions);
        }
        if (differs("completedIndexes") && !completed.isEmpty()
                && !Tree.text(spec, "completionMode").equals("Indexed")) {
            problems.invalid("status.completedIndexes", completed,
                    "cannot set non-empty completedIndexes when non-indexed completion mode");
        }
        if (differs("failedIndexes") && Tree.has(now, "failedIndexes") && !Tree.has(spec, "backoffLimitPerIndex")) {
            problems.invalid("status.failedIndexes", failed,
                    "cannot set non-null failedIndexes when backoffLimitPerIndex is null");
        }
        if (counted && (differs("failedIndexes") || differs("completedIndexes")) && !completed.isEmpty()
                && !failed.isEmpty()) {
            JobIndexes.readable(completed, completions).overlap(JobIndexes.readable(failed, completions))
                    .ifPresent(index -> problems.invalid("status.failedIndexes", failed,
                            "failedIndexes and completedIndexes overlap at index: " + index));
        }
        long terminating = Tree.number(now, "terminating");
        if ((isFinished(now) != isFinished(before) || differs("terminating")) && terminating > 0 && isFinished(now)) {
            problems.invalid("status.terminating", terminating, "terminating>0 is invalid for finished job");
        }
        if ((differs("ready") || differs("active")) && Tree.number(now, "ready") > Tree.number(now, "active")) {
            problems.invalid("status.ready", Tree.number(now, "ready"), "cannot set more ready pods than active");
        }
    }

    private void conditions() {
        if (is(now, "SuccessCriteriaMet")) {
            for (String other : List.of("Failed", "FailureTarget")) {
                if (is(now, other)) {
                    problems.invalid(CONDITIONS,
                            "cannot set SuccessCriteriaMet=True and " + other + "=true conditions");
                }
            }
        } else if (Tree.has(spec, "successPolicy") && is(now, "Complete")) {
            problems.invalid(CONDITIONS,
                    "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True");
        }
    }

    private void transitions() {
        for (String end : TERMINAL) {
            if (is(before, end) && !is(now, end)) {
                problems.invalid(CONDITIONS, "cannot disable the terminal " + end + "=True condition");
            }
        }
        List<String> counters = new ArrayList<>(List.of("failed"));
        if (!Tree.text(spec, "completionMode").equals("Indexed")
                || !Problems.same(spec.path("completions"), spec.path("parallelism"))) {
            counters.add("succeeded");
        }
        for (String counter : counters) {
            if (Tree.number(now, counter) < Tree.number(before, counter)) {
                problems.invalid("status." + counter, Tree.number(now, counter),
                        "cannot decrease the " + counter + " counter");
            }
        }
        if (Tree.has(now, "completionTime") && Tree.has(before, "completionTime") && differs("completionTime")) {
            problems.invalid("status.completionTime", now.path("completionTime"), "completionTime cannot be mutated");
        }
        boolean resumed = is(before, "Suspended") && !is(now, "Suspended");
        if (Tree.has(before, "startTime") && differs("startTime") && !Tree.flag(spec, "suspend") && !resumed) {
            problems.required("status.startTime", "startTime cannot be removed for unsuspended job");
        }
        if (is(before, "SuccessCriteriaMet") && !is(now, "SuccessCriteriaMet")) {
            problems.invalid(CONDITIONS, "cannot disable the SuccessCriteriaMet=True condition");
        }
        if (is(before, "Complete") && !is(before, "SuccessCriteriaMet") && is(now, "SuccessCriteriaMet")) {
            problems.invalid(CONDITIONS,
                    "cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions");
        }
    }

    private void parsed(String field, String text, long completions) {
        try {
            JobIndexes unused = JobIndexes.parse(text, completions);
        } catch (IllegalArgumentException wrong) {
            problems.invalid("status." + field, text, "error parsing " + field + ": " + wrong.getMessage());
        }
    }

    private boolean endsBeforeItStarts() {
        Optional<OffsetDateTime> start = time("startTime");
        Optional<OffsetDateTime> end = time("completionTime");
        return start.isPresent() && end.isPresent() && end.get().isBefore(start.get());
    }

    private Optional<OffsetDateTime> time(String field) {
        try {
            return Optional.of(OffsetDateTime.parse(Tree.text(now, field)));
        } catch (DateTimeException absent) {
            return Optional.empty();
        }
    }

    private boolean changed(String... conditions) {
        return List.of(conditions).stream().anyMatch(type -> is(now, type) != is(before, type));
    }

    private boolean differs(String field) {
        return !Problems.same(now.path(field), before.path(field));
    }

    private static boolean isFinished(JsonNode status) {
        return is(status, "Complete") || is(status, "Failed");
    }

    static boolean is(JsonNode status, String type) {
        return Tree.objects(status, "conditions").stream().anyMatch(condition -> Tree.text(condition, "type")
                .equals(type) && Tree.text(condition, "status").equals("True"));
    }
}
