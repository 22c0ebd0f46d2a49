package io.logplane.representation.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.CustomType;
import io.logplane.representation.TypeSchemas;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.ResourceType;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// `/openapi/v3`, its documents, and `/openapi/v2`.
///
/// Shape: paths are as after `/openapi/v3/`: `api/v1`, `apis/apps/v1`. A document's hash changes only with its
/// content, so
/// answers to a request with `hash` may be cached for ever.
/// Thread: any; documents are made on first use and kept (all v3 together about 4 MB, v2 about 2 MB).
/// Source: KEP-2896.
public final class OpenApi {
    public static final String V2_PROTOBUF_ASKED = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
    /// What clients ask for is no valid media type: an answer that names it is refused by them.
    public static final String V2_PROTOBUF = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    private static final String TOKEN = "BearerToken";
    private final List<ResourceType> types;
    private final String version;
    private final TypeSchemas schemas;
    private final Descriptions descriptions = Descriptions.load();
    private final Map<String, Document> documents = new ConcurrentHashMap<>();
    private final Function<ResourceType, Optional<CustomType>> custom;
    private final Map<String, List<ResourceType>> byPath;
    private final Map<String, ObjectNode> others;

    /// A body and what identifies its content (upper-case hexadecimal SHA-512, as upstream).
    public record Document(byte[] bytes, String hash) {
    }

    /// Shape: `version` as in `/version`, for example `v1.36.2`.
    public OpenApi(List<ResourceType> types, String version) {
        this(types, version, type -> Optional.empty());
    }

    /// Shape: `custom` gives the schema of a type outside the field table.
    public OpenApi(List<ResourceType> types, String version, Function<ResourceType, Optional<CustomType>> custom) {
        this(types, version, custom, Map.of());
    }

    private OpenApi(List<ResourceType> types, String version, Function<ResourceType, Optional<CustomType>> custom,
            Map<String, ObjectNode> others) {
        this.others = others;
        this.types = List.copyOf(types);
        this.version = version;
        this.schemas = TypeSchemas.builtIn();
        this.custom = custom;
        this.byPath = pathsOf();
    }

    /// The same server with other types; documents of versions whose types are the same are kept.
    public OpenApi with(List<ResourceType> others) {
        OpenApi next = new OpenApi(others, version, custom);
        byPath.forEach((path, group) -> {
            Document made = documents.get("v3/" + path);
            if (made != null && group.equals(next.byPath.get(path))) {
                next.documents.put("v3/" + path, made);
            }
        });
        return next;
    }

    /// The same with a v2 document that says what other servers answer. Shape: `parts` by path,
    /// `/apis/<group>/<version>`, as [Swagger#part] gives them; they take the place of what is said here.
    public OpenApi joined(Map<String, ObjectNode> parts) {
        return new OpenApi(types, version, custom, Map.copyOf(parts));
    }

    /// The index: every path with the URL of its document.
    public Document v3Index() {
        Document known = documents.get("v3");
        if (known != null) {
            return known;
        }
        ObjectNode index = Json.newObject();
        ObjectNode paths = index.putObject("paths");
        for (String path : byPath.keySet()) {
            paths.putObject(path).put("serverRelativeURL",
                    "/openapi/v3/" + path + "?hash=" + v3(path).orElseThrow().hash());
        }
        return documents.computeIfAbsent("v3", key -> document(Json.bytes(index)));
    }

    /// Empty for a path that is not in the index.
    public Optional<Document> v3(String path) {
        List<ResourceType> group = byPath.get(path);
        return group == null
                ? Optional.empty()
                : Optional
                        .of(documents.computeIfAbsent("v3/" + path, key -> document(Json.bytes(v3Tree(path, group)))));
    }

    public Document v2Json() {
        return documents.computeIfAbsent("v2", key -> document(Json.bytes(v2Tree())));
    }

    /// For requests that accept [#V2_PROTOBUF_ASKED] (kubectl up to 1.28 for every apply); answered as [#V2_PROTOBUF].
    public Document v2Protobuf() {
        return documents.computeIfAbsent("v2pb", key -> document(Gnostic.encode(v2Tree())));
    }

