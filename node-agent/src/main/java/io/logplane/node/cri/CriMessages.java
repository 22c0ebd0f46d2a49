package io.logplane.node.cri;

import com.google.protobuf.ByteString;
import io.logplane.node.core.ContainerSpec;
import io.logplane.node.core.SandboxSpec;
import io.logplane.node.core.SandboxSpec.Namespaces;
import io.logplane.node.cri.v1.Capability;
import io.logplane.node.cri.v1.ContainerConfig;
import io.logplane.node.cri.v1.ContainerMetadata;
import io.logplane.node.cri.v1.DNSConfig;
import io.logplane.node.cri.v1.ImageSpec;
import io.logplane.node.cri.v1.Int64Value;
import io.logplane.node.cri.v1.KeyValue;
import io.logplane.node.cri.v1.LinuxContainerConfig;
import io.logplane.node.cri.v1.LinuxContainerResources;
import io.logplane.node.cri.v1.LinuxContainerSecurityContext;
import io.logplane.node.cri.v1.LinuxPodSandboxConfig;
import io.logplane.node.cri.v1.LinuxSandboxSecurityContext;
import io.logplane.node.cri.v1.Mount;
import io.logplane.node.cri.v1.MountPropagation;
import io.logplane.node.cri.v1.NamespaceMode;
import io.logplane.node.cri.v1.NamespaceOption;
import io.logplane.node.cri.v1.PodSandboxConfig;
import io.logplane.node.cri.v1.PodSandboxMetadata;
import io.logplane.node.cri.v1.PortMapping;
import io.logplane.node.cri.v1.Protocol;
import io.logplane.node.cri.v1.SecurityProfile;
import java.util.List;

