package io.logplane.schemas.types;

import io.logplane.schemas.columns.Columns;
import io.logplane.schemas.columns.StorageColumns;
import io.logplane.schemas.rules.ClassRules;
import io.logplane.schemas.rules.PlainSpecRules;
import java.util.List;

/// Storage, devices and node runtimes. One entry per type; order as in discovery.
final class StorageTypes {
    static final List<ResourceType> STORAGE = List.of(
            TypeBuilder.cluster("storage.k8s.io", "v1", "CSIDriver", "csidrivers")
                    .columns(StorageColumns.DRIVERS).build(),
            TypeBuilder.cluster("storage.k8s.io", "v1", "CSINode", "csinodes")
                    .columns(StorageColumns.DRIVER_NODES).build(),
            TypeBuilder.namespaced("storage.k8s.io", "v1", "CSIStorageCapacity", "csistoragecapacities")
                    .columns(Columns.CREATED_AT).build(),
            TypeBuilder.cluster("storage.k8s.io", "v1", "StorageClass", "storageclasses").shortNames("sc")
                    .columns(StorageColumns.CLASSES)
                    .rules(new ClassRules.Storage()).build(),
            TypeBuilder.cluster("storage.k8s.io", "v1", "VolumeAttachment", "volumeattachments").status()
                    .columns(StorageColumns.ATTACHMENTS)
                    .rules(new PlainSpecRules(false, false)).build(),
            TypeBuilder.cluster("storage.k8s.io", "v1", "VolumeAttributesClass", "volumeattributesclasses")
                    .shortNames("vac")
                    .columns(StorageColumns.ATTRIBUTES_CLASSES).build());

    static final List<ResourceType> RESOURCE = List.of(
            TypeBuilder.cluster("resource.k8s.io", "v1", "DeviceClass", "deviceclasses").build(),
            TypeBuilder.namespaced("resource.k8s.io", "v1", "ResourceClaim", "resourceclaims").status()
                    .columns(StorageColumns.CLAIM_STATES)
                    .rules(new PlainSpecRules(false, true)).build(),
            TypeBuilder.namespaced("resource.k8s.io", "v1", "ResourceClaimTemplate", "resourceclaimtemplates").build(),
            TypeBuilder.cluster("resource.k8s.io", "v1", "ResourceSlice", "resourceslices")
                    .columns(StorageColumns.DEVICE_SLICES)
                    .fields(FieldLists.SLICES).build());

    static final List<ResourceType> NODE = List.of(
            TypeBuilder.cluster("node.k8s.io", "v1", "RuntimeClass", "runtimeclasses")
                    .columns(StorageColumns.RUNTIME_CLASSES)
                    .rules(new ClassRules.Runtime()).build());

    private StorageTypes() {
    }
}
