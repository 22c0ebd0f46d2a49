package io.logplane.scheduler.core;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import java.util.Map;

/// One pod at one revision, as scheduling sees it.
///
/// Shape: `key` is the object key text; `node` is spec.nodeName, "" while unbound; `created` in milliseconds since
/// 1970;
/// `ownerKind` and `ownerName` are the controller's, "" without one; `conditions` are the status conditions of an
/// unbound pod (a
/// merge patch replaces them all) and empty once it is bound.
public record PodInfo(String key, String namespace, String name, String uid, long revision, long generation,
        Map<String, String> labels, String node, boolean terminal, boolean deleting, long created,
        List<String> gates, String ownerKind, String ownerName, PodShape shape, ArrayNode conditions) {

    public static final String DEFAULT_SCHEDULER = "default-scheduler";

    public PodInfo {
        labels = Map.copyOf(labels);
        gates = List.copyOf(gates);
    }

    /// The same pod as it was called at another revision.
    public PodInfo at(long otherRevision) {
        return new PodInfo(key, namespace, name, uid, otherRevision, generation, labels, node, terminal, deleting,
                created, gates, ownerKind, ownerName, shape, conditions);
    }

    /// True when this scheduler has to find a node for it.
    public boolean waitsForNode() {
        return node.isEmpty() && !terminal && !deleting && shape.schedulerName().equals(DEFAULT_SCHEDULER);
    }

    /// True when nothing that scheduling looks at differs: a mere status patch, for instance our own.
    public boolean schedulesLike(PodInfo other) {
        return uid.equals(other.uid) && shape.equals(other.shape) && labels.equals(other.labels)
                && gates.equals(other.gates) && ownerName.equals(other.ownerName);
    }

    /// True when it takes resources of its node.
    public boolean occupies() {
        return !node.isEmpty() && !terminal;
    }
}
