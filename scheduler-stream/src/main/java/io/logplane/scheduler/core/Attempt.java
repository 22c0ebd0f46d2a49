package io.logplane.scheduler.core;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What came of trying to find a node for one pod, and why.
///
/// Shape: `node` empty: unschedulable; `considered` nodes were looked at; `refusals` in plugin order, then by reason;
/// `best` the
/// best few, best first; `refusedBy` names of plugins that refused at least one node; `message` upstream's text.
public record Attempt(PodInfo pod, Optional<String> node, int number, int considered, List<Refusals> refusals,
        List<Scored> best, Set<String> refusedBy, String message) {

    public record Refusals(String plugin, String reason, int nodes) {
    }

    public record Scored(String node, long total, Map<String, Long> byPlugin) {
    }

    public Attempt {
        refusals = List.copyOf(refusals);
        best = List.copyOf(best);
    }

    /// Derived, so that a repetition after a restart carries the same: `<uid>/<revision>/<number>`.
    public String id() {
        return pod.uid() + "/" + pod.revision() + "/" + number;
    }

    public Attempt numbered(int attempt) {
        return new Attempt(pod, node, attempt, considered, refusals, best, refusedBy, message);
    }
}
