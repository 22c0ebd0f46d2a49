package io.logplane.schemas.wire;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/// Ids handed out in order of first use, in memory: for unit tests and for reading a log whose schemas are those of
/// this build. Thread: any.
public final class LocalSchemaIds implements SchemaIds {
    private final List<Schema> schemas = new ArrayList<>();

    @Override
    public synchronized int idOf(String subject, Schema schema) {
        int at = schemas.indexOf(schema);
        if (at < 0) {
            schemas.add(schema);
            at = schemas.size() - 1;
        }
        return at + 1;
    }

    @Override
    public synchronized Schema byId(int id) {
        if (id < 1 || id > schemas.size()) {
            throw new SchemaUnknown("no schema has the id " + id);
        }
        return schemas.get(id - 1);
    }
}
