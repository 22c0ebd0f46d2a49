package io.logplane.scheduler.plugins;

import io.logplane.scheduler.core.Cluster;
import io.logplane.scheduler.core.NodeInfo;
import io.logplane.scheduler.core.Plugin;
import io.logplane.scheduler.core.PodInfo;
import io.logplane.scheduler.core.Resources;
import java.util.List;

/// Better are nodes whose cpu and memory are used to the same degree with this pod on them.
///
/// Shape: the score is 100 times one minus half the distance of the two degrees; pods that ask for nothing are not
/// scored, as upstream.
/// Source: noderesources.BalancedAllocation (two resources: the standard deviation is half the distance).
final class NodeResourcesBalancedAllocation implements Plugin {

    @Override
    public String name() {
        return "NodeResourcesBalancedAllocation";
    }

    @Override
    public int weight() {
        return 1;
    }

    @Override
    public boolean score(PodInfo pod, Cluster cluster, List<NodeInfo> nodes, long[] scores) {
        Resources wanted = pod.shape().requests();
        if (wanted.milliCpu() == 0 && wanted.memory() == 0) {
            return false;
        }
        for (int i = 0; i < nodes.size(); i++) {
            NodeInfo node = nodes.get(i);
            Resources has = node.spec().allocatable();
            boolean both = has.milliCpu() > 0 && has.memory() > 0;
            double distance = both
                    ? Math.abs(degree(node.milliCpu() + wanted.milliCpu(), has.milliCpu())
                            - degree(node.memory() + wanted.memory(), has.memory()))
                    : 0;
            scores[i] = (long) ((1 - distance / 2) * MAX_SCORE);
        }
        return true;
    }

    private static double degree(long requested, long capacity) {
        return Math.min(1, (double) requested / capacity);
    }
}
