package io.logplane.scheduler.core;

import java.util.ArrayList;
import java.util.List;

/// What a pod wants to be near to, or far from.
///
/// Source: v1.PodAffinity, v1.PodAntiAffinity.
public record PodAffinity(List<Term> required, List<Term> preferred, List<Term> antiRequired,
        List<Term> antiPreferred) {
    public static final PodAffinity NONE = new PodAffinity(List.of(), List.of(), List.of(), List.of());

    /// Pods, and the label that says what "near" is. Shape: `weight` is 0 for required terms.
    public record Term(PodSet.Part pods, String topologyKey, int weight) {
        public PodSet set() {
            return new PodSet(List.of(pods), true);
        }
    }

    public PodAffinity {
        required = List.copyOf(required);
        preferred = List.copyOf(preferred);
        antiRequired = List.copyOf(antiRequired);
        antiPreferred = List.copyOf(antiPreferred);
    }

    public boolean isEmpty() {
        return required.isEmpty() && preferred.isEmpty() && antiRequired.isEmpty() && antiPreferred.isEmpty();
    }

    /// The pods that all required affinity terms select together.
    public PodSet allRequired() {
        List<PodSet.Part> parts = new ArrayList<>();
        required.forEach(term -> parts.add(term.pods()));
        return new PodSet(parts, true);
    }
}
