package io.logplane.node.core;

import java.util.List;
import java.util.Optional;

/// One thing a pass wants done. The shell does them in order; every one may be repeated after a crash.
public sealed interface Action {
    /// Probes whose failure ends a container.
    List<String> FAILED_PROBES = List.of("liveness", "startup");

    /// Volumes first, then the sandbox.
    record RunSandbox(int attempt) implements Action {
    }

    record StopSandbox(String id) implements Action {
    }

    /// With all containers in it.
    record RemoveSandbox(String id) implements Action {
    }

    /// Image, configuration, create, start.
    record StartContainer(Pod.Member member, String sandboxId, int attempt, int backoffStep) implements Action {
    }

    /// `why` is for the log and the event. Does not wait for the end: a later pass sees it.
    record StopContainer(String id, String name, long graceSeconds, String why) implements Action {

        /// The kind of probe that made an end of it, if one did.
        public Optional<String> probe() {
            return FAILED_PROBES.stream().filter(kind -> why.equals(failed(kind))).findFirst();
        }

        static String failed(String probe) {
            return "it failed its " + probe + " probe";
        }
    }

    record RemoveContainer(String id) implements Action {
    }

    /// Volumes, logs, everything on disk.
    record RemoveFiles() implements Action {
    }

    /// Tells the cluster that nothing of the pod is left.
    record FinishDeletion() implements Action {
    }
}
