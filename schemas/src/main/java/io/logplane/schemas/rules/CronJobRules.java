package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.CronSchedule;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Tree;
import java.time.ZoneId;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// CronJobs.
public final class CronJobRules implements TemplateRules {
    /// Jobs get a suffix of eleven characters and must stay within the 63 of a label.
    private static final int MAX_NAME = 52;
    /// A distance in time instead of fields, as Go writes one.
    private static final Pattern EVERY = Pattern.compile(
            "@every [+-]?(0|([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|ms|s|m|h)((([0-9]+(\\.[0-9]*)?)(ns|us|ms|s|m|h))*))");
    private static final String ZONE_IN_SCHEDULE = "cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone "
            + "instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details";
    private static final Pattern ZONE_PART = Pattern.compile("[A-Za-z._0-9+-]{1,14}");
    /// Zones that upstream finds and Java only knows as abbreviations.
    private static final List<String> ALSO_FILES = List.of("EST", "MST", "HST", "ROC", "Factory");

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
        schedule(Tree.text(spec, "schedule"), problems);
        problems.notNegative(spec, "spec", "startingDeadlineSeconds");
        if (Tree.has(spec, "timeZone")) {
            timeZone(Tree.text(spec, "timeZone"), problems);
        }
        problems.oneOf(spec, "spec", "concurrencyPolicy", "Allow", "Forbid", "Replace");
        JsonNode job = spec.path("jobTemplate").path("spec");
        JobSpecRules.check(job, "spec.jobTemplate.spec", problems);
        if (job.path("selector").isObject()) {
            problems.invalid("spec.jobTemplate.spec.selector", GoStruct.of(job.path("selector"), "LabelSelector"),
                    "`selector` will be auto-generated");
        }
        if (Tree.flag(job, "manualSelector")) {
            problems.notSupported("spec.jobTemplate.spec.manualSelector", job.path("manualSelector"), "nil", "false");
        }
        problems.notNegative(spec, "spec", "successfulJobsHistoryLimit", "failedJobsHistoryLimit");
        return problems.list();
    }

    /// A longer name that is there already may stay.
    @Override
    public List<FieldError> validateCreate(ObjectNode object) {
        Problems problems = new Problems();
        String name = Tree.text(object, "metadata.name");
        if (name.length() > MAX_NAME) {
            problems.invalid("metadata.name", name, "must be no more than " + MAX_NAME + " characters");
        }
        return problems.list();
    }

    @Override
    public String templatePath() {
        return "spec.jobTemplate.spec.template";
    }

    @Override
    public void warn(ObjectNode object, Warnings warnings) {
        JobSpecRules.warn(Tree.at(object, "spec.jobTemplate.spec"), "spec.jobTemplate.spec", warnings);
    }

    /// New ones with a zone in the schedule are refused.
    @Override
    public List<String> warningsOnUpdate(String subresource, ObjectNode object, ObjectNode old) {
        Stream<String> zone = subresource.isEmpty() && Tree.text(object, "spec.schedule").contains("TZ")
                ? Stream.of(ZONE_IN_SCHEDULE)
                : Stream.empty();
        return Stream.concat(TemplateRules.super.warningsOnUpdate(subresource, object, old).stream(), zone).toList();
    }

    private static void schedule(String schedule, Problems problems) {
        if (schedule.isEmpty()) {
            problems.required("spec.schedule");
            return;
        }
        String plain = schedule.replaceFirst("^(CRON_)?TZ=[^ ]* +", "");
        try {
            if (!EVERY.matcher(plain).matches()) {
                CronSchedule.parse(plain);
            }
        } catch (IllegalArgumentException wrong) {
            problems.invalid("spec.schedule", schedule, String.valueOf(wrong.getMessage()));
        }
        if (schedule.contains("TZ")) {
            problems.invalid("spec.schedule", schedule,
                    "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
        }
    }

    private static void timeZone(String zone, Problems problems) {
        String at = "spec.timeZone";
        if (zone.isEmpty()) {
            problems.invalid(at, zone, "timeZone must be nil or non-empty string");
            return;
        }
        for (String part : zone.split("/", -1)) {
            if (part.equals(".") || part.equals("..") || part.startsWith("-") || !ZONE_PART.matcher(part).matches()) {
                problems.invalid(at, zone, "unknown time zone " + zone);
                return;
            }
        }
        if (zone.equalsIgnoreCase("Local")) {
            problems.invalid(at, zone,
                    "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones");
        }
        if (!zone.equals("Local") && !isKnown(zone)) {
            problems.invalid(at, zone, "unknown time zone " + zone);
        }
    }

    /// Names of the data base of time zones; not the offsets and abbreviations Java knows besides.
    private static boolean isKnown(String zone) {
        return ZoneId.getAvailableZoneIds().contains(zone) && !zone.startsWith("SystemV/")
                || ALSO_FILES.contains(zone);
    }
}
