package io.logplane.schemas.model;

/// Carries a [Refusal] up to the HTTP or command shell that turns it into a metav1.Status. Has no stack trace: it is an
/// answer, not a fault.
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Refusal refusal;

    public Refused(Refusal refusal) {
        super(refusal.message(), null, false, false);
        this.refusal = refusal;
    }

    public Refusal refusal() {
        return refusal;
    }
}
