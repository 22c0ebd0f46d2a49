package io.logplane.node.hollow;

import io.logplane.node.core.ContainerSpec.Mount;
import io.logplane.node.core.Facts;
import io.logplane.node.core.Pod;
import io.logplane.node.core.PodRef;
import io.logplane.node.core.PodStorage;
import io.logplane.node.core.Sources;
import java.util.List;
import java.util.Map;

/// Stores nothing. Thread: any.
public final class NoStorage implements PodStorage {

    @Override
    public String logDirectory(PodRef pod) {
        return "/nonexistent";
    }

    @Override
    public Map<String, String> prepare(Pod pod, Sources sources, Facts facts) {
        return Map.of();
    }

    @Override
    public List<Mount> mounts(Pod pod, Pod.Member member, int attempt, Map<String, String> volumes,
            Map<String, String> env, List<String> podIps) {
        return List.of();
    }

    @Override
    public String lastWords(String file) {
        return "";
    }

    @Override
    public boolean present(PodRef pod) {
        return false;
    }

    @Override
    public void remove(PodRef pod) {
    }
}
