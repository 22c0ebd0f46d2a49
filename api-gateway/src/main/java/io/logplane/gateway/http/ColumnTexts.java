package io.logplane.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.Column;
import io.logplane.schemas.types.ResourceType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// What the columns of a Table mean: the description of the field they show, from the API's own description.
///
/// Shape: one text per column, "" where no field has the column's name. Thread: any; each type is looked up once.
final class ColumnTexts {
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

    private final OpenApiDocuments documents;
    private final Map<String, List<String>> known = new ConcurrentHashMap<>();

    ColumnTexts(OpenApiDocuments documents) {
        this.documents = documents;
    }

    List<String> of(ResourceType type) {
        if (type.columns().stream().allMatch(column -> column.description().isPresent())) {
            return type.columns().stream().map(column -> column.description().orElse("")).toList();
        }
        return known.computeIfAbsent(type.apiVersion() + "/" + type.kind(), unused -> read(type));
    }

    private List<String> read(ResourceType type) {
        Optional<byte[]> document = documents.v3((type.group().isEmpty() ? "api/" : "apis/") + type.apiVersion());
        JsonNode schemas = document.map(ColumnTexts::parse).map(d -> d.path("components").path("schemas")).orElse(Json
                .newObject());
        JsonNode fields = Json.newObject();
        for (JsonNode schema : schemas) {
            JsonNode kind = schema.path("x-kubernetes-group-version-kind").path(0);
            if (kind.path("kind").asText().equals(type.kind()) && kind.path("version").asText().equals(type.version())
                    && schema.path("properties").has("metadata")) {
                fields = schema.path("properties");
            }
        }
        JsonNode found = fields;
        JsonNode meta = schemas.path(META).path("properties");
        return type.columns().stream().map(column -> text(column, found, meta)).toList();
    }

    private static String text(Column column, JsonNode fields, JsonNode meta) {
        return switch (column.name()) {
            case "Name" -> description(meta, "name");
            // The paragraph break is lost on the way from the source.
            case "Age" -> description(meta, "creationTimestamp").replace("  Populated", "\n\nPopulated");
            default -> description(fields, column.name().toLowerCase(Locale.ROOT));
        };
    }

    private static String description(JsonNode properties, String field) {
        return properties.path(field).path("description").asText("");
    }

    private static JsonNode parse(byte[] json) {
        try {
            return Json.MAPPER.readTree(json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
