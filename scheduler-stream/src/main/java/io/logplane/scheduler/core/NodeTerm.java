package io.logplane.scheduler.core;

import java.util.List;
import java.util.Map;

/// One node selector term; `fields` requirements are on `metadata.name`, the only field upstream knows.
///
/// Shape: a term without any requirement matches no node, as upstream.
/// Source: v1.NodeSelectorTerm.
public record NodeTerm(List<Requirement> labels, List<Requirement> fields, int weight) {
    public NodeTerm {
        labels = List.copyOf(labels);
        fields = List.copyOf(fields);
    }

    public boolean matches(NodeSpec node) {
        if (labels.isEmpty() && fields.isEmpty()) {
            return false;
        }
        for (Requirement requirement : labels) {
            if (!requirement.matches(node.labels())) {
                return false;
            }
        }
        for (Requirement requirement : fields) {
            if (!requirement.matches(Map.of("metadata.name", node.name()))) {
                return false;
            }
        }
        return true;
    }
}
