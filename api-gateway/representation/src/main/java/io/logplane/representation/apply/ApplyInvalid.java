package io.logplane.representation.apply;

/// An applied object that its schema does not allow.
final class ApplyInvalid extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ApplyInvalid(String message) {
        super(message, null, false, false);
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
