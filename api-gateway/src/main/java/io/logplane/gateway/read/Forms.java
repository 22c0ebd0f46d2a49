package io.logplane.gateway.read;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.Column;
import io.logplane.schemas.types.ResourceType;
import java.time.Instant;
import java.util.List;

/// Objects in other forms: Table and PartialObjectMetadata. Pure.
///
/// Source: k8s.io/apimachinery/pkg/apis/meta/v1 Table, apiserver handlers/response.go.
public final class Forms {
    /// What a row carries besides its cells.
    public enum Include {
        NONE, METADATA, OBJECT
    }

    private Forms() {
    }

    public static ObjectNode partial(ObjectNode object, String version) {
        ObjectNode partial = Json.newObject();
        partial.put("kind", "PartialObjectMetadata");
        partial.put("apiVersion", "meta.k8s.io/" + version);
        partial.set("metadata", object.path("metadata"));
        return partial;
    }

    /// How a table is made. Shape: `descriptions` one per column; empty: no column definitions are written;
    /// `metaVersion` as of [io.logplane.gateway.request.Representation].
    public record Style(Include include, List<String> descriptions, Instant now, String metaVersion) {
    }

    /// Shape: stored objects with resourceVersion; `metadata` that of the list, or of the object when there is only
    /// one.
    public static ObjectNode table(ResourceType type, List<ObjectNode> objects, ObjectNode metadata, Style style) {
        ObjectNode table = tableHead(type, metadata, style);
        ArrayNode rows = table.putArray("rows");
        objects.forEach(object -> rows.add(row(type, object, style)));
        return table;
    }

    /// A table's fields but for the rows, which are the last one.
    public static ObjectNode tableHead(ResourceType type, ObjectNode metadata, Style style) {
        ObjectNode table = Json.newObject();
        table.put("kind", "Table");
        table.put("apiVersion", "meta.k8s.io/" + style.metaVersion());
        table.set("metadata", metadata);
        List<Column> columns = type.columns();
        if (style.descriptions().size() == columns.size()) {
            ArrayNode definitions = table.putArray("columnDefinitions");
            for (int i = 0; i < columns.size(); i++) {
                define(definitions.addObject(), columns.get(i), style.descriptions().get(i));
            }
        } else {
            table.putNull("columnDefinitions");
        }
        return table;
    }

    /// The row of one stored object.
    public static ObjectNode row(ResourceType type, ObjectNode object, Style style) {
        ObjectNode row = Json.newObject();
        ArrayNode cells = row.putArray("cells");
        ObjectNode read = type.read(object);
        type.columns().forEach(column -> cells.addPOJO(column.cell().apply(read, style.now())));
        switch (style.include()) {
            case NONE -> row.putNull("object");
            case METADATA -> row.set("object", partial(type.served(object), style.metaVersion()));
            case OBJECT -> row.set("object", type.served(object));
        }
        return row;
    }

    private static void define(ObjectNode definition, Column column, String description) {
        definition.put("name", column.name());
        definition.put("type", column.type());
        definition.put("format", column.format());
        definition.put("description", description);
        definition.put("priority", column.priority());
    }
}
