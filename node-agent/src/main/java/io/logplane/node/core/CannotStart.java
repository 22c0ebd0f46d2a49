package io.logplane.node.core;

/// Something a container or a pod needs is not there or not right; becomes a [Trouble] and is tried again.
///
/// Shape: `reason` as upstream's kubelet names it (CreateContainerConfigError, ErrImageNeverPull, …).
public final class CannotStart extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String reason;

    public CannotStart(String reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /// A container whose description cannot be carried out as it stands.
    public static CannotStart config(String message) {
        return new CannotStart("CreateContainerConfigError", message);
    }

    public String reason() {
        return reason;
    }

    public String text() {
        return String.valueOf(getMessage());
    }
}
