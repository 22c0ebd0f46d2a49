package io.logplane.representation.patch;

/// A patch that does not fit the object; the text is only for people who debug, clients get one fixed sentence.
final class PatchFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PatchFailed(String message) {
        super(message, null, false, false);
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
