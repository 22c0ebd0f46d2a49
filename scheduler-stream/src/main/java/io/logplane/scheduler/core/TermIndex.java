package io.logplane.scheduler.core;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The affinity terms of the pods that are on nodes, each with how many of these pods every topology value holds.
///
/// Pods of one template share a term, so a decision looks at as many terms as there are templates, not pods.
public final class TermIndex {

    /// How a term of a placed pod speaks about others.
    public enum Kind {
        REQUIRED, PREFERRED, ANTI_REQUIRED, ANTI_PREFERRED
    }

    /// One term and where the pods that have it are.
    public static final class Holders {
        private final Kind kind;
        private final PodAffinity.Term term;
        private final Map<String, Integer> byValue = new HashMap<>();
        private final Map<NodeInfo, Integer> byNode = new HashMap<>();

        Holders(Kind kind, PodAffinity.Term term) {
            this.kind = kind;
            this.term = term;
        }

        public Kind kind() {
            return kind;
        }

        public PodAffinity.Term term() {
            return term;
        }

        /// Pods with the term on nodes whose topology label has the value.
        public int at(String value) {
            return byValue.getOrDefault(value, 0);
        }

        private void add(Map<String, String> labels, int delta) {
            String value = labels.get(term.topologyKey());
            if (value != null && delta != 0) {
                byValue.merge(value, delta, (left, right) -> left + right == 0 ? null : left + right);
            }
        }
    }

    private record Key(Kind kind, PodAffinity.Term term) {
    }

    private final Map<Key, Holders> all = new LinkedHashMap<>();

    public Collection<Holders> holders() {
        return all.values();
    }

    void placed(PodInfo pod, NodeInfo node, int delta) {
        PodAffinity affinity = pod.shape().podAffinity();
        if (!affinity.isEmpty()) {
            count(Kind.REQUIRED, affinity.required(), node, delta);
            count(Kind.PREFERRED, affinity.preferred(), node, delta);
            count(Kind.ANTI_REQUIRED, affinity.antiRequired(), node, delta);
            count(Kind.ANTI_PREFERRED, affinity.antiPreferred(), node, delta);
        }
    }

    void relabelled(NodeInfo node, Map<String, String> before, Map<String, String> after) {
        for (Holders holders : all.values()) {
            int pods = holders.byNode.getOrDefault(node, 0);
            holders.add(before, -pods);
            holders.add(after, pods);
        }
    }

    private void count(Kind kind, List<PodAffinity.Term> terms, NodeInfo node, int delta) {
        for (PodAffinity.Term term : terms) {
            Key key = new Key(kind, term);
            Holders holders = all.computeIfAbsent(key, unused -> new Holders(kind, term));
            holders.byNode.merge(node, delta, (left, right) -> left + right == 0 ? null : left + right);
            holders.add(node.spec().labels(), delta);
            if (holders.byNode.isEmpty()) {
                all.remove(key);
            }
        }
    }
}
