package io.logplane.broker;

/// The broker or what belongs to it cannot start; the message is one sentence a person can act on.
public final class BrokerStartFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BrokerStartFailed(String sentence) {
        super(sentence);
    }

    public BrokerStartFailed(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
