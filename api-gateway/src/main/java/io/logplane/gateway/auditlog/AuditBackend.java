package io.logplane.gateway.auditlog;

import java.io.IOException;
import java.util.List;

/// A place records go to. Thread: those of its [AuditQueue], at most as many at once as its pacing says.
public interface AuditBackend extends AutoCloseable {
    /// As a label of a metric.
    String name();

    /// Returns when the records are where they belong. Shape: one record a line, without the line's end.
    /// Errors: IOException when they are lost; whoever can try again has done so. An interrupt means to give up.
    void write(List<byte[]> records) throws IOException;

    /// How it wants its records.
    default Pacing pacing() {
        return Pacing.AT_ONCE;
    }

    /// Whether requests wait until their records are stored here.
    boolean awaited(AuditMode mode);

    @Override
    void close();
}
