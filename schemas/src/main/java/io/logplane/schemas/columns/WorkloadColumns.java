package io.logplane.schemas.columns;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.HumanDuration;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Column;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;

/// What runs pods, and what scales or guards them.
public final class WorkloadColumns {
    private static final String TEMPLATE = "spec.template";
    private static final Column CONTAINERS = Columns.containers(TEMPLATE);
    private static final Column IMAGES = Columns.images(TEMPLATE);
    private static final Column SELECTOR = Columns.wide("Selector",
            o -> Columns.selector(Tree.at(o, "spec.selector")));

    public static final List<Column> DEPLOYMENTS = List.of(Columns.name(), readyOfWished(),
            Columns.numberAsText("Up-to-date", o -> Tree.number(o, "status.updatedReplicas")),
            Columns.numberAsText("Available", o -> Tree.number(o, "status.availableReplicas")), Columns.age(),
            CONTAINERS, IMAGES, SELECTOR);
    public static final List<Column> REPLICA_SETS = List.of(Columns.name(), Columns.count("Desired", "spec.replicas"),
            Columns.count("Current", "status.replicas"), Columns.count("Ready", "status.readyReplicas"),
            Columns.age(), CONTAINERS, IMAGES, SELECTOR);
    public static final List<Column> REPLICATION_CONTROLLERS = List.of(Columns.name(),
            Columns.count("Desired", "spec.replicas"), Columns.count("Current", "status.replicas"),
            Columns.count("Ready", "status.readyReplicas"), Columns.age(), CONTAINERS, IMAGES,
            Columns.wide("Selector", o -> Columns.labels(Tree.at(o, "spec.selector"))));
    public static final List<Column> STATEFUL_SETS = List.of(Columns.name(), readyOfWished(), Columns.age(),
            CONTAINERS, IMAGES);
    public static final List<Column> DAEMON_SETS = List.of(Columns.name(),
            Columns.count("Desired", "status.desiredNumberScheduled"),
            Columns.count("Current", "status.currentNumberScheduled"),
            Columns.count("Ready", "status.numberReady"),
            Columns.count("Up-to-date", "status.updatedNumberScheduled"),
            Columns.count("Available", "status.numberAvailable"),
            Columns.text("Node Selector", o -> Columns.labels(Tree.at(o, "spec.template.spec.nodeSelector"))),
            Columns.age(), CONTAINERS, IMAGES, SELECTOR);
    public static final List<Column> JOBS = List.of(Columns.name(), Columns.text("Status", WorkloadColumns::jobStatus),
            Columns.text("Completions", WorkloadColumns::completions),
            Columns.timed("Duration", 0, WorkloadColumns::duration), Columns.age(), CONTAINERS, IMAGES, SELECTOR);
    public static final List<Column> CRON_JOBS = List.of(Columns.name(), Columns.path("Schedule", "spec.schedule"),
            Columns.text("Timezone", o -> Columns.orNone(Tree.text(o, "spec.timeZone"))),
            new Column("Suspend", "boolean", "", 0, (o, now) -> flag(o)),
            Columns.integer("Active", o -> (long) Tree.at(o, "status.active").size()),
            Columns.timed("Last Schedule", 0, WorkloadColumns::lastSchedule), Columns.age(),
            Columns.containers("spec.jobTemplate.spec.template"), Columns.images("spec.jobTemplate.spec.template"),
            Columns.wide("Selector", o -> Columns.selector(Tree.at(o, "spec.jobTemplate.spec.selector"))));
    public static final List<Column> POD_TEMPLATES = List.of(Columns.name(),
            Columns.text("Containers", o -> Columns.joined(o, "template.spec.containers", "name")),
            Columns.text("Images", o -> Columns.joined(o, "template.spec.containers", "image")),
            Columns.text("Pod Labels", o -> Columns.labels(Tree.at(o, "template.metadata.labels"))));
    public static final List<Column> REVISIONS = List.of(Columns.name(),
            Columns.text("Controller", WorkloadColumns::controller),
            Columns.numberAsText("Revision", o -> Tree.number(o, "revision")), Columns.age());
    public static final List<Column> AUTOSCALERS = List.of(Columns.name(),
            Columns.text("Reference",
                    o -> Tree.text(o, "spec.scaleTargetRef.kind") + "/" + Tree.text(o, "spec.scaleTargetRef.name")),
            Columns.text("Targets", AutoscalerTargets::text),
            Columns.text("MinPods", o -> Columns.orElse(Tree.text(o, "spec.minReplicas"), Columns.UNSET)),
            Columns.numberAsText("MaxPods", o -> Tree.number(o, "spec.maxReplicas")),
            Columns.numberAsText("Replicas", o -> Tree.number(o, "status.currentReplicas")), Columns.age());
    public static final List<Column> DISRUPTION_BUDGETS = List.of(Columns.name(),
            Columns.text("Min Available", o -> Columns.orElse(Tree.text(o, "spec.minAvailable"), "N/A")),
            Columns.text("Max Unavailable", o -> Columns.orElse(Tree.text(o, "spec.maxUnavailable"), "N/A")),
            Columns.count("Allowed Disruptions", "status.disruptionsAllowed"), Columns.age());
    public static final List<Column> PRIORITY_CLASSES = List.of(Columns.name(), Columns.count("Value", "value"),
            Columns.bool("Global-Default", o -> Tree.flag(o, "globalDefault")), Columns.age(),
            Columns.path("PreemptionPolicy", "preemptionPolicy"));

