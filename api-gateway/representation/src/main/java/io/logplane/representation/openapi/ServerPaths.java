package io.logplane.representation.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.StructType.Gvk;
import io.logplane.representation.TypeSchemas;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.ResourceType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// What the server says about itself: discovery, version, keys of tokens.
///
/// Shape: by path, with the slash at the end that upstream's description has.
final class ServerPaths {
    private static final List<String> MEDIA = List.of("application/json", "application/yaml",
            "application/vnd.kubernetes.protobuf");
    private static final String META = "apimachinery.pkg.apis.meta.v1.";
    private static final List<String> JSON = List.of("application/json");

    private final OperationWriter writer;
    private final Definitions definitions;
    private final TypeSchemas schemas;

    ServerPaths(OperationWriter writer, Definitions definitions, TypeSchemas schemas) {
        this.writer = writer;
        this.definitions = definitions;
        this.schemas = schemas;
    }

    Map<String, ObjectNode> paths(List<ResourceType> types) {
        Map<String, ObjectNode> all = new LinkedHashMap<>();
        makers(types).forEach((path, maker) -> all.put(path, maker.get()));
        return all;
    }

    /// One of them, making no definitions but its own.
    Optional<ObjectNode> path(String path, List<ResourceType> types) {
        return Optional.ofNullable(makers(types).get(path)).map(Supplier::get);
    }

    private Map<String, Supplier<ObjectNode>> makers(List<ResourceType> types) {
        Map<String, Supplier<ObjectNode>> all = new LinkedHashMap<>();
        ObjectNode text = Json.newObject().put("type", "string");
        all.put("/.well-known/openid-configuration/",
                () -> get("getServiceAccountIssuerOpenIDConfiguration", "WellKnown",
                        text, JSON, List.of()));
        all.put("/openid/v1/jwks/", () -> get("getServiceAccountIssuerOpenIDKeyset", "openid", text,
                List.of("application/jwk-set+json"), List.of()));
        all.put("/version/",
                () -> get("getCodeVersion", "version", named("apimachinery.pkg.version.Info"), JSON, JSON));
        all.put("/api/", () -> get("getCoreAPIVersions", "core", named(META + "APIVersions"), MEDIA, MEDIA));
        all.put("/apis/", () -> get("getAPIVersions", "apis", named(META + "APIGroupList"), MEDIA, MEDIA));
        for (ResourceType type : types) {
            String group = type.group();
            String word = OperationWriter.group(group);
            if (!group.isEmpty()) {
                all.put("/apis/" + group + "/", () -> get("get" + OperationWriter.capital(word)
                        + "APIGroup", word, named(META + "APIGroup"), MEDIA, MEDIA));
            }
            all.put((group.isEmpty() ? "/api/" : "/apis/" + group + "/") + type.version() + "/",
                    () -> get("get" + OperationWriter.version(group, type.version()) + "APIResources",
                            OperationWriter.tag(group, type.version()), named(META + "APIResourceList"), MEDIA,
                            MEDIA));
        }
        return all;
    }

    private ObjectNode named(String name) {
        return schemas.named(name).map(definitions::reference).orElseGet(Json::newObject);
    }

    private ObjectNode get(String id, String tag, ObjectNode answer, List<String> produces, List<String> consumes) {
        return writer.path(List.of(), tag, List.of(new Operation("get", "", id, new Gvk("", "", ""), List.of(),
                Optional.empty(), "", answer, List.of("200"), produces, consumes)));
    }
}
