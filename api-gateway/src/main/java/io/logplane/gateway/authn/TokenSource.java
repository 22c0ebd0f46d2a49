package io.logplane.gateway.authn;

import java.util.List;

/// One kind of bearer token. Thread: any; may block.
public interface TokenSource {

    /// Shape: `audiences` those the token must be good for, at least one of them. [Answer.NotMine] for a token that
    /// another source may know.
    Answer identify(String token, List<String> audiences);

    /// What a source makes of a token.
    sealed interface Answer {
        Answer NOT_MINE = new NotMine();

        record NotMine() implements Answer {
        }

        /// `why` goes to a TokenReview, never to the bearer.
        record Refused(String why) implements Answer {
        }

        /// Shape: `audiences` those of the wanted ones that the token is for.
        record Known(User user, List<String> audiences) implements Answer {
            public Known {
                audiences = List.copyOf(audiences);
            }
        }
    }
}
