package io.logplane.schemas.wire;

import org.apache.avro.Schema;

/// Gives schemas their ids and back.
///
/// Errors: [SchemaUnknown] for an id nobody registered; UncheckedIOException when the registry cannot be reached
/// (worth a retry).
/// Thread: any.
public interface SchemaIds {

    /// Registers the schema under the subject when it is new.
    int idOf(String subject, Schema schema);

    Schema byId(int id);

    /// The registry answered that there is no such schema: the record is poison.
    final class SchemaUnknown extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public SchemaUnknown(String message) {
            super(message);
        }
    }
}
