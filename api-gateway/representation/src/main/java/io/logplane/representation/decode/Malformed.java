package io.logplane.representation.decode;

/// The text of a decoding failure, before it is put into a refusal. Has no stack trace: it is an answer.
public final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Malformed(String message) {
        super(message, null, false, false);
    }

    public String text() {
        return String.valueOf(getMessage());
    }
}
