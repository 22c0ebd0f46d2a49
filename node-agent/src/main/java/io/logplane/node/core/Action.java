package io.logplane.node.core;

/// One thing a pass wants done. The shell does them in order; every one may be repeated after a crash.
public sealed interface Action {

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
