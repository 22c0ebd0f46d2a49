package io.logplane.scheduler.stream;

import io.logplane.schemas.wire.SchemaIds;
import java.nio.file.Path;
import java.util.Properties;

/// What the scheduler needs to run.
///
/// Shape: `kafka` holds bootstrap servers and the TLS settings of the principal SCHEDULER; `instance` names this
/// instance among several and
/// stays the same over restarts (it keeps its place in the group: a restart after kill -9 need not wait for a session
/// to end).
public record SchedulerConfig(Properties kafka, SchemaIds schemaIds, Path stateDirectory, String instance) {

    public SchedulerConfig {
        kafka = copy(kafka);
    }

    /// The only instance of a single machine.
    public SchedulerConfig(Properties kafka, SchemaIds schemaIds, Path stateDirectory) {
        this(kafka, schemaIds, stateDirectory, "0");
    }

    private static Properties copy(Properties given) {
        Properties copy = new Properties();
        given.stringPropertyNames().forEach(name -> copy.setProperty(name, given.getProperty(name)));
        return copy;
    }
}
