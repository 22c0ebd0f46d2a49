package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.CronSchedule;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Tree;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;

/// CronJobs.
public final class CronJobRules implements SpecRules {
    /// Jobs get a suffix of eleven characters and must stay within the 63 of a label.
    private static final int MAX_NAME = 52;

    @Override
    public void applyDefaults(ObjectNode object) {
        ObjectNode spec = Tree.object(object, "spec");
        Tree.setDefault(spec, "concurrencyPolicy", "Allow");
        Tree.setDefault(spec, "suspend", false);
        Tree.setDefault(spec, "successfulJobsHistoryLimit", 3);
        Tree.setDefault(spec, "failedJobsHistoryLimit", 1);
        ObjectNode job = Tree.object(spec, "jobTemplate");
        Tree.object(job, "metadata");
        PodSpecDefaults.template(Tree.object(job, "spec"));
        Tree.object(object, "status");
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        Problems problems = new Problems();
        JsonNode spec = object.path("spec");
        String name = Tree.text(object, "metadata.name");
        if (name.length() > MAX_NAME) {
            problems.invalid("metadata.name", name, "must be no more than " + MAX_NAME + " characters");
        }
        schedule(spec, problems);
        problems.oneOf(spec, "spec", "concurrencyPolicy", "Allow", "Forbid", "Replace");
        problems.notNegative(spec, "spec", "startingDeadlineSeconds", "successfulJobsHistoryLimit",
                "failedJobsHistoryLimit");
        JsonNode job = spec.path("jobTemplate").path("spec");
        if (job.path("selector").isObject()) {
            problems.invalid("spec.jobTemplate.spec.selector", job.path("selector"),
                    "`selector` will be auto-generated");
        }
        if (Tree.flag(job, "manualSelector")) {
            problems.notSupported("spec.jobTemplate.spec.manualSelector", "true", "nil", "false");
        }
        JobRules.specWithoutSelector(job, "spec.jobTemplate.spec", problems);
        return problems.list();
    }

    private static void schedule(JsonNode spec, Problems problems) {
        String schedule = Tree.text(spec, "schedule");
        if (schedule.isEmpty()) {
            problems.required("spec.schedule");
            return;
        }
        try {
            CronSchedule.parse(schedule);
        } catch (IllegalArgumentException wrong) {
            problems.invalid("spec.schedule", schedule, String.valueOf(wrong.getMessage()));
        }
        if (schedule.contains("TZ")) {
            problems.invalid("spec.schedule", schedule,
                    "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
        }
        if (Tree.has(spec, "timeZone")) {
            timeZone(Tree.text(spec, "timeZone"), problems);
        }
    }

    private static void timeZone(String zone, Problems problems) {
        if (zone.isEmpty() || zone.equalsIgnoreCase("Local")) {
            problems.invalid("spec.timeZone", zone, zone.isEmpty()
                    ? "timeZone must be nil or non-empty string"
                    : "timeZone must be an explicit time zone as defined in "
                            + "https://www.iana.org/time-zones");
            return;
        }
        try {
            ZoneId.of(zone);
        } catch (DateTimeException unknown) {
            problems.invalid("spec.timeZone", zone, "unknown time zone " + zone);
        }
    }
}
