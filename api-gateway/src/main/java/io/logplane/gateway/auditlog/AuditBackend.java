package io.logplane.gateway.auditlog;

import java.io.IOException;
import java.util.List;

/// A place records go to. Thread: that of its [AuditQueue].
public interface AuditBackend extends AutoCloseable {
    /// As a label of a metric.
    String name();

    /// Returns when the records are where they belong. Shape: one record a line, without the line's end.
    void write(List<byte[]> records) throws IOException;

    @Override
    void close();
}
