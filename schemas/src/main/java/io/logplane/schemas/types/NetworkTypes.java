package io.logplane.schemas.types;

import io.logplane.schemas.columns.NetworkColumns;
import io.logplane.schemas.rules.AddressRules;
import io.logplane.schemas.rules.ClassRules;
import io.logplane.schemas.rules.NetworkRules;
import io.logplane.schemas.rules.RecordRules;
import java.util.List;

/// Networking, endpoint slices and leases. One entry per type; order as in discovery.
final class NetworkTypes {
    static final List<ResourceType> NETWORKING = List.of(
            TypeBuilder.cluster("networking.k8s.io", "v1", "IngressClass", "ingressclasses")
                    .columns(NetworkColumns.INGRESS_CLASSES)
                    .rules(new ClassRules.Ingress()).build(),
            TypeBuilder.namespaced("networking.k8s.io", "v1", "Ingress", "ingresses").shortNames("ing").status()
                    .columns(NetworkColumns.INGRESSES)
                    .rules(new NetworkRules.Ingresses()).build(),
            TypeBuilder.cluster("networking.k8s.io", "v1", "IPAddress", "ipaddresses").shortNames("ip")
                    .columns(NetworkColumns.IP_ADDRESSES)
                    .rules(new AddressRules.Addresses()).build(),
            TypeBuilder.namespaced("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies").shortNames("netpol")
                    .columns(NetworkColumns.POLICIES)
                    .rules(new NetworkRules.Policies()).build(),
            TypeBuilder.cluster("networking.k8s.io", "v1", "ServiceCIDR", "servicecidrs").status()
                    .columns(NetworkColumns.RANGES)
                    .rules(new AddressRules.Ranges()).build());

    static final List<ResourceType> DISCOVERY = List.of(
            TypeBuilder.namespaced("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices")
                    .columns(NetworkColumns.SLICES)
                    .rules(new NetworkRules.Slices()).build());

    static final List<ResourceType> COORDINATION = List.of(
            TypeBuilder.namespaced("coordination.k8s.io", "v1", "Lease", "leases")
                    .columns(NetworkColumns.LEASES)
                    .rules(new RecordRules.Leases()).build());

    private NetworkTypes() {
    }
}
