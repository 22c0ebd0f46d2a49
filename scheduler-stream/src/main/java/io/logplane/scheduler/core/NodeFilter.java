package io.logplane.scheduler.core;

/// Says whether one pod may run on a node. Prepared once per decision, asked for many nodes.
@FunctionalInterface
public interface NodeFilter {
    /// Lets every node pass; the decision leaves it out of its loop.
    NodeFilter ALL = unused -> Fit.YES;

    Fit test(NodeInfo node);
}
