package io.logplane.scheduler.core;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// The match counts in use, each kept up to date with every pod and node instead of being counted for every decision.
///
/// Limits: [#MAX_COUNTS] counts; the one unused longest is forgotten and counted afresh when it is needed again.
final class SpreadIndex {
    /// Each costs one selector match per pod change of its namespace, and 4 bytes a node.
    static final int MAX_COUNTS = 512;

    private record Key(String namespace, Selector selector) {
    }

    private final LinkedHashMap<Key, MatchCount> counts = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, Map<Key, MatchCount>> byNamespace = new HashMap<>();

    MatchCount count(String namespace, Selector selector, Collection<NodeInfo> nodes) {
        Key key = new Key(namespace, selector);
        MatchCount known = counts.get(key);
        if (known != null) {
            return known;
        }
        if (counts.size() >= MAX_COUNTS) {
            forget(counts.firstEntry().getKey());
        }
        MatchCount count = new MatchCount(namespace, selector, nodes);
        counts.put(key, count);
        byNamespace.computeIfAbsent(namespace, unused -> new LinkedHashMap<>()).put(key, count);
        return count;
    }

    void placed(PodInfo pod, NodeInfo node, int delta) {
        Map<Key, MatchCount> here = byNamespace.get(pod.namespace());
        if (here != null) {
            here.values().forEach(count -> count.count(pod, node, delta));
        }
    }

    void relabelled(NodeInfo node, Map<String, String> before, Map<String, String> after) {
        if (!before.equals(after)) {
            counts.values().forEach(count -> count.relabelled(node, before, after));
        }
    }

    private void forget(Key key) {
        counts.remove(key);
        Map<Key, MatchCount> here = byNamespace.get(key.namespace());
        if (here != null) {
            here.remove(key);
            if (here.isEmpty()) {
                byNamespace.remove(key.namespace());
            }
        }
    }
}
