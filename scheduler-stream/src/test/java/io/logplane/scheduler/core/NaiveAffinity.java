package io.logplane.scheduler.core;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Pod affinity, slow and obvious: every placed pod is looked at for every node.
final class NaiveAffinity {
    private final List<NodeSpec> nodes;
    private final Map<PodInfo, String> placed;
    private final Map<String, String> namespaceLabels;

    /// Shape: all pods are in one namespace, which has these labels.
    NaiveAffinity(List<NodeSpec> nodes, Map<PodInfo, String> placed, Map<String, String> namespaceLabels) {
        this.nodes = nodes;
        this.placed = placed;
        this.namespaceLabels = namespaceLabels;
    }

    List<String> refusals(PodInfo pod, NodeSpec node) {
        PodAffinity own = pod.shape().podAffinity();
        if (!near(pod, own.required(), node)) {
            return List.of("InterPodAffinity: node(s) didn't match pod affinity rules");
        }
        for (PodAffinity.Term term : own.antiRequired()) {
            if (placed.entrySet().stream().anyMatch(other -> selects(term, other.getKey())
                    && same(node, other.getValue(), term.topologyKey()))) {
                return List.of("InterPodAffinity: node(s) didn't match pod anti-affinity rules");
            }
        }
        for (Map.Entry<PodInfo, String> other : placed.entrySet()) {
            for (PodAffinity.Term term : other.getKey().shape().podAffinity().antiRequired()) {
                if (selects(term, pod) && same(node, other.getValue(), term.topologyKey())) {
                    return List.of("InterPodAffinity: node(s) didn't satisfy existing pods anti-affinity rules");
                }
            }
        }
        return List.of();
    }

    private boolean near(PodInfo pod, List<PodAffinity.Term> required, NodeSpec node) {
        if (!required.stream().allMatch(term -> node.labels().containsKey(term.topologyKey()))) {
            return false;
        }
        List<Map.Entry<PodInfo, String>> friends = placed.entrySet().stream()
                .filter(other -> required.stream().allMatch(term -> selects(term, other.getKey()))).toList();
        if (required.stream().allMatch(term -> friends.stream()
                .anyMatch(friend -> same(node, friend.getValue(), term.topologyKey())))) {
            return true;
        }
        boolean none = friends.stream()
                .noneMatch(friend -> nodes.stream().anyMatch(n -> n.name().equals(friend.getValue())
                        && required.stream().anyMatch(term -> n.labels().containsKey(term.topologyKey()))));
        return none && required.stream().allMatch(term -> selects(term, pod));
    }

    /// Empty when nothing pulls.
    Map<String, Long> scores(PodInfo pod, List<NodeSpec> feasible) {
        Map<String, Long> raw = new TreeMap<>();
        PodAffinity own = pod.shape().podAffinity();
        boolean any = !own.preferred().isEmpty() || !own.antiPreferred().isEmpty();
        for (NodeSpec node : feasible) {
            long sum = 0;
            for (Map.Entry<PodInfo, String> other : placed.entrySet()) {
                PodAffinity theirs = other.getKey().shape().podAffinity();
                sum += pull(own.preferred(), 1, other.getKey(), node, other.getValue());
                sum -= pull(own.antiPreferred(), 1, other.getKey(), node, other.getValue());
                sum += pull(theirs.preferred(), 1, pod, node, other.getValue());
                sum -= pull(theirs.antiPreferred(), 1, pod, node, other.getValue());
                sum += theirs.required().stream().filter(term -> selects(term, pod)
                        && same(node, other.getValue(), term.topologyKey())).count();
                any |= java.util.stream.Stream.of(theirs.preferred(), theirs.antiPreferred(), theirs.required())
                        .flatMap(List::stream).anyMatch(term -> selects(term, pod));
            }
            raw.put(node.name(), sum);
        }
        if (!any) {
            return Map.of();
        }
        long min = raw.values().stream().mapToLong(Long::longValue).min().orElse(0);
        long max = raw.values().stream().mapToLong(Long::longValue).max().orElse(0);
        raw.replaceAll((name, score) -> max == min ? 0L : (long) (100 * ((double) (score - min) / (max - min))));
        return raw;
    }

    private long pull(List<PodAffinity.Term> terms, int sign, PodInfo about, NodeSpec node, String otherNode) {
        return sign * terms.stream()
                .filter(term -> selects(term, about) && same(node, otherNode, term.topologyKey()))
                .mapToLong(PodAffinity.Term::weight).sum();
    }

    private boolean selects(PodAffinity.Term term, PodInfo pod) {
        boolean namespace = term.pods().namespaces().contains(pod.namespace())
                || term.pods().namespaceSelector().matches(namespaceLabels);
        return namespace && term.pods().selector().matches(pod.labels());
    }

    private boolean same(NodeSpec node, String other, String key) {
        String value = node.labels().get(key);
        return value != null
                && nodes.stream().anyMatch(n -> n.name().equals(other) && value.equals(n.labels().get(key)));
    }
}
