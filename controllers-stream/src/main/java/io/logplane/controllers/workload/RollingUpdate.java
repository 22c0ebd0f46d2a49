package io.logplane.controllers.workload;

import io.logplane.controllers.core.Entry;

/// One step of a rolling update: the new set up by the room the surge leaves, or else the old ones down by what
/// availability
/// allows, the unhealthy first.
///
/// Source: Kubernetes Deployment documentation, "Rolling Update Deployment".
final class RollingUpdate {
    private RollingUpdate() {
    }

    /// `rollout` must have a current set.
    static void step(Rollout rollout, Entry current) {
        int size = rollout.size(current);
        int wanted = size > rollout.strategy().replicas()
                ? rollout.strategy().replicas()
                : rollout.roomForCurrent(size);
        if (wanted != size) {
            rollout.scale(current, wanted);
            return;
        }
        if (rollout.totalOld() == 0) {
            return;
        }
        int newUnavailable = size - Rollout.status(current, "availableReplicas");
        int most = rollout.total() - rollout.strategy().leastAvailable() - newUnavailable;
        if (most > 0) {
            cleanUnhealthy(rollout, most);
            shrinkOld(rollout);
        }
    }

    private static void cleanUnhealthy(Rollout rollout, int most) {
        int cleaned = 0;
        for (Entry set : rollout.old()) {
            int size = rollout.size(set);
            int unhealthy = Math.min(most - cleaned, size - Rollout.status(set, "availableReplicas"));
            if (size > 0 && unhealthy > 0) {
                rollout.scale(set, size - unhealthy);
                cleaned += unhealthy;
            }
        }
    }

    private static void shrinkOld(Rollout rollout) {
        int excess = rollout.sum("availableReplicas") - rollout.strategy().leastAvailable();
        for (Entry set : rollout.old()) {
            int size = rollout.size(set);
            int down = Math.min(excess, size);
            if (down > 0) {
                rollout.scale(set, size - down);
                excess -= down;
            }
        }
    }
}
