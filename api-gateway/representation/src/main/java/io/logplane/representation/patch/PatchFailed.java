package io.logplane.representation.patch;

/// A patch that does not fit the object; the text is only for people who debug, clients get one fixed sentence.
final class PatchFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean test;

    PatchFailed(String message) {
        this(message, false);
    }

    private PatchFailed(String message, boolean test) {
        super(message, null, false, false);
        this.test = test;
    }

    /// Of the operation `test`: what stands there is not what is expected.
    static PatchFailed ofTest(String message) {
        return new PatchFailed(message, true);
    }

    boolean testFailed() {
        return test;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
