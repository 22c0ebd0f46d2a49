package io.logplane.extension.cel;

/// The compiler's answer to a wrong expression: `ERROR: <input>:1:5: undefined field 'x'` with the line and a caret.
///
/// Shape: worded and laid out as upstream's, several problems one after the other. Whoever reports it writes
/// `compilation failed: ` in front.
public final class CompileFailed extends RuntimeException {
    public CompileFailed(String message) {
        super(message);
    }

    public String problems() {
        return String.valueOf(getMessage());
    }
}
