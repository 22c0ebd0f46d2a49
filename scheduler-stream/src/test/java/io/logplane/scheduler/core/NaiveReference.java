package io.logplane.scheduler.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Scheduling as upstream's documentation describes it, slow and obvious: everything is counted anew from plain lists for every node. No
/// index, no shared code with the plugins but the values themselves.
final class NaiveReference {
    private static final String HOST = "kubernetes.io/hostname";
    private static final String ZONE = "topology.kubernetes.io/zone";

    record OwnerSelector(String kind, String namespace, String name, Selector selector) {
    }

    /// Shape: `refusals` by "plugin: reason"; `scores` by node, then by plugin, weighted.
    record Answer(Map<String, Integer> refusals, TreeSet<String> feasible, Map<String, Map<String, Long>> scores,
            String winner) {
    }

    private final List<NodeSpec> nodes;
    /// Pods that occupy a node, with the node they are on.
    private final Map<PodInfo, String> placed;
    private final List<OwnerSelector> owners;
    private final NaiveAffinity affinity;

    NaiveReference(List<NodeSpec> nodes, Map<PodInfo, String> placed, List<OwnerSelector> owners,
            Map<String, String> namespaceLabels) {
        this.affinity = new NaiveAffinity(nodes, placed, namespaceLabels);
        this.nodes = nodes;
        this.placed = placed;
        this.owners = owners;
    }

    Answer decide(PodInfo pod) {
        Map<String, Integer> refusals = new TreeMap<>();
        List<NodeSpec> feasible = new ArrayList<>();
        for (NodeSpec node : nodes) {
            List<String> why = refusals(pod, node);
            why.forEach(reason -> refusals.merge(reason, 1, Integer::sum));
            if (why.isEmpty()) {
                feasible.add(node);
            }
        }
        TreeSet<String> names = new TreeSet<>(feasible.stream().map(NodeSpec::name).toList());
        Map<String, Map<String, Long>> scores = new TreeMap<>();
        feasible.forEach(node -> scores.put(node.name(), new LinkedHashMap<>()));
        if (feasible.size() > 1) {
            put(scores, "TaintToleration", 3, reversed(raw(feasible, node -> preferTaints(pod, node))));
            if (!pod.shape().affinity().preferred().isEmpty()) {
                put(scores, "NodeAffinity", 2, normal(raw(feasible, node -> preference(pod, node))));
            }
            put(scores, "NodeResourcesFit", 1, raw(feasible, node -> least(pod, node)));
            if (pod.shape().requests().milliCpu() + pod.shape().requests().memory() > 0) {
                put(scores, "NodeResourcesBalancedAllocation", 1, raw(feasible, node -> balance(pod, node)));
            }
            spread(pod, feasible, scores);
            put(scores, "InterPodAffinity", 2, affinity.scores(pod, feasible));
        }
        String winner = names.stream().max(Comparator
                .comparingLong((String name) -> scores.get(name).values().stream().mapToLong(Long::longValue).sum())
                .thenComparingLong(name -> Hash.mix(Hash.of(pod.uid()) ^ Hash.of(name)))).orElse("");
        return new Answer(refusals, names, scores, winner);
    }

    private List<String> refusals(PodInfo pod, NodeSpec node) {
        PodShape shape = pod.shape();
        if (node.unschedulable() && shape.tolerations().stream()
                .noneMatch(t -> t.tolerates(new Taint("node.kubernetes.io/unschedulable", "", "NoSchedule")))) {
            return List.of("NodeUnschedulable: node(s) were unschedulable");
        }
        for (Taint taint : node.taints()) {
            if (!taint.effect().equals("PreferNoSchedule")
                    && shape.tolerations().stream().noneMatch(t -> t.tolerates(taint))) {
                return List.of("TaintToleration: node(s) had untolerated taint {" + taint.key() + ": " + taint.value()
                        + "}");
            }
        }
        if (!affine(pod, node)) {
            return List.of("NodeAffinity: node(s) didn't match Pod's node affinity/selector");
        }
        for (PodInfo other : on(node)) {
            for (HostPort taken : other.shape().ports()) {
                if (shape.ports().stream().anyMatch(wanted -> wanted.clashesWith(taken))) {
                    return List.of("NodePorts: node(s) didn't have free ports for the requested pod ports");
                }
            }
        }
        List<String> resources = resources(pod, node);
        List<String> skew = resources.isEmpty() ? skew(pod, node) : resources;
        return skew.isEmpty() ? affinity.refusals(pod, node) : skew;
    }

