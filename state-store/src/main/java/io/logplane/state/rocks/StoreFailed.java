package io.logplane.state.rocks;

/// The local store cannot be read or written. A fault: the log stays, the store may be deleted and is then built again.
public final class StoreFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreFailed(String message) {
        super(message);
    }

    public StoreFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
