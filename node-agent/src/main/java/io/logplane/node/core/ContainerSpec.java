package io.logplane.node.core;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// What a container is to be made of, in no runtime's words.
///
/// Shape: empty `command` or `args`: the image's own. `logPath` is relative to the sandbox's log directory.
public record ContainerSpec(PodRef pod, String name, int attempt, String image, List<String> command, List<String> args,
        String workingDir, List<EnvVar> env, List<Mount> mounts, Map<String, String> labels,
        Map<String, String> annotations, String logPath, boolean stdin, boolean stdinOnce, boolean tty,
        Resources resources, Security security) {

    public ContainerSpec {
        command = List.copyOf(command);
        args = List.copyOf(args);
        env = List.copyOf(env);
        mounts = List.copyOf(mounts);
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }

    /// Sees the processes of another container, by its id.
    public ContainerSpec inside(String container) {
        return new ContainerSpec(pod, name, attempt, image, command, args, workingDir, env, mounts, labels, annotations,
                logPath, stdin, stdinOnce, tty, resources, security.inside(container));
    }

    public record EnvVar(String name, String value) {
    }

    /// A host path inside the container. Shape: `propagation` None, HostToContainer or Bidirectional.
    public record Mount(String hostPath, String containerPath, boolean readOnly, String propagation) {
    }

    /// Units: CPU shares and microseconds of quota per period, bytes. 0: no limit (shares: the minimum of 2).
    public record Resources(long cpuShares, long cpuQuota, long cpuPeriod, long memoryLimit, int oomScoreAdj) {
    }

    /// Shape: `runtimeSeccomp` true: the runtime's own filter of system calls; false: none. `target`: the id of the
    /// container whose processes are seen.
    public record Security(boolean privileged, boolean readOnlyRoot, List<String> addCapabilities,
            List<String> dropCapabilities, OptionalLong runAsUser, OptionalLong runAsGroup, List<Long> groups,
            boolean noNewPrivileges, boolean runtimeSeccomp, SandboxSpec.Namespaces namespaces,
            Optional<String> target) {
        public Security {
            addCapabilities = List.copyOf(addCapabilities);
            dropCapabilities = List.copyOf(dropCapabilities);
            groups = List.copyOf(groups);
        }

        public Security(boolean privileged, boolean readOnlyRoot, List<String> addCapabilities,
                List<String> dropCapabilities, OptionalLong runAsUser, OptionalLong runAsGroup, List<Long> groups,
                boolean noNewPrivileges, boolean runtimeSeccomp, SandboxSpec.Namespaces namespaces) {
            this(privileged, readOnlyRoot, addCapabilities, dropCapabilities, runAsUser, runAsGroup, groups,
                    noNewPrivileges, runtimeSeccomp, namespaces, Optional.empty());
        }

        Security inside(String container) {
            return new Security(privileged, readOnlyRoot, addCapabilities, dropCapabilities, runAsUser, runAsGroup,
                    groups, noNewPrivileges, runtimeSeccomp, namespaces, Optional.of(container));
        }
    }
}
