package io.logplane.gateway.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.Ledger;
import io.logplane.gateway.write.Appender.Draft;
import io.logplane.gateway.write.Appender.Outcome;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.state.Proposal;
import io.logplane.state.StoredObject;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// The ledger as changes of the log. Thread: any.
public final class LogLedger implements Ledger {
    private final Appender appender;

    public LogLedger(Appender appender) {
        this.appender = appender;
    }

    @Override
    public OptionalLong write(ObjectKey key, ObjectNode object, long expected, List<Proposal.Read> reads) {
        Draft draft = new Draft(key, false, Appender.canonical(object), expected, reads, expected == 0
                ? "create"
                : "update");
        return switch (appender.append(draft, LogClaims.context(key, draft.verb()))) {
            case Outcome.Done(long revision) -> OptionalLong.of(revision);
            case Outcome.Raced(ObjectKey _, long _) -> OptionalLong.empty();
        };
    }

    @Override
    public long bump(ObjectKey key) {
        ObjectNode epoch = Json.newObject();
        epoch.put("kind", "Epoch");
        epoch.put("apiVersion", "logplane.io/v1");
        ObjectNode metadata = epoch.putObject("metadata");
        metadata.put("name", key.name());
        while (true) {
            metadata.put("uid", UUID.randomUUID().toString()); // differs each time: never Unchanged
            OptionalLong written = write(key, epoch, revision(key), List.of());
            if (written.isPresent()) {
                return written.getAsLong();
            }
        }
    }

    @Override
    public long revision(ObjectKey key) {
        return appender.registry().get(key).map(StoredObject::revision).orElse(0L);
    }

    @Override
    public void remove(ObjectKey key) {
        Optional<StoredObject> there = appender.registry().get(key);
        if (there.isPresent()) {
            Draft draft = new Draft(key, true, there.get().json(), there.get().revision(), List.of(), "delete");
            Outcome unused = appender.append(draft, LogClaims.context(key, "delete"));
        }
    }
}
