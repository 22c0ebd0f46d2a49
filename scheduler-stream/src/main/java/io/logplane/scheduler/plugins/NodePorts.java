package io.logplane.scheduler.plugins;

import io.logplane.scheduler.core.Cluster;
import io.logplane.scheduler.core.Fit;
import io.logplane.scheduler.core.HostPort;
import io.logplane.scheduler.core.NodeFilter;
import io.logplane.scheduler.core.NodeInfo;
import io.logplane.scheduler.core.Plugin;
import io.logplane.scheduler.core.PodInfo;
import io.logplane.scheduler.core.Wake;
import java.util.List;
import java.util.Set;

/// A host port goes to one pod per node and address.
final class NodePorts implements Plugin {
    private static final Fit NO = Fit.no("node(s) didn't have free ports for the requested pod ports");

    @Override
    public String name() {
        return "NodePorts";
    }

    @Override
    public NodeFilter filter(PodInfo pod, Cluster cluster) {
        List<HostPort> wanted = pod.shape().ports();
        return wanted.isEmpty() ? NodeFilter.ALL : node -> clashes(wanted, node) ? NO : Fit.YES;
    }

    @Override
    public Set<Wake> wakes() {
        return Set.of(Wake.NODE_ADDED, Wake.POD_GONE);
    }

    private static boolean clashes(List<HostPort> wanted, NodeInfo node) {
        for (HostPort taken : node.ports()) {
            for (HostPort port : wanted) {
                if (port.clashesWith(taken)) {
                    return true;
                }
            }
        }
        return false;
    }
}
