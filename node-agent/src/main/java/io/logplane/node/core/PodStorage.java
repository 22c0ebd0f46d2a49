package io.logplane.node.core;

import java.util.List;
import java.util.Map;

/// What a pod has on the node's disk; the border between decisions and files.
///
/// Every call may be repeated. Errors: [CannotStart] for what a pod asks and cannot have; UncheckedIOException from
/// `remove`.
public interface PodStorage {

    /// Where the runtime writes the output of the pod's containers.
    String logDirectory(PodRef pod);

    /// Makes volumes that are missing and brings config volumes up to date. Gives the host path of every volume, by
    /// name.
    Map<String, String> prepare(Pod pod, Sources sources, Facts facts);

    /// All mounts of one container, parents before children.
    List<ContainerSpec.Mount> mounts(Pod pod, Pod.Member member, int attempt, Map<String, String> volumes,
            Map<String, String> env, List<String> podIps);

    /// What a container left as its last words; "" when nothing.
    String lastWords(String file);

    /// Whether anything of the pod is on disk.
    boolean present(PodRef pod);

    void remove(PodRef pod);
}