    private List<String> resources(PodInfo pod, NodeSpec node) {
        List<String> why = new ArrayList<>();
        Resources sum = pod.shape().requests();
        for (PodInfo other : on(node)) {
            sum = sum.plus(other.shape().requests());
        }
        Resources own = pod.shape().requests();
        if (on(node).size() + 1 > node.pods()) {
            why.add("NodeResourcesFit: Too many pods");
        }
        if (own.milliCpu() > 0 && sum.milliCpu() > node.allocatable().milliCpu()) {
            why.add("NodeResourcesFit: Insufficient cpu");
        }
        if (own.memory() > 0 && sum.memory() > node.allocatable().memory()) {
            why.add("NodeResourcesFit: Insufficient memory");
        }
        for (String name : own.extended().keySet()) {
            if (sum.extended().get(name) > node.allocatable().extended().getOrDefault(name, 0L)) {
                why.add("NodeResourcesFit: Insufficient " + name);
            }
        }
        return why;
    }

    private List<String> skew(PodInfo pod, NodeSpec node) {
        List<SpreadConstraint> hard = pod.shape().spread().stream().filter(SpreadConstraint::hard).toList();
        for (SpreadConstraint constraint : hard) {
            String value = node.labels().get(constraint.topologyKey());
            if (value == null) {
                return List.of("PodTopologySpread: node(s) didn't match pod topology spread constraints "
                        + "(missing required label)");
            }
            Map<String, Integer> domains = new TreeMap<>();
            for (NodeSpec each : nodes) {
                if (hard.stream().allMatch(h -> each.labels().containsKey(h.topologyKey()))
                        && included(pod, each, constraint)) {
                    domains.merge(each.labels().get(constraint.topologyKey()),
                            matching(pod, each, constraint.selector()),
                            Integer::sum);
                }
            }
            int min = domains.size() < constraint.minDomains()
                    ? 0
                    : domains.values().stream().mapToInt(Integer::intValue).min().orElse(0);
            int self = constraint.selector().matches(pod.labels()) ? 1 : 0;
            if (domains.getOrDefault(value, 0) + self - min > constraint.maxSkew()) {
                return List.of("PodTopologySpread: node(s) didn't match pod topology spread constraints");
            }
        }
        return List.of();
    }

    private void spread(PodInfo pod, List<NodeSpec> feasible, Map<String, Map<String, Long>> scores) {
        boolean own = !pod.shape().spread().isEmpty();
        List<SpreadConstraint> soft = own
                ? pod.shape().spread().stream().filter(constraint -> !constraint.hard()).toList()
                : defaults(pod);
        if (soft.isEmpty()) {
            return;
        }
        List<NodeSpec> counted = feasible.stream()
                .filter(node -> !own || soft.stream().allMatch(c -> node.labels().containsKey(c.topologyKey())))
                .toList();
        Map<String, Long> raw = new TreeMap<>();
        for (NodeSpec node : counted) {
            double sum = 0;
            for (SpreadConstraint c : soft) {
                String value = node.labels().get(c.topologyKey());
                if (value == null) {
                    continue;
                }
                long size = c.topologyKey().equals(HOST)
                        ? counted.size()
                        : counted.stream().filter(n -> n.labels().containsKey(c.topologyKey()))
                                .map(n -> n.labels().get(c.topologyKey())).distinct().count();
                int count = c.topologyKey().equals(HOST)
                        ? matching(pod, node, c.selector())
                        : nodes.stream().filter(n -> value.equals(n.labels().get(c.topologyKey())))
                                .filter(n -> !own
                                        || soft.stream().allMatch(s -> n.labels().containsKey(s.topologyKey())))
                                .filter(n -> included(pod, n, c)).mapToInt(n -> matching(pod, n, c.selector())).sum();
                sum += count * Math.log(size + 2.0) + c.maxSkew() - 1;
            }
            raw.put(node.name(), Math.round(sum));
        }
        long max = raw.values().stream().mapToLong(Long::longValue).max().orElse(0);
        long min = raw.values().stream().mapToLong(Long::longValue).min().orElse(0);
        for (NodeSpec node : feasible) {
            Long score = raw.get(node.name());
            scores.get(node.name()).put("PodTopologySpread",
                    2 * (score == null ? 0 : max == 0 ? 100 : 100 * (max + min - score) / max));
        }
    }

