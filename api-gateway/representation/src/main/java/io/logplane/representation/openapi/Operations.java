package io.logplane.representation.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.StructType;
import io.logplane.representation.StructType.Gvk;
import io.logplane.representation.TypeSchemas;
import io.logplane.representation.patch.PatchType;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.Subresource;
import java.util.List;
import java.util.Optional;

/// The paths of one resource type with their operations.
///
/// Every PATCH names its kind and its `fieldValidation` parameter: without both kubectl validates on the client.
final class Operations {
    private static final List<String> JSON_MEDIA = List.of("application/json", "application/yaml",
            "application/vnd.kubernetes.protobuf");
    private static final List<String> LIST_QUERY = List.of("allowWatchBookmarks:boolean", "continue:string",
            "fieldSelector:string", "labelSelector:string", "limit:integer", "resourceVersion:string",
            "resourceVersionMatch:string", "sendInitialEvents:boolean", "timeoutSeconds:integer", "watch:boolean");
    private static final List<String> WRITE_QUERY = List.of("dryRun:string", "fieldManager:string",
            "fieldValidation:string");
    private static final List<String> PATCH_QUERY = List.of("dryRun:string", "fieldManager:string",
            "fieldValidation:string", "force:boolean");
    private static final List<String> DELETE_QUERY = List.of("dryRun:string", "gracePeriodSeconds:integer",
            "orphanDependents:boolean", "propagationPolicy:string");

    private final boolean v3;
    private final Definitions definitions;
    private final TypeSchemas schemas;
    private final ObjectNode paths;

    Operations(boolean v3, Definitions definitions, TypeSchemas schemas, ObjectNode paths) {
        this.v3 = v3;
        this.definitions = definitions;
        this.schemas = schemas;
        this.paths = paths;
    }

    /// Adds all paths of the type.
    void add(ResourceType type) {
        String base = (type.group().isEmpty() ? "/api/" : "/apis/" + type.group() + "/") + type.version();
        String collection = base + (type.namespaced() ? "/namespaces/{namespace}/" : "/") + type.plural();
        Gvk kind = new Gvk(type.group(), type.version(), type.kind());
        Optional<StructType> struct = schemas.of(type);
        if (struct.isEmpty()) {
            return;
        }
        schemas.ofKind(type.group(), type.version(), type.listKind()).ifPresent(definitions::define);
        if (type.namespaced() && type.verbs().contains("list")) {
            ObjectNode all = path(base + "/" + type.plural(), false, false);
            operation(all, "get", "list", kind, LIST_QUERY, Optional.empty(), listOf(type));
        }
        collection(path(collection, type.namespaced(), false), type, kind, struct.get());
        if (type.verbs().stream().anyMatch(List.of("get", "update", "patch", "delete")::contains)) {
            item(path(collection + "/{name}", type.namespaced(), true), type, kind, struct.get());
        }
        for (Subresource sub : type.subresources()) {
            subresource(path(collection + "/{name}/" + sub.name(), type.namespaced(), true), type, sub);
        }
    }

    private Optional<StructType> listOf(ResourceType type) {
        return schemas.ofKind(type.group(), type.version(), type.listKind());
    }

    private void collection(ObjectNode path, ResourceType type, Gvk kind, StructType struct) {
        if (type.verbs().contains("deletecollection")) {
            operation(path, "delete", "deletecollection", kind, LIST_QUERY, deleteOptions(), status());
        }
        if (type.verbs().contains("list")) {
            operation(path, "get", "list", kind, LIST_QUERY, Optional.empty(), listOf(type));
        }
        if (type.verbs().contains("create")) {
            operation(path, "post", "post", kind, WRITE_QUERY, Optional.of(definitions.reference(struct)),
                    Optional.of(struct));
        }
    }

    private void item(ObjectNode path, ResourceType type, Gvk kind, StructType struct) {
        if (type.verbs().contains("delete")) {
            operation(path, "delete", "delete", kind, DELETE_QUERY, deleteOptions(), status());
        }
        if (type.verbs().contains("get")) {
            operation(path, "get", "get", kind, List.of(), Optional.empty(), Optional.of(struct));
        }
        if (type.verbs().contains("patch")) {
            operation(path, "patch", "patch", kind, PATCH_QUERY, Optional.of(definitions.patch()), Optional.of(struct));
        }
        if (type.verbs().contains("update")) {
            operation(path, "put", "put", kind, WRITE_QUERY, Optional.of(definitions.reference(struct)),
                    Optional.of(struct));
        }
    }

