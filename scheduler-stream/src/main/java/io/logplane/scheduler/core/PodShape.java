package io.logplane.scheduler.core;

import java.util.List;
import java.util.Map;

/// Everything of a pod's spec that scheduling looks at; pods of one template share one instance (an equivalence class).
///
/// Shape: `scored` are the requests with upstream's defaults for containers that ask for nothing; `required` terms are
/// alternatives, empty means no constraint and `requiresAny` false; `nodeSelector` must hold as well.
/// Source: v1.PodSpec.
public record PodShape(Resources requests, Resources scored, List<HostPort> ports, Map<String, String> nodeSelector,
        Affinity affinity, PodAffinity podAffinity, List<Toleration> tolerations, List<SpreadConstraint> spread,
        int priority,
        String preemptionPolicy, String schedulerName) {

    /// Node affinity; `present` is true when requiredDuringScheduling is given, even without terms (then nothing
    /// matches).
    public record Affinity(boolean present, List<NodeTerm> required, List<NodeTerm> preferred) {
        public static final Affinity NONE = new Affinity(false, List.of(), List.of());

        public Affinity {
            required = List.copyOf(required);
            preferred = List.copyOf(preferred);
        }
    }

    public PodShape {
        ports = List.copyOf(ports);
        nodeSelector = Map.copyOf(nodeSelector);
        tolerations = List.copyOf(tolerations);
        spread = List.copyOf(spread);
    }

    /// True when node selector and required node affinity leave every node in.
    public boolean allowsEveryNode() {
        return nodeSelector.isEmpty() && !affinity.present();
    }

    /// Source: GetRequiredNodeAffinity(pod).Match(node).
    public boolean allows(NodeSpec node) {
        for (Map.Entry<String, String> wanted : nodeSelector.entrySet()) {
            if (!wanted.getValue().equals(node.labels().get(wanted.getKey()))) {
                return false;
            }
        }
        if (!affinity.present()) {
            return true;
        }
        for (NodeTerm term : affinity.required()) {
            if (term.matches(node)) {
                return true;
            }
        }
        return false;
    }

    /// True when no taint of the node keeps this pod away.
    public boolean tolerates(NodeSpec node) {
        for (Taint taint : node.taints()) {
            if (taint.repels() && !Toleration.anyTolerates(tolerations, taint)) {
                return false;
            }
        }
        return true;
    }
}
