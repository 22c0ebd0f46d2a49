package io.logplane.schemas.types;

import java.util.List;

/// Storage, devices and node runtimes. One entry per type; order as in discovery.
final class StorageTypes {
    static final List<ResourceType> STORAGE = List.of(
            TypeBuilder.cluster("storage.k8s.io", "v1", "CSIDriver", "csidrivers").build(),
            TypeBuilder.cluster("storage.k8s.io", "v1", "CSINode", "csinodes").build(),
            TypeBuilder.namespaced("storage.k8s.io", "v1", "CSIStorageCapacity", "csistoragecapacities").build(),
            TypeBuilder.cluster("storage.k8s.io", "v1", "StorageClass", "storageclasses").shortNames("sc").build(),
            TypeBuilder.cluster("storage.k8s.io", "v1", "VolumeAttachment", "volumeattachments").status().build(),
            TypeBuilder.cluster("storage.k8s.io", "v1", "VolumeAttributesClass", "volumeattributesclasses")
                    .shortNames("vac").build());

    static final List<ResourceType> RESOURCE = List.of(
            TypeBuilder.cluster("resource.k8s.io", "v1", "DeviceClass", "deviceclasses").build(),
            TypeBuilder.namespaced("resource.k8s.io", "v1", "ResourceClaim", "resourceclaims").status().build(),
            TypeBuilder.namespaced("resource.k8s.io", "v1", "ResourceClaimTemplate", "resourceclaimtemplates").build(),
            TypeBuilder.cluster("resource.k8s.io", "v1", "ResourceSlice", "resourceslices").build());

    static final List<ResourceType> NODE = List.of(
            TypeBuilder.cluster("node.k8s.io", "v1", "RuntimeClass", "runtimeclasses").build());

    private StorageTypes() {
    }
}
