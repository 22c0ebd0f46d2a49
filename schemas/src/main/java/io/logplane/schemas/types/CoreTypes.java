package io.logplane.schemas.types;

import io.logplane.schemas.columns.Columns;
import io.logplane.schemas.columns.ConfigColumns;
import io.logplane.schemas.columns.EventColumns;
import io.logplane.schemas.columns.NetworkColumns;
import io.logplane.schemas.columns.NodeColumns;
import io.logplane.schemas.columns.PodColumns;
import io.logplane.schemas.columns.StorageColumns;
import io.logplane.schemas.columns.WorkloadColumns;
import io.logplane.schemas.rules.AccountRules;
import io.logplane.schemas.rules.ClaimRules;
import io.logplane.schemas.rules.ConfigRules;
import io.logplane.schemas.rules.EventRules;
import io.logplane.schemas.rules.LimitRangeRules;
import io.logplane.schemas.rules.NamespaceRules;
import io.logplane.schemas.rules.NetworkRules;
import io.logplane.schemas.rules.NodeRules;
import io.logplane.schemas.rules.PodRules;
import io.logplane.schemas.rules.QuotaRules;
import io.logplane.schemas.rules.RecordRules;
import io.logplane.schemas.rules.RolloutRules;
import io.logplane.schemas.rules.SecretRules;
import io.logplane.schemas.rules.ServiceRules;
import java.util.List;
import java.util.Optional;

/// The core group. One entry per type; order as in discovery.
final class CoreTypes {
    static final List<ResourceType> CORE = List.of(
            TypeBuilder.namespaced("", "v1", "Binding", "bindings")
                    .verbs("create").build(),
            TypeBuilder.cluster("", "v1", "ComponentStatus", "componentstatuses").shortNames("cs")
                    .verbs("get", "list")
                    .columns(ConfigColumns.COMPONENTS)
                    .rules(new RecordRules.Components()).build(),
            TypeBuilder.namespaced("", "v1", "ConfigMap", "configmaps").shortNames("cm")
                    .columns(ConfigColumns.CONFIG_MAPS)
                    .rules(new ConfigRules()).build(),
            TypeBuilder.namespaced("", "v1", "Endpoints", "endpoints").shortNames("ep")
                    .columns(NetworkColumns.ENDPOINTS)
                    .rules(new NetworkRules.Endpoints()).build(),
            TypeBuilder.namespaced("", "v1", "Event", "events").shortNames("ev")
                    .columns(EventColumns.ALL)
                    .fields(FieldLists.EVENTS)
                    .rules(new EventRules(Optional.empty())).build(),
            TypeBuilder.namespaced("", "v1", "LimitRange", "limitranges").shortNames("limits")
                    .columns(Columns.CREATED_AT)
                    .rules(new LimitRangeRules()).build(),
            TypeBuilder.cluster("", "v1", "Namespace", "namespaces").shortNames("ns")
                    .verbs("create", "delete", "get", "list", "patch", "update", "watch")
                    .own("finalize", "update").status()
                    .columns(ConfigColumns.NAMESPACES)
                    .fields(FieldLists.NAMESPACES)
                    .rules(new NamespaceRules()).build(),
            TypeBuilder.cluster("", "v1", "Node", "nodes").shortNames("no")
                    .sub("proxy", "", "", "NodeProxyOptions", "create", "delete", "get", "patch", "update").status()
                    .columns(NodeColumns.ALL)
                    .fields(FieldLists.NODES)
                    .rules(new NodeRules()).build(),
            TypeBuilder.namespaced("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims").shortNames("pvc")
                    .status()
                    .columns(StorageColumns.CLAIMS)
                    .rules(new ClaimRules.Claims()).build(),
            TypeBuilder.cluster("", "v1", "PersistentVolume", "persistentvolumes").shortNames("pv").status()
                    .columns(StorageColumns.VOLUMES)
                    .rules(new ClaimRules.Volumes()).build(),
            TypeBuilder.namespaced("", "v1", "Pod", "pods").shortNames("po").categories("all")
                    .sub("attach", "", "", "PodAttachOptions", "create", "get")
                    .sub("binding", "", "", "Binding", "create")
                    .own("ephemeralcontainers", "get", "patch", "update")
                    .sub("eviction", "policy", "v1", "Eviction", "create")
                    .sub("exec", "", "", "PodExecOptions", "create", "get")
                    .own("log", "get")
                    .sub("portforward", "", "", "PodPortForwardOptions", "create", "get")
                    .sub("proxy", "", "", "PodProxyOptions", "create", "delete", "get", "patch", "update")
                    .own("resize", "get", "patch", "update").status()
                    .columns(PodColumns.ALL)
                    .fields(FieldLists.PODS)
                    .rules(new PodRules()).build(),
            TypeBuilder.namespaced("", "v1", "PodTemplate", "podtemplates")
                    .columns(WorkloadColumns.POD_TEMPLATES)
                    .rules(new RecordRules.Templates()).build(),
            TypeBuilder.namespaced("", "v1", "ReplicationController", "replicationcontrollers").shortNames("rc")
                    .categories("all").scale().status()
                    .columns(WorkloadColumns.REPLICATION_CONTROLLERS)
                    .fields(FieldLists.REPLICAS)
                    .rules(new RolloutRules.ReplicationControllers()).build(),
            TypeBuilder.namespaced("", "v1", "ResourceQuota", "resourcequotas").shortNames("quota").status()
                    .columns(ConfigColumns.QUOTAS)
                    .rules(new QuotaRules()).build(),
            TypeBuilder.namespaced("", "v1", "Secret", "secrets")
                    .columns(ConfigColumns.SECRETS)
                    .fields(FieldLists.SECRETS)
                    .rules(new SecretRules()).build(),
            TypeBuilder.namespaced("", "v1", "ServiceAccount", "serviceaccounts").shortNames("sa")
                    .sub("token", "authentication.k8s.io", "v1", "TokenRequest", "create")
                    .rules(new AccountRules()).build(),
            TypeBuilder.namespaced("", "v1", "Service", "services").shortNames("svc").categories("all")
                    .sub("proxy", "", "", "ServiceProxyOptions", "create", "delete", "get", "patch", "update").status()
                    .columns(NetworkColumns.SERVICES)
                    .fields(FieldLists.SERVICES)
                    .rules(new ServiceRules()).build());

    private CoreTypes() {
    }
}
