package io.logplane.schemas.types;

import java.util.List;

/// What runs: apps, batch, autoscaling, policy, scheduling. One entry per type; order as in discovery.
final class WorkloadTypes {
    static final List<ResourceType> APPS = List.of(
            TypeBuilder.namespaced("apps", "v1", "ControllerRevision", "controllerrevisions").build(),
            TypeBuilder.namespaced("apps", "v1", "DaemonSet", "daemonsets").shortNames("ds").categories("all").status()
                    .build(),
            TypeBuilder.namespaced("apps", "v1", "Deployment", "deployments").shortNames("deploy").categories("all")
                    .scale().status().build(),
            TypeBuilder.namespaced("apps", "v1", "ReplicaSet", "replicasets").shortNames("rs").categories("all").scale()
                    .status().build(),
            TypeBuilder.namespaced("apps", "v1", "StatefulSet", "statefulsets").shortNames("sts").categories("all")
                    .scale().status().build());

    static final List<ResourceType> BATCH = List.of(
            TypeBuilder.namespaced("batch", "v1", "CronJob", "cronjobs").shortNames("cj").categories("all").status()
                    .build(),
            TypeBuilder.namespaced("batch", "v1", "Job", "jobs").categories("all").status().build());

    static final List<ResourceType> AUTOSCALING = List.of(
            TypeBuilder.namespaced("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers")
                    .shortNames("hpa").categories("all").status().build());

    static final List<ResourceType> POLICY = List.of(
            TypeBuilder.namespaced("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets").shortNames("pdb")
                    .status().build());

    static final List<ResourceType> SCHEDULING = List.of(
            TypeBuilder.cluster("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses").shortNames("pc")
                    .build());

    private WorkloadTypes() {
    }
}
