package io.logplane.controllers.core;

import io.logplane.schemas.model.ObjectKey;

/// A resource type as a key names it, and the types the controllers know by name.
///
/// Shape: `group` is "" for core, as Kubernetes writes it.
public record Type(String group, String resource) {
    public static final Type PODS = new Type("", "pods");
    public static final Type NODES = new Type("", "nodes");
    public static final Type NAMESPACES = new Type("", "namespaces");
    public static final Type CONFIG_MAPS = new Type("", "configmaps");
    public static final Type SERVICE_ACCOUNTS = new Type("", "serviceaccounts");
    public static final Type SERVICES = new Type("", "services");
    public static final Type CLAIMS = new Type("", "persistentvolumeclaims");
    public static final Type VOLUMES = new Type("", "persistentvolumes");
    public static final Type QUOTAS = new Type("", "resourcequotas");
    public static final Type BUDGETS = new Type("policy", "poddisruptionbudgets");
    public static final Type CLUSTER_ROLES = new Type("rbac.authorization.k8s.io", "clusterroles");
    public static final Type CERTIFICATE_REQUESTS = new Type("certificates.k8s.io", "certificatesigningrequests");
    public static final Type EVENTS = new Type("", "events");
    public static final Type DEPLOYMENTS = new Type("apps", "deployments");
    public static final Type REPLICA_SETS = new Type("apps", "replicasets");
    public static final Type LEASES = new Type("coordination.k8s.io", "leases");
    public static final Type ENDPOINT_SLICES = new Type("discovery.k8s.io", "endpointslices");

    public static final Type SERVICE_RANGES = new Type("networking.k8s.io", "servicecidrs");
    public static final Type IP_ADDRESSES = new Type("networking.k8s.io", "ipaddresses");
    public static final Type DEFINITIONS = new Type("apiextensions.k8s.io", "customresourcedefinitions");

    public static Type of(ObjectKey key) {
        return new Type(key.apiGroup(), key.resource());
    }

    public boolean is(ObjectKey key) {
        return key.resource().equals(resource) && key.apiGroup().equals(group);
    }

    /// Shape: namespace "" for a cluster-scoped object.
    public ObjectKey key(String namespace, String name) {
        return ObjectKey.of(group, resource, namespace, name);
    }
}
