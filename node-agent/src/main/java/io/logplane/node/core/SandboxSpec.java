package io.logplane.node.core;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// What a sandbox is to be made of, in no runtime's words.
public record SandboxSpec(PodRef pod, int attempt, String hostname, String logDirectory, Dns dns,
        List<PortMapping> ports, Map<String, String> labels, Map<String, String> annotations, Namespaces namespaces,
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

    /// Whose namespaces the pod's containers are in. Shape: `network` and `ipc` true: the host's; false: the pod's.
    public record Namespaces(boolean network, Processes processes, boolean ipc) {
    }

    /// Whose processes a container sees.
    public enum Processes {
        /// Those of the host (`hostPID`).
        HOST,
        /// Those of all containers of the pod (`shareProcessNamespace`).
        POD,
        /// Its own.
        CONTAINER
    }

    /// Identity shared by all containers of the pod.
    public record Security(boolean privileged, OptionalLong runAsUser, OptionalLong runAsGroup, List<Long> groups) {
        public Security {
            groups = List.copyOf(groups);
        }
    }
}
