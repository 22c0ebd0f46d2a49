package io.logplane.controllers.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Entry;
import io.logplane.schemas.model.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The annotations by which a Deployment and its ReplicaSets know their revisions and sizes; `kubectl rollout` reads
/// them.
///
/// | annotation (deployment.kubernetes.io/) | on | means |
/// |---|---|---|
/// | revision | both | number of this template in the history |
/// | revision-history | ReplicaSet | revisions it had before, comma-separated |
/// | desired-replicas | ReplicaSet | spec.replicas of the Deployment at the last scaling |
/// | max-replicas | ReplicaSet | the same plus maxSurge |
///
/// Source: pkg/controller/deployment/util.
final class Revisions {
    static final String REVISION = "deployment.kubernetes.io/revision";
    static final String HISTORY = "deployment.kubernetes.io/revision-history";
    static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
    static final String MAX = "deployment.kubernetes.io/max-replicas";
    /// Longest history kept, as upstream; the oldest revisions fall out.
    static final int MAX_HISTORY_CHARS = 2_000;
    private static final Set<String> NOT_COPIED = Set.of("kubectl.kubernetes.io/last-applied-configuration", REVISION,
            HISTORY, DESIRED, MAX, "deprecated.deployment.rollback.to");

    private Revisions() {
    }

    static long of(Entry object) {
        return number(object.annotation(REVISION));
    }

    static long newest(List<Entry> sets) {
        return sets.stream().mapToLong(Revisions::of).max().orElse(0);
    }

    /// Annotations the new ReplicaSet must have: its own, the Deployment's, and a revision above all others.
    static ObjectNode annotations(Entry deployment, JsonNode present, long revision) {
        ObjectNode wanted = present instanceof ObjectNode object ? object.deepCopy() : Json.newObject();
        JsonNode source = deployment.json().path("metadata").path("annotations");
        for (Map.Entry<String, JsonNode> annotation : source.properties()) {
            if (!NOT_COPIED.contains(annotation.getKey())) {
                wanted.set(annotation.getKey(), annotation.getValue());
            }
        }
        String before = present.path(REVISION).asText("");
        if (number(before) < revision) {
            wanted.put(REVISION, Long.toString(revision));
            if (!before.isEmpty()) {
                wanted.put(HISTORY, append(present.path(HISTORY).asText(""), before));
            }
        }
        return wanted;
    }

    private static String append(String history, String revision) {
        String longer = history.isEmpty() ? revision : history + "," + revision;
        while (longer.length() > MAX_HISTORY_CHARS && longer.indexOf(',') >= 0) {
            longer = longer.substring(longer.indexOf(',') + 1);
        }
        return longer;
    }

    static long number(String text) {
        try {
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            return 0;
        }
    }
}
