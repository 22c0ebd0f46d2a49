package io.logplane.broker.registry;

/// Where the registry writes. Thread: one at a time.
interface SchemaLog extends AutoCloseable {

    /// Returns when the record is durable and has been replayed into the state.
    ///
    /// Errors: [RegistryRefusal] 50001 when it may not have been.
    void append(SchemaRecord record);

    @Override
    void close();
}
