package io.logplane.gateway.write;

import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Refused;
import io.logplane.state.StoredObject;
import java.util.Optional;
import java.util.function.ToLongFunction;

/// Changes of one object, decided on what this gateway has replayed, anew when somebody else was faster.
///
/// Another gateway may have acknowledged a write that is not here yet. The log judges what is appended; whatever is
/// answered without an append (nothing to change, a dry run, a refusal) holds only for the newest state, so it is given
/// when a barrier has shown that nothing newer was there.
final class Attempts {
    private static final int MAX_ATTEMPTS = 30;
    private static final int CLIENT_FAULT = 400;
    private static final int SERVER_FAULT = 500;
    private static final int TOO_MANY = 429;

    private Attempts() {
    }

    /// Shape: empty when somebody else was faster.
    interface Attempt<T> {
        Optional<T> on(StoredObject current);
    }

    /// Shape: `revision` of a result is the old object's when nothing was appended. Errors: 404; 429 after
    /// [#MAX_ATTEMPTS].
    static <T> T run(WriteContext context, ObjectKey key, Appender appender, ToLongFunction<T> revision,
            Attempt<T> attempt) {
        for (int number = 0; number < MAX_ATTEMPTS; number++) {
            Optional<StoredObject> here = number == 0 ? appender.registry().get(key) : Optional.empty();
            StoredObject current = here.or(() -> appender.newest(key)).orElseThrow(() -> Refusals.notFound(context
                    .type(), key.name()));
            boolean mayLag = here.isPresent();
            try {
                Optional<T> done = attempt.on(current);
                boolean appended = done.isPresent() && revision.applyAsLong(done.get()) != current.revision();
                if (done.isPresent() && (appended || !mayLag || !moved(appender, current))) {
                    return done.get();
                }
            } catch (Refused refused) {
                if (!mayLag || !judges(refused) || !moved(appender, current)) {
                    throw refused;
                }
            }
        }
        throw Refusals.tooManyRequests("too many concurrent changes of this object, try again");
    }

    /// Whether it says something of the object, and not of the server.
    private static boolean judges(Refused refused) {
        int code = refused.refusal().code();
        return code >= CLIENT_FAULT && code < SERVER_FAULT && code != TOO_MANY;
    }

    private static boolean moved(Appender appender, StoredObject current) {
        return appender.newest(current.key()).filter(newest -> newest.revision() == current.revision()).isEmpty();
    }
}