    private List<SpreadConstraint> defaults(PodInfo pod) {
        List<Requirement> all = new ArrayList<>();
        for (OwnerSelector owner : owners) {
            boolean service = owner.kind().equals("Service") && !owner.selector().isEmpty()
                    && owner.selector().matches(pod.labels());
            boolean controller = owner.kind().equals(pod.ownerKind()) && owner.name().equals(pod.ownerName());
            if (owner.namespace().equals(pod.namespace()) && (service || controller)) {
                all.addAll(owner.selector().requirements());
            }
        }
        Selector selector = new Selector(all);
        return all.isEmpty()
                ? List.of()
                : List.of(new SpreadConstraint(3, HOST, false, selector, 1, true, false),
                        new SpreadConstraint(5, ZONE, false, selector, 1, true, false));
    }

    private boolean included(PodInfo pod, NodeSpec node, SpreadConstraint constraint) {
        boolean tolerated = node.taints().stream().allMatch(taint -> taint.effect().equals("PreferNoSchedule")
                || pod.shape().tolerations().stream().anyMatch(t -> t.tolerates(taint)));
        return (!constraint.honorAffinity() || affine(pod, node)) && (!constraint.honorTaints() || tolerated);
    }

    private static boolean affine(PodInfo pod, NodeSpec node) {
        PodShape.Affinity affinity = pod.shape().affinity();
        return node.labels().entrySet().containsAll(pod.shape().nodeSelector().entrySet())
                && (!affinity.present() || affinity.required().stream().anyMatch(term -> term.matches(node)));
    }

    private int matching(PodInfo pod, NodeSpec node, Selector selector) {
        return (int) on(node).stream().filter(other -> other.namespace().equals(pod.namespace()) && !other.deleting()
                && selector.matches(other.labels())).count();
    }

    private List<PodInfo> on(NodeSpec node) {
        return placed.entrySet().stream().filter(entry -> entry.getValue().equals(node.name())).map(Map.Entry::getKey)
                .toList();
    }

    private static long preferTaints(PodInfo pod, NodeSpec node) {
        return node.taints().stream().filter(taint -> taint.effect().equals("PreferNoSchedule"))
                .filter(taint -> pod.shape().tolerations().stream().noneMatch(t -> t.tolerates(taint))).count();
    }

    private static long preference(PodInfo pod, NodeSpec node) {
        return pod.shape().affinity().preferred().stream().filter(term -> term.matches(node))
                .mapToLong(NodeTerm::weight).sum();
    }

    private long least(PodInfo pod, NodeSpec node) {
        long cpu = pod.shape().scored().milliCpu()
                + on(node).stream().mapToLong(p -> p.shape().scored().milliCpu()).sum();
        long memory = pod.shape().scored().memory()
                + on(node).stream().mapToLong(p -> p.shape().scored().memory()).sum();
        return (free(cpu, node.allocatable().milliCpu()) + free(memory, node.allocatable().memory())) / 2;
    }

    private static long free(long used, long capacity) {
        return used > capacity ? 0 : (capacity - used) * 100 / capacity;
    }

    private long balance(PodInfo pod, NodeSpec node) {
        long cpu = pod.shape().requests().milliCpu()
                + on(node).stream().mapToLong(p -> p.shape().requests().milliCpu()).sum();
        long memory = pod.shape().requests().memory()
                + on(node).stream().mapToLong(p -> p.shape().requests().memory()).sum();
        double left = Math.min(1, (double) cpu / node.allocatable().milliCpu());
        double right = Math.min(1, (double) memory / node.allocatable().memory());
        return (long) ((1 - Math.abs(left - right) / 2) * 100);
    }

    private interface Raw {
        long of(NodeSpec node);
    }

    private static Map<String, Long> raw(List<NodeSpec> nodes, Raw raw) {
        Map<String, Long> all = new TreeMap<>();
        nodes.forEach(node -> all.put(node.name(), raw.of(node)));
        return all;
    }

    private static Map<String, Long> normal(Map<String, Long> raw) {
        long max = raw.values().stream().mapToLong(Long::longValue).max().orElse(0);
        raw.replaceAll((name, score) -> max == 0 ? 0 : score * 100 / max);
        return raw;
    }

    private static Map<String, Long> reversed(Map<String, Long> raw) {
        normal(raw).replaceAll((name, score) -> 100 - score);
        return raw;
    }

    private static void put(Map<String, Map<String, Long>> scores, String plugin, int weight,
            Map<String, Long> values) {
        values.forEach((name, value) -> scores.get(name).put(plugin, weight * value));
    }
}
