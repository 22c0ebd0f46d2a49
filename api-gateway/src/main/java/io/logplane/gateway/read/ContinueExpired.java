package io.logplane.gateway.read;

import io.logplane.gateway.request.ContinueToken;

/// A page was asked for at a revision past retention. Shape: `fresh` goes on at the newest state, inconsistently.
public final class ContinueExpired extends RuntimeException {
    private static final long serialVersionUID = 1L;
    public static final String TEXT = "The provided continue parameter is too old to display a consistent list result. "
            + "You can start a new list "
            + "without the continue parameter, or use the continue token in this response to retrieve the remainder "
            + "of the results. Continuing with the provided token results in an inconsistent list - objects that "
            + "were created, modified, or deleted between the time the first chunk was returned and now may show up "
            + "in the list.";
    private final transient ContinueToken fresh;

    public ContinueExpired(ContinueToken fresh) {
        super(TEXT, null, false, false);
        this.fresh = fresh;
    }

    public ContinueToken fresh() {
        return fresh;
    }
}
