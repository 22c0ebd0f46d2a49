package io.logplane.node.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Everything one pass looks at.
///
/// Shape: `troubles` by what they are about; `health` by container id, absent for containers without probes;
/// `lastStatus` is the newest status the cluster has or will have; `hostIps` the node's addresses, the first is its
/// InternalIP.
public record PodInput(Pod pod, PodObserved observed, Map<String, Trouble> troubles, Map<String, Health> health,
        ObjectNode lastStatus, List<String> hostIps, Instant now) {

    /// What probes say of a running container.
    public record Health(boolean started, boolean ready, boolean alive) {
        public static final Health GOOD = new Health(true, true, true);
    }

    public PodInput {
        troubles = Map.copyOf(troubles);
        health = Map.copyOf(health);
        hostIps = List.copyOf(hostIps);
    }

    Health healthOf(Container container) {
        return health.getOrDefault(container.id(), Health.GOOD);
    }

    /// What the cluster was last told of a container.
    Optional<ObjectNode> lastStatusOf(String name) {
        for (String list : List.of("initContainerStatuses", "containerStatuses",
                "ephemeralContainerStatuses")) {
            for (var status : lastStatus.path(list)) {
                if (status.path("name").asText().equals(name) && status instanceof ObjectNode object) {
                    return Optional.of(object);
                }
            }
        }
        return Optional.empty();
    }
}
