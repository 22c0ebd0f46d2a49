package io.logplane.state;

/// The revision asked for is past retention; clients get 410. Shape: `oldest` is the oldest that can still be read.
public final class RevisionGone extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final long asked;
    private final long oldest;

    public RevisionGone(long asked, long oldest) {
        super("revision " + asked + " is gone, the oldest kept is " + oldest);
        this.asked = asked;
        this.oldest = oldest;
    }

    public long asked() {
        return asked;
    }

    public long oldest() {
        return oldest;
    }
}
