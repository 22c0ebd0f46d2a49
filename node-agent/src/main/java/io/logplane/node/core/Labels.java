package io.logplane.node.core;

/// The labels and annotations on everything the agent puts into the runtime: from them alone it knows, after a crash,
/// what it started. The first five are upstream's, so that tools know them.
public final class Labels {
    public static final String POD_NAME = "io.kubernetes.pod.name";
    public static final String POD_NAMESPACE = "io.kubernetes.pod.namespace";
    public static final String POD_UID = "io.kubernetes.pod.uid";
    public static final String CONTAINER_NAME = "io.kubernetes.container.name";
    public static final String RESTART_COUNT = "io.kubernetes.container.restartCount";
    /// Back-off step the container was created with (annotation).
    public static final String BACKOFF_STEP = "io.logplane.backoffStep";
    /// Where the container may leave its last words: path on the host (annotation).
    public static final String TERMINATION_MESSAGE = "io.logplane.terminationMessageFile";

    /// Grace period of the pod in seconds, for a pod whose object is gone (annotation of the sandbox).
    public static final String GRACE_SECONDS = "io.logplane.terminationGracePeriodSeconds";

    private Labels() {
    }
}
