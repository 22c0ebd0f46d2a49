package io.logplane.scheduler.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A label selector: all requirements must hold. One without requirements matches everything.
public record Selector(List<Requirement> requirements) {
    public static final Selector EVERYTHING = new Selector(List.of());

    public Selector {
        requirements = List.copyOf(requirements);
    }

    public boolean matches(Map<String, String> labels) {
        for (int i = 0; i < requirements.size(); i++) {
            if (!requirements.get(i).matches(labels)) {
                return false;
            }
        }
        return true;
    }

    public boolean isEmpty() {
        return requirements.isEmpty();
    }

    public Selector and(List<Requirement> more) {
        List<Requirement> all = new ArrayList<>(requirements);
        all.addAll(more);
        return new Selector(all);
    }
}
