package io.logplane.schemas.types;

import java.util.List;

/// The core group. One entry per type; order as in discovery.
final class CoreTypes {
    static final List<ResourceType> CORE = List.of(
            TypeBuilder.namespaced("", "v1", "Binding", "bindings")
                    .verbs("create").build(),
            TypeBuilder.cluster("", "v1", "ComponentStatus", "componentstatuses").shortNames("cs")
                    .verbs("get", "list").build(),
            TypeBuilder.namespaced("", "v1", "ConfigMap", "configmaps").shortNames("cm").build(),
            TypeBuilder.namespaced("", "v1", "Endpoints", "endpoints").shortNames("ep").build(),
            TypeBuilder.namespaced("", "v1", "Event", "events").shortNames("ev").build(),
            TypeBuilder.namespaced("", "v1", "LimitRange", "limitranges").shortNames("limits").build(),
            TypeBuilder.cluster("", "v1", "Namespace", "namespaces").shortNames("ns")
                    .verbs("create", "delete", "get", "list", "patch", "update", "watch")
                    .own("finalize", "update").status().build(),
            TypeBuilder.cluster("", "v1", "Node", "nodes").shortNames("no")
                    .sub("proxy", "", "", "NodeProxyOptions", "create", "delete", "get", "patch", "update").status()
                    .build(),
            TypeBuilder.namespaced("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims").shortNames("pvc")
                    .status().build(),
            TypeBuilder.cluster("", "v1", "PersistentVolume", "persistentvolumes").shortNames("pv").status().build(),
            TypeBuilder.namespaced("", "v1", "Pod", "pods").shortNames("po").categories("all")
                    .sub("attach", "", "", "PodAttachOptions", "create", "get")
                    .sub("binding", "", "", "Binding", "create")
                    .own("ephemeralcontainers", "get", "patch", "update")
                    .sub("eviction", "policy", "v1", "Eviction", "create")
                    .sub("exec", "", "", "PodExecOptions", "create", "get")
                    .own("log", "get")
                    .sub("portforward", "", "", "PodPortForwardOptions", "create", "get")
                    .sub("proxy", "", "", "PodProxyOptions", "create", "delete", "get", "patch", "update")
                    .own("resize", "get", "patch", "update").status().build(),
            TypeBuilder.namespaced("", "v1", "PodTemplate", "podtemplates").build(),
            TypeBuilder.namespaced("", "v1", "ReplicationController", "replicationcontrollers").shortNames("rc")
                    .categories("all").scale().status().build(),
            TypeBuilder.namespaced("", "v1", "ResourceQuota", "resourcequotas").shortNames("quota").status().build(),
            TypeBuilder.namespaced("", "v1", "Secret", "secrets").build(),
            TypeBuilder.namespaced("", "v1", "ServiceAccount", "serviceaccounts").shortNames("sa")
                    .sub("token", "authentication.k8s.io", "v1", "TokenRequest", "create").build(),
            TypeBuilder.namespaced("", "v1", "Service", "services").shortNames("svc").categories("all")
                    .sub("proxy", "", "", "ServiceProxyOptions", "create", "delete", "get", "patch", "update").status()
                    .build());

    private CoreTypes() {
    }
}
