package io.logplane.schemas.types;

import java.util.Set;

/// A subresource as discovery lists it: `name` "status", its own kind where that differs ("Scale" of autoscaling/v1).
public record Subresource(String name, String group, String version, String kind, Set<String> verbs) {
    public Subresource {
        verbs = Set.copyOf(verbs);
    }
}