    private void subresource(ObjectNode path, ResourceType type, Subresource sub) {
        Gvk kind = new Gvk(sub.group(), sub.version(), sub.kind());
        Optional<StructType> struct = schemas.ofKind(sub.group(), sub.version(), sub.kind());
        if (struct.isEmpty()) {
            operation(path, "get", "connect", kind, List.of(), Optional.empty(), Optional.empty());
            return;
        }
        Optional<ObjectNode> body = Optional.of(definitions.reference(struct.get()));
        if (sub.verbs().contains("create")) {
            operation(path, "post", "post", kind, WRITE_QUERY, body, struct);
        }
        if (sub.verbs().contains("get")) {
            operation(path, "get", "get", kind, List.of(), Optional.empty(), struct);
        }
        if (sub.verbs().contains("patch")) {
            operation(path, "patch", "patch", kind, PATCH_QUERY, Optional.of(definitions.patch()), struct);
        }
        if (sub.verbs().contains("update")) {
            operation(path, "put", "put", kind, WRITE_QUERY, body, struct);
        }
    }

    private Optional<ObjectNode> deleteOptions() {
        return schemas.ofKind("", "v1", "DeleteOptions").map(definitions::reference);
    }

    private Optional<StructType> status() {
        return schemas.ofKind("", "v1", "Status");
    }

    private ObjectNode path(String path, boolean namespaced, boolean named) {
        ObjectNode node = paths.withObjectProperty(path);
        if (!node.has("parameters") && (namespaced || named)) {
            ArrayNode parameters = node.putArray("parameters");
            if (named) {
                parameters.add(parameter("name", "string", "path"));
            }
            if (namespaced) {
                parameters.add(parameter("namespace", "string", "path"));
            }
        }
        return node;
    }

    private ObjectNode parameter(String name, String type, String in) {
        ObjectNode parameter = Json.newObject().put("in", in).put("name", name);
        if (in.equals("path")) {
            parameter.put("required", true);
        }
        if (v3) {
            parameter.putObject("schema").put("type", type).put("uniqueItems", true);
            return parameter;
        }
        return parameter.put("type", type).put("uniqueItems", true);
    }

    private void operation(ObjectNode path, String method, String action, Gvk kind, List<String> query,
            Optional<ObjectNode> body, Optional<StructType> answer) {
        ObjectNode operation = path.putObject(method);
        List<String> consumed = method.equals("patch")
                ? List.of(PatchType.JSON.mediaType(), PatchType.MERGE.mediaType(), PatchType.STRATEGIC.mediaType(),
                        PatchType.APPLY.mediaType())
                : List.of("*/*");
        ArrayNode parameters = Json.MAPPER.createArrayNode();
        query.forEach(q -> parameters.add(parameter(q.substring(0, q.indexOf(':')), q.substring(q.indexOf(':') + 1),
                "query")));
        body.ifPresent(schema -> body(operation, parameters, consumed, schema));
        if (!v3) {
            strings(operation.putArray("consumes"), consumed);
            strings(operation.putArray("produces"), JSON_MEDIA);
        }
        if (!parameters.isEmpty()) {
            operation.set("parameters", parameters);
        }
        answers(operation.putObject("responses"), answer);
        operation.put("x-kubernetes-action", action);
        operation.set("x-kubernetes-group-version-kind", Definitions.gvk(kind));
    }

    private void body(ObjectNode operation, ArrayNode parameters, List<String> consumed, ObjectNode schema) {
        if (v3) {
            ObjectNode content = operation.putObject("requestBody").putObject("content");
            consumed.forEach(media -> content.putObject(media).set("schema", schema));
            return;
        }
        ObjectNode parameter = Json.newObject().put("in", "body").put("name", "body");
        parameter.set("schema", schema);
        parameters.add(parameter);
    }

    private void answers(ObjectNode responses, Optional<StructType> answer) {
        ObjectNode ok = responses.putObject("200").put("description", "OK");
        responses.putObject("401").put("description", "Unauthorized");
        if (answer.isEmpty()) {
            return;
        }
        ObjectNode schema = definitions.reference(answer.get());
        if (v3) {
            ObjectNode content = ok.putObject("content");
            JSON_MEDIA.forEach(media -> content.putObject(media).set("schema", schema));
        } else {
            ok.set("schema", schema);
        }
    }

    private static void strings(ArrayNode array, List<String> values) {
        values.forEach(array::add);
    }
}
