package io.logplane.scheduler.core;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The match counts in use, each kept up to date with every pod and node instead of being counted for every decision.
///
/// Limits: [#MAX_COUNTS] counts; the one unused longest is forgotten and counted afresh when it is needed again.
final class SpreadIndex {
    /// Each costs one selector match per pod change of its namespace, and 4 bytes a node.
    static final int MAX_COUNTS = 512;

    /// Where sets are kept that are not limited to one namespace; no namespace is called so.
    private static final String ANYWHERE = "";

    private final Map<String, Map<String, String>> namespaceLabels;
    private final LinkedHashMap<PodSet, MatchCount> counts = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, Map<PodSet, MatchCount>> byNamespace = new HashMap<>();

    SpreadIndex(Map<String, Map<String, String>> namespaceLabels) {
        this.namespaceLabels = namespaceLabels;
    }

    MatchCount count(PodSet set, Collection<NodeInfo> nodes) {
        MatchCount known = counts.get(set);
        if (known != null) {
            return known;
        }
        if (counts.size() >= MAX_COUNTS) {
            forget(counts.firstEntry().getKey());
        }
        MatchCount count = new MatchCount(set, namespaceLabels, nodes);
        counts.put(set, count);
        byNamespace.computeIfAbsent(namespace(set), unused -> new LinkedHashMap<>()).put(set, count);
        return count;
    }

    void placed(PodInfo pod, NodeInfo node, int delta) {
        byNamespace.getOrDefault(pod.namespace(), Map.of()).values().forEach(count -> count.count(pod, node, delta));
        byNamespace.getOrDefault(ANYWHERE, Map.of()).values().forEach(count -> count.count(pod, node, delta));
    }

    void relabelled(NodeInfo node, Map<String, String> before, Map<String, String> after) {
        if (!before.equals(after)) {
            counts.values().forEach(count -> count.relabelled(node, before, after));
        }
    }

    /// Labels of a namespace changed: sets that select namespaces by label are counted afresh when they are needed
    /// again.
    void namespaceRelabelled() {
        List.copyOf(counts.keySet()).stream().filter(PodSet::dependsOnNamespaceLabels).forEach(this::forget);
    }

    private void forget(PodSet set) {
        counts.remove(set);
        Map<PodSet, MatchCount> here = byNamespace.get(namespace(set));
        if (here != null) {
            here.remove(set);
            if (here.isEmpty()) {
                byNamespace.remove(namespace(set));
            }
        }
    }

    private static String namespace(PodSet set) {
        PodSet.Part first = set.parts().getFirst();
        return first.namespaces().size() == 1 && first.isLimitedTo(first.namespaces().iterator().next())
                ? first.namespaces().iterator().next()
                : ANYWHERE;
    }
}
