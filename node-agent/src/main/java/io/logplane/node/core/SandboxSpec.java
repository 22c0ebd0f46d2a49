package io.logplane.node.core;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// What a sandbox is to be made of, in no runtime's words.
public record SandboxSpec(PodRef pod, int attempt, String hostname, String logDirectory, Dns dns,
        List<PortMapping> ports, Map<String, String> labels, Map<String, String> annotations, HostAccess host,
        Security security, String cgroupParent, Map<String, String> sysctls) {

    public SandboxSpec {
        ports = List.copyOf(ports);
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        sysctls = Map.copyOf(sysctls);
    }

    /// The pod's resolv.conf; all empty: the runtime copies the host's.
    public record Dns(List<String> servers, List<String> searches, List<String> options) {
        public Dns {
            servers = List.copyOf(servers);
            searches = List.copyOf(searches);
            options = List.copyOf(options);
        }
    }

    /// Shape: protocol TCP, UDP or SCTP.
    public record PortMapping(String protocol, int containerPort, int hostPort, String hostIp) {
    }

    /// Which of the host's namespaces the pod shares.
    public record HostAccess(boolean network, boolean pid, boolean ipc) {
    }

    /// Identity shared by all containers of the pod.
    public record Security(boolean privileged, OptionalLong runAsUser, OptionalLong runAsGroup, List<Long> groups) {
        public Security {
            groups = List.copyOf(groups);
        }
    }
}
