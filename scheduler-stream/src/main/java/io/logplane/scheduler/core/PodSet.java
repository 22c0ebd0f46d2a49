package io.logplane.scheduler.core;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// A set of pods by namespace and labels: those that every part selects.
///
/// Shape: `deletingToo` false leaves out pods that are being deleted (spreading does, affinity does not, as upstream).
public record PodSet(List<Part> parts, boolean deletingToo) {

    /// Shape: the namespaces by name, and those whose labels the selector matches; [#NO_NAMESPACE_LABELS] selects
    /// none by labels.
    public record Part(Set<String> namespaces, Selector namespaceSelector, Selector selector) {
        /// An impossible requirement: what an absent namespaceSelector means.
        public static final Selector NO_NAMESPACE_LABELS = new Selector(
                List.of(new Requirement("", Requirement.Operator.IN, List.of())));

        public Part {
            namespaces = Set.copyOf(namespaces);
        }

        public boolean contains(PodInfo pod, Map<String, Map<String, String>> namespaceLabels) {
            return (namespaces.contains(pod.namespace())
                    || namespaceSelector.matches(namespaceLabels.getOrDefault(pod.namespace(), Map.of())))
                    && selector.matches(pod.labels());
        }

        boolean dependsOnNamespaceLabels() {
            return !namespaceSelector.isEmpty() && !namespaceSelector.equals(NO_NAMESPACE_LABELS);
        }

        boolean isLimitedTo(String namespace) {
            return namespaceSelector.equals(NO_NAMESPACE_LABELS) && namespaces.size() == 1
                    && namespaces.contains(namespace);
        }
    }

    public PodSet {
        parts = List.copyOf(parts);
    }

    /// For spreading: one namespace, no pods being deleted.
    public static PodSet of(String namespace, Selector selector) {
        return new PodSet(List.of(new Part(Set.of(namespace), Part.NO_NAMESPACE_LABELS, selector)), false);
    }

    public boolean contains(PodInfo pod, Map<String, Map<String, String>> namespaceLabels) {
        if (pod.deleting() && !deletingToo) {
            return false;
        }
        for (int i = 0; i < parts.size(); i++) {
            if (!parts.get(i).contains(pod, namespaceLabels)) {
                return false;
            }
        }
        return true;
    }

    boolean dependsOnNamespaceLabels() {
        return parts.stream().anyMatch(Part::dependsOnNamespaceLabels);
    }
}
