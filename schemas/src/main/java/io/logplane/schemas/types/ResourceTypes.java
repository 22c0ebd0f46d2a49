package io.logplane.schemas.types;

import io.logplane.schemas.model.ObjectKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The list of all built-in resource types; those of users are in [TypeCatalogue]. Routes, discovery, OpenAPI, Table
/// output, RBAC names and the generic life-cycle tests derive from it; adding a type touches one declaration.
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

    private ResourceTypes() {
    }

    /// Shape: group "" for core.
    public static Optional<ResourceType> find(String group, String version, String plural) {
        return TypeCatalogue.BUILT_IN.find(group, version, plural);
    }

    public static Optional<ResourceType> byKind(String group, String version, String kind) {
        return byKind(group.isEmpty() ? version : group + "/" + version, kind);
    }

    /// Shape: apiVersion as objects have it, `v1` or `apps/v1`.
    public static Optional<ResourceType> byKind(String apiVersion, String kind) {
        return TypeCatalogue.BUILT_IN.byKind(apiVersion, kind);
    }

    /// The stored version of a resource, whatever version somebody asks for.
    public static Optional<ResourceType> ofResource(String group, String plural) {
        return TypeCatalogue.BUILT_IN.ofResource(group, plural);
    }

    public static Optional<ResourceType> ofKey(ObjectKey key) {
        return TypeCatalogue.BUILT_IN.ofKey(key);
    }

    /// Errors: IllegalStateException when no such type is declared: for code that names a built-in type.
    public static ResourceType require(String group, String plural) {
        return ofResource(group, plural)
                .orElseThrow(() -> new IllegalStateException("no resource type " + plural + "." + group));
    }
}
