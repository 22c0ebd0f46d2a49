package io.logplane.schemas.types;

import io.logplane.schemas.columns.Columns;
import io.logplane.schemas.columns.StorageColumns;
import io.logplane.schemas.rules.ClassRules;
import io.logplane.schemas.rules.DeviceClaimRules;
import io.logplane.schemas.rules.DeviceSliceRules;
import io.logplane.schemas.rules.DriverRules;
import io.logplane.schemas.rules.Expressions;
import io.logplane.schemas.rules.StorageRules;
import java.util.List;

/// Storage, devices and node runtimes. One entry per type; order as in discovery.
final class StorageTypes {
    static final List<ResourceType> STORAGE = List.of(
            TypeBuilder.cluster("storage.k8s.io", "v1", "CSIDriver", "csidrivers")
                    .columns(StorageColumns.DRIVERS)
                    .rules(new DriverRules.Drivers()).build(),
            TypeBuilder.cluster("storage.k8s.io", "v1", "CSINode", "csinodes")
                    .columns(StorageColumns.DRIVER_NODES)
                    .rules(new DriverRules.DriverNodes()).build(),
            TypeBuilder.namespaced("storage.k8s.io", "v1", "CSIStorageCapacity", "csistoragecapacities")
                    .columns(Columns.CREATED_AT)
                    .rules(new StorageRules.Capacities()).build(),
            TypeBuilder.cluster("storage.k8s.io", "v1", "StorageClass", "storageclasses").shortNames("sc")
                    .columns(StorageColumns.CLASSES)
                    .rules(new ClassRules.Storage()).build(),
            TypeBuilder.cluster("storage.k8s.io", "v1", "VolumeAttachment", "volumeattachments").status()
                    .columns(StorageColumns.ATTACHMENTS)
                    .rules(new StorageRules.Attachments()).build(),
            TypeBuilder.cluster("storage.k8s.io", "v1", "VolumeAttributesClass", "volumeattributesclasses")
                    .shortNames("vac")
                    .columns(StorageColumns.ATTRIBUTES_CLASSES)
                    .rules(new StorageRules.AttributesClasses()).build());

    static final List<ResourceType> RESOURCE = List.of(
            TypeBuilder.cluster("resource.k8s.io", "v1", "DeviceClass", "deviceclasses")
                    .rules(new DeviceClaimRules.Classes(Expressions.NONE)).build(),
            TypeBuilder.namespaced("resource.k8s.io", "v1", "ResourceClaim", "resourceclaims").status()
                    .columns(StorageColumns.CLAIM_STATES)
                    .rules(new DeviceClaimRules.Claims(Expressions.NONE)).build(),
            TypeBuilder.namespaced("resource.k8s.io", "v1", "ResourceClaimTemplate", "resourceclaimtemplates")
                    .rules(new DeviceClaimRules.Templates(Expressions.NONE)).build(),
            TypeBuilder.cluster("resource.k8s.io", "v1", "ResourceSlice", "resourceslices")
                    .columns(StorageColumns.DEVICE_SLICES)
                    .fields(FieldLists.SLICES)
                    .rules(new DeviceSliceRules()).build());

    static final List<ResourceType> NODE = List.of(
            TypeBuilder.cluster("node.k8s.io", "v1", "RuntimeClass", "runtimeclasses")
                    .columns(StorageColumns.RUNTIME_CLASSES)
                    .rules(new ClassRules.Runtime()).build());

    private StorageTypes() {
    }
}
