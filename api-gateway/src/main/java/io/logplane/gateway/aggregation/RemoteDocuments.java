package io.logplane.gateway.aggregation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.openapi.Swagger;
import io.logplane.schemas.model.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What a server says of one group version: its entry of aggregated discovery, its entry of the OpenAPI index, its part
/// of the OpenAPI v2 document.
///
/// Shape: `discovery` an APIVersionDiscovery; `openApi` the relative address of its document, "" when it has none.
/// Source: kube-aggregator/pkg/apiserver/handler_discovery.go; KEP-3352.
record RemoteDocuments(ObjectNode discovery, String openApi, Described described) {
    /// OpenAPI v2. Shape: `part` the group version's, empty when there is none; `tag` the whole document's ETag.
    record Described(String tag, ObjectNode part) {
        static final Described NOT = new Described("", Json.newObject());
    }

    private static final String LIST = "as=APIGroupDiscoveryList";
    private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;" + LIST
            + ",application/json;g=apidiscovery.k8s.io;v=v2beta1;" + LIST + ",application/json";
    private static final String STALE = "Stale";
    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;

    /// Of a server nobody has heard of yet.
    static final RemoteDocuments NONE = new RemoteDocuments(Json.newObject(), "", Described.NOT);

    /// As it is told: with the version's name, and stale when the server has not said anything.
    static ObjectNode described(ObjectNode discovery, String version) {
        ObjectNode out = Json.newObject();
        out.put("version", version);
        out.setAll(discovery);
        if (!out.has("freshness")) {
            out.put("freshness", STALE);
        }
        return out;
    }

    /// The server does not answer: what it said last is what there is.
    RemoteDocuments stale(String version) {
        ObjectNode old = described(discovery, version);
        old.put("freshness", STALE);
        return new RemoteDocuments(old, openApi, described);
    }

    /// Asks the server. Errors: IOException when it does not say what it serves.
    static RemoteDocuments fetch(ApiService service, Remote remote, RemoteDocuments before) throws IOException {
        return new RemoteDocuments(discovery(service, remote), openApi(service, remote), swagger(service, remote,
                before.described));
    }

    /// The same object when nothing changed.
    private static Described swagger(ApiService service, Remote remote, Described before) throws IOException {
        Remote.Document found = remote.get("/openapi/v2", "application/json", before.tag);
        if (found.code() == NOT_MODIFIED) {
            return before;
        }
        if (found.code() != OK) {
            return Described.NOT;
        }
        ObjectNode part = Swagger.part(tree(found), service.path());
        return new Described(found.tag(), part.equals(before.part) ? before.part : part);
    }

    private static ObjectNode discovery(ApiService service, Remote remote) throws IOException {
        Remote.Document list = remote.get("/apis", AGGREGATED);
        if (list.code() == OK && list.type().contains(LIST)) {
            for (JsonNode group : tree(list).path("items")) {
                for (JsonNode version : group.path("versions")) {
                    if (group.path("metadata").path("name").asText().equals(service.group()) && version.path("version")
                            .asText().equals(service.version())) {
                        return current(service.version(), version.path("resources"));
                    }
                }
            }
            return current(service.version(), Json.MAPPER.createArrayNode());
        }
        Remote.Document plain = remote.get(service.path(), "application/json");
        if (plain.code() != OK) {
            throw new IOException("bad status from " + service.path() + ": " + plain.code());
        }
        return current(service.version(), resources(tree(plain).path("resources"), service));
    }

    private static ObjectNode current(String version, JsonNode resources) {
        ObjectNode out = Json.newObject();
        out.put("version", version);
        if (resources.size() > 0) {
            out.set("resources", resources);
        }
        out.put("freshness", "Current");
        return out;
    }

    /// An APIResourceList as aggregated discovery tells it.
    static ArrayNode resources(JsonNode plain, ApiService service) {
        ArrayNode out = Json.MAPPER.createArrayNode();
        for (JsonNode resource : plain) {
            String name = resource.path("name").asText();
            if (name.contains("/")) {
                continue;
            }
            ObjectNode node = out.addObject();
            node.put("resource", name);
            node.set("responseKind", kind(resource, service));
            node.put("scope", resource.path("namespaced").asBoolean() ? "Namespaced" : "Cluster");
            node.put("singularResource", resource.path("singularName").asText());
            for (String field : List.of("verbs", "shortNames", "categories")) {
                if (resource.path(field).size() > 0) {
                    node.set(field, resource.path(field));
                }
            }
            List<ObjectNode> below = below(plain, name + "/", service);
            if (!below.isEmpty()) {
                node.putArray("subresources").addAll(below);
            }
        }
        return out;
    }

    private static List<ObjectNode> below(JsonNode plain, String prefix, ApiService service) {
        List<ObjectNode> found = new ArrayList<>();
        for (JsonNode resource : plain) {
            String name = resource.path("name").asText();
            if (name.startsWith(prefix)) {
                ObjectNode node = Json.newObject();
                node.put("subresource", name.substring(prefix.length()));
                node.set("responseKind", kind(resource, service));
                node.set("verbs", resource.path("verbs"));
                found.add(node);
            }
        }
        return found;
    }

    private static ObjectNode kind(JsonNode resource, ApiService service) {
        ObjectNode kind = Json.newObject();
        kind.put("group", resource.path("group").asText(service.group()));
        kind.put("version", resource.path("version").asText(service.version()));
        kind.put("kind", resource.path("kind").asText());
        return kind;
    }

    /// "" when there is none: a description is a courtesy.
    private static String openApi(ApiService service, Remote remote) throws IOException {
        Remote.Document index = remote.get("/openapi/v3", "application/json");
        return index.code() == OK
                ? tree(index).path("paths").path(service.path().substring(1)).path("serverRelativeURL").asText()
                : "";
    }

    private static ObjectNode tree(Remote.Document document) throws IOException {
        try {
            return Json.object(document.body());
        } catch (IllegalArgumentException notJson) {
            throw new IOException("the answer is no JSON object", notJson);
        }
    }
}
