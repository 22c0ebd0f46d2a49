package io.logplane.schemas.types;

import io.logplane.schemas.columns.WorkloadColumns;
import io.logplane.schemas.rules.AutoscalerRules;
import io.logplane.schemas.rules.BudgetRules;
import io.logplane.schemas.rules.ClassRules;
import io.logplane.schemas.rules.CronJobRules;
import io.logplane.schemas.rules.DaemonSetRules;
import io.logplane.schemas.rules.JobRules;
import io.logplane.schemas.rules.RecordRules;
import io.logplane.schemas.rules.RolloutRules;
import io.logplane.schemas.rules.StatefulSetRules;
import io.logplane.schemas.versions.AutoscalerVersion;
import java.util.List;
import java.util.Optional;

/// What runs: apps, batch, autoscaling, policy, scheduling. One entry per type; order as in discovery.
final class WorkloadTypes {
    static final List<ResourceType> APPS = List.of(
            TypeBuilder.namespaced("apps", "v1", "ControllerRevision", "controllerrevisions")
                    .columns(WorkloadColumns.REVISIONS)
                    .rules(new RecordRules.Revisions()).build(),
            TypeBuilder.namespaced("apps", "v1", "DaemonSet", "daemonsets").shortNames("ds").categories("all").status()
                    .columns(WorkloadColumns.DAEMON_SETS)
                    .rules(new DaemonSetRules()).build(),
            TypeBuilder.namespaced("apps", "v1", "Deployment", "deployments").shortNames("deploy").categories("all")
                    .scale().status()
                    .columns(WorkloadColumns.DEPLOYMENTS)
                    .rules(new RolloutRules.Deployments()).build(),
            TypeBuilder.namespaced("apps", "v1", "ReplicaSet", "replicasets").shortNames("rs").categories("all").scale()
                    .status()
                    .columns(WorkloadColumns.REPLICA_SETS)
                    .fields(FieldLists.REPLICAS)
                    .rules(new RolloutRules.ReplicaSets()).build(),
            TypeBuilder.namespaced("apps", "v1", "StatefulSet", "statefulsets").shortNames("sts").categories("all")
                    .scale().status()
                    .columns(WorkloadColumns.STATEFUL_SETS)
                    .rules(new StatefulSetRules()).build());

    static final List<ResourceType> BATCH = List.of(
            TypeBuilder.namespaced("batch", "v1", "CronJob", "cronjobs").shortNames("cj").categories("all").status()
                    .columns(WorkloadColumns.CRON_JOBS)
                    .rules(new CronJobRules()).build(),
            TypeBuilder.namespaced("batch", "v1", "Job", "jobs").categories("all").status()
                    .columns(WorkloadColumns.JOBS)
                    .fields(FieldLists.JOBS)
                    .rules(new JobRules()).build());

    private static final ResourceType AUTOSCALERS = autoscalers("v2", Optional.empty());
    static final List<ResourceType> AUTOSCALING = List.of(AUTOSCALERS,
            autoscalers("v1", Optional.of(new AutoscalerVersion(AUTOSCALERS))));

    static final List<ResourceType> POLICY = List.of(
            TypeBuilder.namespaced("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets").shortNames("pdb")
                    .status()
                    .columns(WorkloadColumns.DISRUPTION_BUDGETS)
                    .rules(new BudgetRules()).build());

    static final List<ResourceType> SCHEDULING = List.of(
            TypeBuilder.cluster("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses").shortNames("pc")
                    .columns(WorkloadColumns.PRIORITY_CLASSES)
                    .rules(new ClassRules.Priorities()).build());

    private WorkloadTypes() {
    }

    private static ResourceType autoscalers(String version, Optional<Conversion> conversion) {
        return TypeBuilder.namespaced("autoscaling", version, "HorizontalPodAutoscaler", "horizontalpodautoscalers")
                .shortNames("hpa").categories("all").status()
                .columns(WorkloadColumns.AUTOSCALERS)
                .rules(new AutoscalerRules(conversion)).build();
    }
}