    /// What the server says about itself has documents of its own, one for each path that is no group's version.
    private Map<String, ObjectNode> serverPaths(boolean three, Definitions definitions) {
        return new ServerPaths(new OperationWriter(three), definitions, schemas).paths(builtIn());
    }

    private Map<String, List<ResourceType>> pathsOf() {
        Map<String, List<ResourceType>> paths = new TreeMap<>();
        for (ResourceType type : types) {
            String path = (type.group().isEmpty() ? "api/" : "apis/" + type.group() + "/") + type.version();
            paths.computeIfAbsent(path, key -> new ArrayList<>()).add(type);
        }
        for (String path : serverPaths(true, new Definitions(true, descriptions)).keySet()) {
            paths.putIfAbsent(path.substring(1, path.length() - 1), List.of());
        }
        return paths;
    }

    /// What the server says of itself it says of built-in groups only.
    private List<ResourceType> builtIn() {
        return types.stream().filter(type -> custom.apply(type).isEmpty()).toList();
    }

    private ObjectNode v3Tree(String path, List<ResourceType> group) {
        boolean users = !group.isEmpty() && group.stream().allMatch(type -> custom.apply(type).isPresent());
        ObjectNode document = Json.newObject().put("openapi", "3.0.0");
        document.set("info", users
                ? info("Kubernetes CRD Swagger", "v0.1.0")
                : info("Kubernetes", version));
        Definitions definitions = new Definitions(true, descriptions);
        ObjectNode paths = document.putObject("paths");
        ServerPaths server = new ServerPaths(new OperationWriter(true), definitions, schemas);
        server.path("/" + path + "/", builtIn()).ifPresent(own -> paths.set("/" + path + "/", own));
        Operations operations = new Operations(true, definitions, schemas, paths, custom);
        group.forEach(operations::add);
        ObjectNode components = document.putObject("components");
        ObjectNode made = components.putObject("schemas");
        definitions.made().forEach(made::set);
        if (!users) {
            components.putObject("securitySchemes").set(TOKEN, token());
        }
        return document;
    }

    private ObjectNode v2Tree() {
        ObjectNode document = Json.newObject().put("swagger", "2.0");
        document.set("info", info("Kubernetes", version));
        ObjectNode paths = document.putObject("paths");
        Definitions definitions = new Definitions(false, descriptions);
        Operations operations = new Operations(false, definitions, schemas, paths, custom);
        types.forEach(operations::add);
        serverPaths(false, definitions).forEach(paths::set);
        ObjectNode shared = document.putObject("parameters");
        new Parameters(false).shared(definitions.patch(), definitions.reference(schemas.ofKind("", "v1",
                "DeleteOptions").orElseThrow())).forEach(shared::set);
        document.putArray("security").addObject().putArray(TOKEN);
        document.putObject("securityDefinitions").set(TOKEN, token());
        ObjectNode made = document.putObject("definitions");
        definitions.made().forEach(made::set);
        return join(document);
    }

    private ObjectNode join(ObjectNode own) {
        ObjectNode paths = (ObjectNode) own.path("paths");
        List<String> taken = paths.properties().stream().map(Map.Entry::getKey).filter(path -> others.keySet().stream()
                .anyMatch(other -> Swagger.isBelow(path, other))).toList();
        JsonNode unused = paths.remove(taken);
        return Swagger.merged(own, List.copyOf(new TreeMap<>(others).values()));
    }

    private static ObjectNode token() {
        return Json.newObject().put("description", "Bearer Token authentication").put("in", "header")
                .put("name", "authorization").put("type", "apiKey");
    }

    /// Shape: upstream heads the documents of custom types with a title and a version of their own.
    private static ObjectNode info(String title, String version) {
        return Json.newObject().put("title", title).put("version", version);
    }

    private static Document document(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-512").digest(bytes);
            return new Document(bytes, HexFormat.of().formatHex(digest).toUpperCase(Locale.ROOT));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
