package io.logplane.streaming;

/// Hears of the life of one tunnel.
public interface TunnelListener {
    /// For whoever does not want to know.
    TunnelListener NONE = new TunnelListener() {
        @Override
        public void begins() {
            // nobody asks
        }

        @Override
        public void ended() {
            // nobody asks
        }
    };

    /// The answer is 101, and about to go out. Thread: that of the request.
    void begins();

    /// Once after each beginning: either side has ended it, or the client was gone before it came to be.
    /// Thread: a virtual one, which may block.
    void ended();
}