    private WorkloadColumns() {
    }

    private static Column readyOfWished() {
        return Columns.text("Ready",
                o -> Tree.number(o, "status.readyReplicas") + "/" + Tree.number(o, "spec.replicas"));
    }

    private static String jobStatus(ObjectNode job) {
        for (String done : List.of("Complete", "Failed")) {
            if (PodColumns.isTrue(job.path("status"), done)) {
                return done;
            }
        }
        if (Tree.has(job, "metadata.deletionTimestamp")) {
            return "Terminating";
        }
        for (String state : List.of("Suspended", "FailureTarget", "SuccessCriteriaMet")) {
            if (PodColumns.isTrue(job.path("status"), state)) {
                return state;
            }
        }
        return "Running";
    }

    private static String completions(ObjectNode job) {
        long succeeded = Tree.number(job, "status.succeeded");
        if (Tree.has(job, "spec.completions")) {
            return succeeded + "/" + Tree.number(job, "spec.completions");
        }
        long parallelism = Tree.number(job, "spec.parallelism");
        return succeeded + (parallelism > 1 ? "/1 of " + parallelism : "/1");
    }

    private static Object duration(ObjectNode job, Instant now) {
        String start = Tree.text(job, "status.startTime");
        String end = Tree.text(job, "status.completionTime");
        if (start.isEmpty()) {
            return "";
        }
        try {
            return HumanDuration.of(Duration.between(Instant.parse(start), end.isEmpty() ? now : Instant.parse(end)));
        } catch (DateTimeParseException notATime) {
            return Columns.UNKNOWN;
        }
    }

    private static Object flag(ObjectNode job) {
        if (!Tree.has(job, "spec.suspend")) {
            return Columns.UNSET;
        }
        return Tree.flag(job, "spec.suspend") ? "True" : "False";
    }

    private static Object lastSchedule(ObjectNode job, Instant now) {
        String last = Tree.text(job, "status.lastScheduleTime");
        return last.isEmpty() ? Columns.NONE : HumanDuration.since(last, now);
    }

    private static String controller(ObjectNode revision) {
        for (ObjectNode owner : Tree.objects(revision, "metadata.ownerReferences")) {
            if (Tree.flag(owner, "controller")) {
                String apiVersion = Tree.text(owner, "apiVersion");
                String kind = Tree.text(owner, "kind").toLowerCase(java.util.Locale.ROOT);
                String group = apiVersion.contains("/") ? "." + apiVersion.substring(0, apiVersion.indexOf('/')) : "";
                return kind + group + "/" + Tree.text(owner, "name");
            }
        }
        return Columns.NONE;
    }
}
