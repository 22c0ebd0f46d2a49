package io.logplane.schemas.types;

import io.logplane.schemas.rules.ClassRules;
import io.logplane.schemas.rules.PlainSpecRules;
import java.util.List;

/// Storage, devices and node runtimes. One entry per type; order as in discovery.
final class StorageTypes {
    static final List<ResourceType> STORAGE = List.of(
            TypeBuilder.cluster("storage.k8s.io", "v1", "CSIDriver", "csidrivers").build(),
            TypeBuilder.cluster("storage.k8s.io", "v1", "CSINode", "csinodes").build(),
            TypeBuilder.namespaced("storage.k8s.io", "v1", "CSIStorageCapacity", "csistoragecapacities").build(),
            TypeBuilder.cluster("storage.k8s.io", "v1", "StorageClass", "storageclasses").shortNames("sc")
                    .rules(new ClassRules.Storage()).build(),
            TypeBuilder.cluster("storage.k8s.io", "v1", "VolumeAttachment", "volumeattachments").status()
                    .rules(new PlainSpecRules(false)).build(),
            TypeBuilder.cluster("storage.k8s.io", "v1", "VolumeAttributesClass", "volumeattributesclasses")
                    .shortNames("vac").build());

    static final List<ResourceType> RESOURCE = List.of(
            TypeBuilder.cluster("resource.k8s.io", "v1", "DeviceClass", "deviceclasses").build(),
            TypeBuilder.namespaced("resource.k8s.io", "v1", "ResourceClaim", "resourceclaims").status()
                    .rules(new PlainSpecRules(false)).build(),
            TypeBuilder.namespaced("resource.k8s.io", "v1", "ResourceClaimTemplate", "resourceclaimtemplates").build(),
            TypeBuilder.cluster("resource.k8s.io", "v1", "ResourceSlice", "resourceslices").build());

    static final List<ResourceType> NODE = List.of(
            TypeBuilder.cluster("node.k8s.io", "v1", "RuntimeClass", "runtimeclasses")
                    .rules(new ClassRules.Runtime()).build());

    private StorageTypes() {
    }
}
