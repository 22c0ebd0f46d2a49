package io.logplane.node.core;

import java.util.List;

/// What containers may learn about the node they run on.
///
/// Units: CPU in thousandths, memory and storage in bytes. Shape: `apiHost`:`apiPort` is where pods find the
/// Kubernetes API; `clusterDns` may be empty: pods then get the host's resolver. `hostIps` has the InternalIP first.
public record Facts(String nodeName, List<String> hostIps, long milliCpu, long memory, long storage, String apiHost,
        int apiPort, List<String> clusterDns, String clusterDomain) {
    public Facts {
        hostIps = List.copyOf(hostIps);
        clusterDns = List.copyOf(clusterDns);
    }
}
