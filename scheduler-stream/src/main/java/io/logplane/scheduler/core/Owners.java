package io.logplane.scheduler.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The selectors of services and of the controllers that own pods: what default spreading spreads over.
///
/// Limits: [#MAX_ANSWERS] remembered answers, all forgotten together when a selector changes.
/// Source: upstream's helper.DefaultSelector.
public final class Owners {
    /// One per pod template in motion.
    static final int MAX_ANSWERS = 10_000;
    private static final String SERVICE = "Service";

    private record Question(String namespace, Map<String, String> labels, String kind, String name) {
    }

    /// Namespace → kind → name → selector. Sorted, so that the merged selector does not depend on arrival.
    private final Map<String, Map<String, TreeMap<String, Selector>>> selectors = new HashMap<>();
    private final Map<Question, Selector> answers = new HashMap<>();

    void put(String namespace, String kind, String name, Selector selector) {
        Selector before = selectors.computeIfAbsent(namespace, unused -> new HashMap<>())
                .computeIfAbsent(kind, unused -> new TreeMap<>()).put(name, selector);
        if (!selector.equals(before)) {
            answers.clear();
        }
    }

    void remove(String namespace, String kind, String name) {
        Map<String, TreeMap<String, Selector>> here = selectors.get(namespace);
        if (here != null && here.containsKey(kind) && here.get(kind).remove(name) != null) {
            answers.clear();
        }
    }

    /// The selectors of all services that select the pod and of its controller, together; empty when there are none.
    public Selector of(PodInfo pod) {
        Question question = new Question(pod.namespace(), pod.labels(), pod.ownerKind(), pod.ownerName());
        Selector known = answers.get(question);
        if (known != null) {
            return known;
        }
        if (answers.size() >= MAX_ANSWERS) {
            answers.clear();
        }
        Selector answer = merge(pod);
        answers.put(question, answer);
        return answer;
    }

    private Selector merge(PodInfo pod) {
        Map<String, TreeMap<String, Selector>> here = selectors.get(pod.namespace());
        if (here == null) {
            return Selector.EVERYTHING;
        }
        List<Requirement> all = new ArrayList<>();
        for (Selector service : here.getOrDefault(SERVICE, new TreeMap<>()).values()) {
            if (!service.isEmpty() && service.matches(pod.labels())) {
                addNew(all, service);
            }
        }
        Selector owner = here.getOrDefault(pod.ownerKind(), new TreeMap<>()).get(pod.ownerName());
        if (owner != null) {
            addNew(all, owner);
        }
        return new Selector(all);
    }

    private static void addNew(List<Requirement> all, Selector selector) {
        for (Requirement requirement : selector.requirements()) {
            if (!all.contains(requirement)) {
                all.add(requirement);
            }
        }
    }
}