/// Specs of the core to CRI messages. Pure.
final class CriMessages {
    /// Paths a container may not see or not write unless it is privileged: the set every Kubernetes runtime applies.
    private static final List<String> MASKED = List.of("/proc/asound", "/proc/acpi", "/proc/kcore", "/proc/keys",
            "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi",
            "/sys/firmware", "/sys/devices/virtual/powercap");
    private static final List<String> READ_ONLY = List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
            "/proc/sysrq-trigger");

    private CriMessages() {
    }

    static PodSandboxConfig sandbox(SandboxSpec spec) {
        PodSandboxConfig.Builder config = PodSandboxConfig.newBuilder()
                .setMetadata(PodSandboxMetadata.newBuilder().setName(spec.pod().name())
                        .setNamespace(spec.pod().namespace()).setUid(spec.pod().uid()).setAttempt(spec.attempt()))
                .setLogDirectory(spec.logDirectory()).putAllLabels(spec.labels())
                .putAllAnnotations(spec.annotations());
        if (!spec.namespaces().network()) {
            config.setHostname(spec.hostname());
        }
        if (!spec.dns().servers().isEmpty() || !spec.dns().searches().isEmpty()) {
            config.setDnsConfig(DNSConfig.newBuilder().addAllServers(spec.dns().servers())
                    .addAllSearches(spec.dns().searches()).addAllOptions(spec.dns().options()));
        }
        for (SandboxSpec.PortMapping port : spec.ports()) {
            config.addPortMappings(PortMapping.newBuilder().setProtocol(Protocol.valueOf(port.protocol()))
                    .setContainerPort(port.containerPort()).setHostPort(port.hostPort()).setHostIp(port.hostIp()));
        }
        LinuxSandboxSecurityContext.Builder security = LinuxSandboxSecurityContext.newBuilder()
                .setNamespaceOptions(namespaces(spec.namespaces())).setPrivileged(spec.security().privileged())
                .addAllSupplementalGroups(spec.security().groups())
                .setSeccomp(SecurityProfile.newBuilder().setProfileType(SecurityProfile.ProfileType.Unconfined));
        spec.security().runAsUser().ifPresent(uid -> security.setRunAsUser(int64(uid)));
        if (spec.security().runAsUser().isPresent()) {
            spec.security().runAsGroup().ifPresent(gid -> security.setRunAsGroup(int64(gid)));
        }
        return config.setLinux(LinuxPodSandboxConfig.newBuilder().setCgroupParent(spec.cgroupParent())
                .setSecurityContext(security).putAllSysctls(spec.sysctls())).build();
    }

    static ContainerConfig container(ContainerSpec spec) {
        ContainerConfig.Builder config = ContainerConfig.newBuilder()
                .setMetadata(ContainerMetadata.newBuilder().setName(spec.name()).setAttempt(spec.attempt()))
                .setImage(ImageSpec.newBuilder().setImage(spec.image())).addAllCommand(spec.command())
                .addAllArgs(spec.args()).setWorkingDir(spec.workingDir()).putAllLabels(spec.labels())
                .putAllAnnotations(spec.annotations()).setLogPath(spec.logPath()).setStdin(spec.stdin())
                .setStdinOnce(spec.stdinOnce()).setTty(spec.tty());
        spec.env().forEach(e -> config
                .addEnvs(KeyValue.newBuilder().setKey(e.name()).setValue(ByteString.copyFromUtf8(e.value()))));
        spec.mounts().forEach(m -> config.addMounts(Mount.newBuilder().setHostPath(m.hostPath())
                .setContainerPath(m.containerPath()).setReadonly(m.readOnly())
                .setPropagation(propagation(m.propagation()))));
        return config.setLinux(LinuxContainerConfig.newBuilder().setResources(resources(spec.resources()))
                .setSecurityContext(security(spec.security()))).build();
    }

    private static LinuxContainerResources resources(ContainerSpec.Resources r) {
        return LinuxContainerResources.newBuilder().setCpuShares(r.cpuShares()).setCpuQuota(r.cpuQuota())
                .setCpuPeriod(r.cpuPeriod()).setMemoryLimitInBytes(r.memoryLimit()).setOomScoreAdj(r.oomScoreAdj())
                .build();
    }

    private static LinuxContainerSecurityContext security(ContainerSpec.Security s) {
        LinuxContainerSecurityContext.Builder security = LinuxContainerSecurityContext.newBuilder()
                .setPrivileged(s.privileged()).setReadonlyRootfs(s.readOnlyRoot())
                .addAllSupplementalGroups(s.groups()).setNoNewPrivs(s.noNewPrivileges())
                .setNamespaceOptions(namespaces(s)).setCapabilities(Capability.newBuilder()
                        .addAllAddCapabilities(s.addCapabilities()).addAllDropCapabilities(s.dropCapabilities()))
                .setSeccomp(SecurityProfile.newBuilder().setProfileType(s.runtimeSeccomp()
                        ? SecurityProfile.ProfileType.RuntimeDefault
                        : SecurityProfile.ProfileType.Unconfined));
        if (!s.privileged()) {
            security.addAllMaskedPaths(MASKED).addAllReadonlyPaths(READ_ONLY);
        }
        s.runAsUser().ifPresent(uid -> security.setRunAsUser(int64(uid)));
        s.runAsGroup().ifPresent(gid -> security.setRunAsGroup(int64(gid)));
        return security.build();
    }

    private static NamespaceOption namespaces(Namespaces pod) {
        NamespaceMode processes = switch (pod.processes()) {
            case HOST -> NamespaceMode.NODE;
            case POD -> NamespaceMode.POD;
            case CONTAINER -> NamespaceMode.CONTAINER;
        };
        return NamespaceOption.newBuilder().setNetwork(pod.network() ? NamespaceMode.NODE : NamespaceMode.POD)
                .setPid(processes).setIpc(pod.ipc() ? NamespaceMode.NODE : NamespaceMode.POD).build();
    }

    private static NamespaceOption namespaces(ContainerSpec.Security s) {
        NamespaceOption own = namespaces(s.namespaces());
        return s.target().isEmpty() || own.getPid() != NamespaceMode.CONTAINER
                ? own
                : own.toBuilder().setPid(NamespaceMode.TARGET).setTargetId(s.target().get()).build();
    }

    private static MountPropagation propagation(String name) {
        return switch (name) {
            case "HostToContainer" -> MountPropagation.PROPAGATION_HOST_TO_CONTAINER;
            case "Bidirectional" -> MountPropagation.PROPAGATION_BIDIRECTIONAL;
            default -> MountPropagation.PROPAGATION_PRIVATE;
        };
    }

    private static Int64Value int64(long value) {
        return Int64Value.newBuilder().setValue(value).build();
    }
}
