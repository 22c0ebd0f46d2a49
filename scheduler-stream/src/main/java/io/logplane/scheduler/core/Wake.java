package io.logplane.scheduler.core;

/// Kinds of change that may make an unschedulable pod schedulable. Source: upstream's ClusterEvent.
public enum Wake {
    NODE_ADDED, NODE_REMOVED, NODE_RESOURCES, NODE_LABELS, NODE_TAINTS, POD_PLACED, POD_GONE
}
