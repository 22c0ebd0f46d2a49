package io.logplane.schemas.model;

import java.util.List;
import java.util.stream.Stream;

/// Carries a [Refusal] up to the HTTP or command shell that turns it into a metav1.Status. Has no stack trace: it is an
/// answer, not a fault.
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Refusal refusal;
    private final transient List<String> warnings;

    public Refused(Refusal refusal) {
        this(refusal, List.of());
    }

    private Refused(Refusal refusal, List<String> warnings) {
        super(refusal.message(), null, false, false);
        this.refusal = refusal;
        this.warnings = warnings;
    }

    /// The same, with what the client is warned of besides: after what it says already.
    public Refused warning(List<String> more) {
        return more.isEmpty()
                ? this
                : new Refused(refusal, Stream.concat(warnings.stream(), more.stream()).toList());
    }

    /// The same, with what the client is to be warned of before anything else.
    public Refused warningFirst(List<String> others) {
        return others.isEmpty()
                ? this
                : new Refused(refusal, Stream.concat(others.stream(), warnings.stream()).toList());
    }

    /// Texts for `Warning` headers.
    public List<String> warnings() {
        return warnings;
    }

    public Refusal refusal() {
        return refusal;
    }
}
