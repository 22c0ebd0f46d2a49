package io.logplane.representation.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Operations as JSON, in the dialect of v2 or v3. Parameters that all operations of a path have are the path's.
final class OperationWriter {
    private static final Map<String, String> MEANING = Map.of("200", "OK", "201", "Created", "202", "Accepted", "401",
            "Unauthorized");

    private final boolean v3;
    private final Parameters parameters;

    OperationWriter(boolean v3) {
        this.v3 = v3;
        this.parameters = new Parameters(v3);
    }

    Parameters parameters() {
        return parameters;
    }

    /// `RbacAuthorizationV1`; the core group is `CoreV1`.
    static String version(String group, String version) {
        return capital(group(group)) + capital(version);
    }

    /// `rbacAuthorization`: the group without its domain, in one word.
    static String group(String group) {
        if (group.isEmpty()) {
            return "core";
        }
        StringBuilder out = new StringBuilder();
        for (String part : group.replaceFirst("\\.k8s\\.io$", "").split("\\.")) {
            out.append(out.isEmpty() ? part : capital(part));
        }
        return out.toString();
    }

    static String tag(String group, String version) {
        return group(group) + "_" + version;
    }

    static String capital(String word) {
        return word.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    /// Shape: at least one operation.
    ObjectNode path(List<String> inPath, String tag, List<Operation> operations) {
        List<String> common = new ArrayList<>(operations.getFirst().parameters());
        operations.forEach(operation -> common.retainAll(operation.parameters()));
        ObjectNode path = Json.newObject();
        for (Operation operation : operations) {
            path.set(operation.method(), operation(operation, tag, common));
        }
        common.addAll(inPath);
        if (!common.isEmpty()) {
            ArrayNode list = path.putArray("parameters");
            Parameters.sorted(common).forEach(spec -> list.add(parameters.of(spec)));
        }
        return path;
    }

    private ObjectNode operation(Operation operation, String tag, List<String> common) {
        ObjectNode out = Json.newObject();
        ArrayNode list = Json.MAPPER.createArrayNode();
        operation.body().ifPresent(schema -> body(operation, out, list, schema));
        Parameters.sorted(operation.parameters()).stream().filter(spec -> !common.contains(spec))
                .forEach(spec -> list.add(parameters.of(spec)));
        if (!v3) {
            if (!operation.consumes().isEmpty()) {
                out.set("consumes", Operations.strings(operation.consumes()));
            }
            out.set("produces", Operations.strings(operation.produces()));
            out.putArray("schemes").add("https");
        }
        out.put("operationId", operation.id());
        out.putArray("tags").add(tag);
        if (!list.isEmpty()) {
            out.set("parameters", list);
        }
        answers(operation, out.putObject("responses"));
        if (!operation.action().isEmpty()) {
            out.put("x-kubernetes-action", operation.action());
            out.set("x-kubernetes-group-version-kind", Definitions.gvk(operation.kind()));
        }
        return out;
    }

    private void body(Operation operation, ObjectNode out, ArrayNode list, ObjectNode schema) {
        if (v3) {
            ObjectNode request = out.putObject("requestBody");
            ObjectNode content = request.putObject("content");
            operation.consumes().forEach(media -> content.putObject(media).set("schema", schema));
            if (!operation.method().equals("delete")) {
                request.put("required", true);
            }
        } else if (operation.sharedBody().isEmpty()) {
            list.addObject().put("in", "body").put("name", "body").put("required", true).set("schema", schema);
        } else {
            list.add(parameters.of(operation.sharedBody()));
        }
    }

    private void answers(Operation operation, ObjectNode responses) {
        for (String code : operation.codes()) {
            ObjectNode response = responses.putObject(code).put("description", MEANING.getOrDefault(code, ""));
            if (v3) {
                ObjectNode content = response.putObject("content");
                operation.produces().forEach(media -> content.putObject(media).set("schema", operation.answer()));
            } else {
                response.set("schema", operation.answer());
            }
        }
        responses.putObject("401").put("description", "Unauthorized");
    }
}
