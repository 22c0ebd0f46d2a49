package io.logplane.schemas.types;

import io.logplane.schemas.model.ObjectKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The list of all built-in resource types. Routes, discovery, OpenAPI, Table output, RBAC names and the generic
/// life-cycle tests derive from it; adding a type touches one declaration.
///
/// Shape: groups and resources in the order of discovery, versions of a group the preferred one first. A version that
/// is not the stored one says by its conversion which one is.
/// Source: aggregated discovery of kube-apiserver 1.36.
public final class ResourceTypes {
    public static final List<ResourceType> ALL = Stream.of(CoreTypes.CORE, ExtensionTypes.APIREGISTRATION,
            WorkloadTypes.APPS, ExtensionTypes.EVENTS, AccessTypes.AUTHENTICATION, AccessTypes.AUTHORIZATION,
            WorkloadTypes.AUTOSCALING,
            WorkloadTypes.BATCH, AccessTypes.CERTIFICATES, NetworkTypes.NETWORKING, WorkloadTypes.POLICY,
            AccessTypes.RBAC, StorageTypes.STORAGE, ExtensionTypes.ADMISSIONREGISTRATION,
            ExtensionTypes.APIEXTENSIONS, WorkloadTypes.SCHEDULING, NetworkTypes.COORDINATION, StorageTypes.NODE,
            NetworkTypes.DISCOVERY, StorageTypes.RESOURCE, ExtensionTypes.FLOWCONTROL).flatMap(List::stream).toList();

    private static final Map<String, ResourceType> BY_PLURAL = new HashMap<>();
    private static final Map<String, ResourceType> BY_KIND = new HashMap<>();
    private static final Map<String, ResourceType> BY_RESOURCE = new HashMap<>();

    static {
        for (ResourceType type : ALL) {
            BY_PLURAL.put(type.apiVersion() + "/" + type.plural(), type);
            BY_KIND.put(type.apiVersion() + "/" + type.kind(), type);
            if (type.conversion().isEmpty()) {
                BY_RESOURCE.put(type.group() + "/" + type.plural(), type);
            }
        }
    }

    private ResourceTypes() {
    }

    /// Shape: group "" for core.
    public static Optional<ResourceType> find(String group, String version, String plural) {
        return Optional.ofNullable(BY_PLURAL.get((group.isEmpty() ? version : group + "/" + version) + "/" + plural));
    }

    public static Optional<ResourceType> byKind(String group, String version, String kind) {
        return byKind(group.isEmpty() ? version : group + "/" + version, kind);
    }

    /// Shape: apiVersion as objects have it, `v1` or `apps/v1`.
    public static Optional<ResourceType> byKind(String apiVersion, String kind) {
        return Optional.ofNullable(BY_KIND.get(apiVersion + "/" + kind));
    }

    /// The stored version of a resource, whatever version somebody asks for.
    public static Optional<ResourceType> ofResource(String group, String plural) {
        return Optional.ofNullable(BY_RESOURCE.get(group + "/" + plural));
    }

    public static Optional<ResourceType> ofKey(ObjectKey key) {
        return ofResource(key.apiGroup(), key.resource());
    }

    /// Errors: IllegalStateException when no such type is declared: for code that names a built-in type.
    public static ResourceType require(String group, String plural) {
        return ofResource(group, plural)
                .orElseThrow(() -> new IllegalStateException("no resource type " + plural + "." + group));
    }
}
