package io.logplane.scheduler.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Counts, during one decision, which filter refused how many nodes and for which reason, and says so in upstream's
/// words.
///
/// Source: framework.FitError.Error(), DefaultPreemption.
final class Refused {
    static final String NO_NODES = "no nodes available to schedule pods";
    private static final String NO_VICTIMS = "No preemption victims found for incoming pod";
    private static final String NOT_HELPFUL = "Preemption is not helpful for scheduling";

    private record Why(int order, String plugin, String reason) implements Comparable<Why> {
        @Override
        public int compareTo(Why other) {
            int byOrder = Integer.compare(order, other.order);
            return byOrder != 0 ? byOrder : reason.compareTo(other.reason);
        }
    }

    private final Map<Why, Integer> counts = new TreeMap<>();
    private int helpless;
    private int nodes;

    void add(int order, String plugin, Fit fit) {
        for (String reason : fit.reasons()) {
            counts.merge(new Why(order, plugin, reason), 1, Integer::sum);
        }
        nodes++;
        if (!fit.evictionMayHelp()) {
            helpless++;
        }
    }

    List<Attempt.Refusals> list() {
        List<Attempt.Refusals> list = new ArrayList<>(counts.size());
        counts.forEach((why, count) -> list.add(new Attempt.Refusals(why.plugin(), why.reason(), count)));
        return list;
    }

    Set<String> plugins() {
        Set<String> names = new TreeSet<>();
        counts.keySet().forEach(why -> names.add(why.plugin()));
        return names;
    }

    /// The FailedScheduling text. Shape: `neverPreempts` is preemptionPolicy Never.
    String message(int allNodes, boolean neverPreempts) {
        if (allNodes == 0) {
            return NO_NODES;
        }
        Map<String, Integer> reasons = new TreeMap<>();
        counts.forEach((why, count) -> reasons.merge(why.reason(), count, Integer::sum));
        return available(allNodes, reasons) + " preemption: " + preemption(allNodes, neverPreempts);
    }

    private String preemption(int allNodes, boolean neverPreempts) {
        if (neverPreempts) {
            return "not eligible due to preemptionPolicy=Never.";
        }
        Map<String, Integer> reasons = new TreeMap<>();
        if (nodes > helpless) {
            reasons.put(NO_VICTIMS, nodes - helpless);
        }
        if (helpless > 0) {
            reasons.put(NOT_HELPFUL, helpless);
        }
        return available(allNodes, reasons);
    }

    /// Upstream sorts the parts as texts, the count being part of the text.
    private static String available(int allNodes, Map<String, Integer> reasons) {
        List<String> parts = new ArrayList<>();
        reasons.forEach((reason, count) -> parts.add(count + " " + reason));
        Collections.sort(parts);
        return "0/" + allNodes + " nodes are available: " + String.join(", ", parts) + ".";
    }
}
