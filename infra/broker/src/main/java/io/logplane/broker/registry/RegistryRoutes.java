package io.logplane.broker.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.logplane.broker.registry.SchemaRecord.Version;
import java.util.List;
import java.util.Optional;

/// Confluent's REST protocol: paths, query parameters and JSON shapes, and nothing else. Thread: any.
///
/// Source: https://docs.confluent.io/platform/current/schema-registry/develop/api.html
final class RegistryRoutes {
    static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";

    private final SchemaRegistry registry;
    private final String clusterId;

    RegistryRoutes(SchemaRegistry registry, String clusterId) {
        this.registry = registry;
        this.clusterId = clusterId;
    }

    void addTo(RoutesConfig routes) {
        subjects(routes);
        schemas(routes);
        settings(routes);
        routes.post("/compatibility/subjects/{subject}/versions", http -> compatible(http, Optional.empty()));
        routes.post("/compatibility/subjects/{subject}/versions/{version}",
                http -> compatible(http, Optional.of(http.pathParam("version"))));
        routes.get("/", http -> answer(http, object()));
        routes.get("/contexts", http -> answer(http, strings(List.of("."))));
        routes.get("/v1/metadata/id", http -> answer(http, metadata()));
        routes.exception(RegistryRefusal.class, (refusal, http) -> refuse(http, refusal.status(), refusal.code(),
                String.valueOf(refusal.getMessage())));
        routes.exception(HttpResponseException.class,
                (refused, http) -> refuse(http, refused.getStatus(), refused.getStatus(),
                        String.valueOf(refused.getMessage())));
    }

    private void subjects(RoutesConfig routes) {
        routes.get("/subjects", http -> {
            String prefix = Optional.ofNullable(http.queryParam("subjectPrefix")).orElse("");
            answer(http, strings(registry.subjects(prefix, flag(http, "deleted"))));
        });
        routes.post("/subjects/{subject}", http -> {
            Version found = registry.lookup(subject(http), schemaIn(http), flag(http, "deleted"));
            answer(http, describe(found));
        });
        routes.delete("/subjects/{subject}",
                http -> answer(http, numbers(registry.deleteSubject(subject(http), flag(http, "permanent")))));
        routes.get("/subjects/{subject}/versions",
                http -> answer(http, numbers(registry.versions(subject(http), flag(http, "deleted")))));
        routes.post("/subjects/{subject}/versions",
                http -> answer(http, object().put("id", registry.register(subject(http), schemaIn(http)))));
        routes.get("/subjects/{subject}/versions/{version}", http -> answer(http, describe(version(http))));
        routes.delete("/subjects/{subject}/versions/{version}", http -> answer(http, SchemaRecord.JSON.getNodeFactory()
                .numberNode(
                        registry.deleteVersion(subject(http), http.pathParam("version"), flag(http, "permanent")))));
        routes.get("/subjects/{subject}/versions/{version}/schema", http -> text(http, version(http).schema()));
        routes.get("/subjects/{subject}/versions/{version}/referencedby", http -> {
            version(http);
            answer(http, SchemaRecord.JSON.createArrayNode());
        });
    }

    private void schemas(RoutesConfig routes) {
        routes.get("/schemas/types", http -> answer(http, strings(List.of("AVRO"))));
        routes.get("/schemas/ids/{id}", http -> answer(http, object().put("schema", registry.schema(id(http)))));
        routes.get("/schemas/ids/{id}/schema", http -> text(http, registry.schema(id(http))));
        routes.get("/schemas/ids/{id}/subjects", http -> answer(http, strings(
                registry.uses(id(http), flag(http, "deleted")).stream().map(Version::subject).distinct().toList())));
        routes.get("/schemas/ids/{id}/versions", http -> {
            ArrayNode uses = SchemaRecord.JSON.createArrayNode();
            registry.uses(id(http), flag(http, "deleted")).forEach(
                    use -> uses.addObject().put("subject", use.subject()).put("version", use.version()));
            answer(http, uses);
        });
    }

