package io.logplane.schemas.types;

import java.util.List;

/// Networking, endpoint slices and leases. One entry per type; order as in discovery.
final class NetworkTypes {
    static final List<ResourceType> NETWORKING = List.of(
            TypeBuilder.cluster("networking.k8s.io", "v1", "IngressClass", "ingressclasses").build(),
            TypeBuilder.namespaced("networking.k8s.io", "v1", "Ingress", "ingresses").shortNames("ing").status()
                    .build(),
            TypeBuilder.cluster("networking.k8s.io", "v1", "IPAddress", "ipaddresses").shortNames("ip").build(),
            TypeBuilder.namespaced("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies").shortNames("netpol")
                    .build(),
            TypeBuilder.cluster("networking.k8s.io", "v1", "ServiceCIDR", "servicecidrs").status().build());

    static final List<ResourceType> DISCOVERY = List.of(
            TypeBuilder.namespaced("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices").build());

    static final List<ResourceType> COORDINATION = List.of(
            TypeBuilder.namespaced("coordination.k8s.io", "v1", "Lease", "leases").build());

    private NetworkTypes() {
    }
}
