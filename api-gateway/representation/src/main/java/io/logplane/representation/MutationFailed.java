package io.logplane.representation;

/// A mutation that does not fit the object. Shape: the message is upstream's, for the client.
public final class MutationFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MutationFailed(String message) {
        super(message, null, false, false);
    }

    public String text() {
        return String.valueOf(getMessage());
    }
}