    private void settings(RoutesConfig routes) {
        for (String path : List.of("/config", "/config/{subject}")) {
            boolean named = path.endsWith("}");
            routes.get(path, http -> answer(http, object().put("compatibilityLevel",
                    registry.level(target(http, named), flag(http, "defaultToGlobal")).name())));
            routes.put(path, http -> answer(http, object().put("compatibility",
                    registry.setLevel(target(http, named), field(http, "compatibility")).name())));
            routes.delete(path, http -> answer(http,
                    object().put("compatibilityLevel", registry.clearLevel(target(http, named)).name())));
        }
        for (String path : List.of("/mode", "/mode/{subject}")) {
            boolean named = path.endsWith("}");
            routes.get(path, http -> answer(http, object().put("mode",
                    registry.mode(target(http, named), flag(http, "defaultToGlobal")).name())));
            routes.put(path, http -> answer(http,
                    object().put("mode", registry.setMode(target(http, named), field(http, "mode")).name())));
            routes.delete(path,
                    http -> answer(http, object().put("mode", registry.clearMode(target(http, named)).name())));
        }
    }

    private void compatible(Context http, Optional<String> version) {
        List<String> problems = registry.problems(subject(http), version, schemaIn(http));
        ObjectNode verdict = object().put("is_compatible", problems.isEmpty());
        if (flag(http, "verbose")) {
            verdict.set("messages", strings(problems));
        }
        answer(http, verdict);
    }

    static void refuse(Context http, int status, int code, String message) {
        http.status(status);
        answer(http, object().put("error_code", code).put("message", message));
    }

    private static void answer(Context http, JsonNode json) {
        text(http, json.toString());
    }

    private static void text(Context http, String json) {
        http.result(json).contentType(CONTENT_TYPE);
    }

    private Version version(Context http) {
        return registry.version(subject(http), http.pathParam("version"), flag(http, "deleted"));
    }

    private static String subject(Context http) {
        return http.pathParam("subject");
    }

    private static Optional<String> target(Context http, boolean named) {
        return named ? Optional.of(subject(http)) : Optional.empty();
    }

    private static int id(Context http) {
        try {
            return Integer.parseInt(http.pathParam("id"));
        } catch (NumberFormatException notOne) {
            throw RegistryRefusal.noSchema(http.pathParam("id"));
        }
    }

    private static String schemaIn(Context http) {
        JsonNode body = body(http);
        String type = body.path("schemaType").asText("AVRO");
        if (!type.isEmpty() && !type.equals("AVRO")) {
            throw RegistryRefusal.invalidSchema("schemas of type " + type + " are not kept here, only AVRO");
        }
        if (!body.path("references").isEmpty()) {
            throw RegistryRefusal.invalidSchema("references between schemas are not kept here");
        }
        if (!body.path("schema").isTextual() || body.path("schema").textValue().isBlank()) {
            throw RegistryRefusal.invalidSchema("Empty schema");
        }
        return body.path("schema").textValue();
    }

    private static String field(Context http, String name) {
        return body(http).path(name).asText("");
    }

    private static JsonNode body(Context http) {
        try {
            JsonNode body = SchemaRecord.JSON.readTree(http.body());
            if (body == null || !body.isObject()) {
                throw RegistryRefusal.malformed("the body must be a JSON object");
            }
            return body;
        } catch (JsonProcessingException notJson) {
            throw RegistryRefusal.malformed("the body is not JSON: " + notJson.getOriginalMessage());
        }
    }

    private static boolean flag(Context http, String name) {
        return "true".equalsIgnoreCase(http.queryParam(name));
    }

    private static ObjectNode describe(Version version) {
        return object().put("subject", version.subject()).put("version", version.version()).put("id", version.id())
                .put("schema", version.schema());
    }

    private ObjectNode metadata() {
        ObjectNode metadata = object();
        ObjectNode scope = metadata.put("id", "").putObject("scope");
        scope.putArray("path");
        scope.putObject("clusters").put("kafka-cluster", clusterId).put("schema-registry-cluster", "schema-registry");
        return metadata;
    }

    private static ObjectNode object() {
        return SchemaRecord.JSON.createObjectNode();
    }

    private static ArrayNode strings(List<String> values) {
        ArrayNode array = SchemaRecord.JSON.createArrayNode();
        values.forEach(array::add);
        return array;
    }

    private static ArrayNode numbers(List<Integer> values) {
        ArrayNode array = SchemaRecord.JSON.createArrayNode();
        values.forEach(array::add);
        return array;
    }
}
