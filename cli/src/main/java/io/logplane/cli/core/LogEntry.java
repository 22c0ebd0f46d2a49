package io.logplane.cli.core;

import io.logplane.schemas.record.Change;
import java.time.Instant;
import java.util.Optional;

/// One record of a registry log as the tools see it.
///
/// Shape: `verdict` is the name of the verdict (`Accepted`, `Conflict`, …) with its detail text; `change` is empty
/// for the log's
/// own records (genesis, hello, barrier, feature level), whose name is then `recordType`.
public record LogEntry(String log, long offset, long revision, Instant appended, String recordType,
        Optional<Change> change,
        String verdict, String verdictDetail) {

    public boolean accepted() {
        return verdict.equals("Accepted");
    }
}
