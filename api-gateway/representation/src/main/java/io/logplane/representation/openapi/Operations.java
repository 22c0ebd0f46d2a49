package io.logplane.representation.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.CustomType;
import io.logplane.representation.StructType;
import io.logplane.representation.StructType.Gvk;
import io.logplane.representation.TypeSchemas;
import io.logplane.representation.patch.PatchType;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.Subresource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The paths of one resource type with their operations, derived from its declaration.
///
/// Every PATCH names its kind and its `fieldValidation` parameter: without both kubectl validates on the client.
/// Source: the API description of kube-apiserver 1.36.
final class Operations {
    private static final List<String> MEDIA = List.of("application/json", "application/yaml",
            "application/vnd.kubernetes.protobuf");
    private static final List<String> WATCH_MEDIA = List.of("application/json", "application/yaml",
            "application/vnd.kubernetes.protobuf", "application/json;stream=watch",
            "application/vnd.kubernetes.protobuf;stream=watch");
    private static final List<String> LOG_MEDIA = List.of("text/plain", "application/json", "application/yaml",
            "application/vnd.kubernetes.protobuf");
    private static final List<String> ANY = List.of("*/*");
    private static final List<String> PATCHES = List.of(PatchType.JSON.mediaType(), PatchType.MERGE.mediaType(),
            PatchType.STRATEGIC.mediaType(), PatchType.APPLY.mediaType());
    /// Custom types have no protobuf and no strategic merge.
    private static final List<String> CUSTOM_MEDIA = List.of("application/json", "application/yaml");
    private static final List<String> CUSTOM_PATCHES = List.of(PatchType.JSON.mediaType(), PatchType.MERGE.mediaType(),
            PatchType.APPLY.mediaType());
    /// The HTTP methods of a verb on a connection, in the words of operation ids.
    private static final Map<String, List<String>> CONNECTIONS = Map.of("get", List.of("get"), "create",
            List.of("post"), "delete", List.of("delete"), "patch", List.of("patch"), "update",
            List.of("head", "options", "put"));
    /// The method, the first word of the id and the answers of each verb.
    private static final Map<String, Verb> VERBS = Map.of("get", new Verb("get", "get", "read", List.of("200")),
            "list", new Verb("get", "list", "list", List.of("200")), "create",
            new Verb("post", "post", "create", List.of("200", "201", "202")), "update",
            new Verb("put", "put", "replace", List.of("200", "201")), "patch",
            new Verb("patch", "patch", "patch", List.of("200", "201")), "delete",
            new Verb("delete", "delete", "delete", List.of("200", "202")));

    private final Definitions definitions;
    private final TypeSchemas schemas;
    private final ObjectNode paths;
    private final OperationWriter writer;
    private final Function<ResourceType, Optional<CustomType>> custom;

    /// How objects of a type travel.
    private record Told(ObjectNode reference, ObjectNode list, boolean builtIn) {
        List<String> media() {
            return builtIn ? MEDIA : CUSTOM_MEDIA;
        }

        List<String> listMedia() {
            return builtIn ? WATCH_MEDIA : CUSTOM_MEDIA;
        }

        List<String> patches() {
            return builtIn ? PATCHES : CUSTOM_PATCHES;
        }

        /// What bodies may be; operations without one say so, too.
        List<String> bodies() {
            return builtIn ? ANY : CUSTOM_MEDIA;
        }

        Told of(ObjectNode other) {
            return new Told(other, list, builtIn);
        }
    }

    private record Verb(String method, String action, String word, List<String> codes) {
    }

    /// Where the operations of one path are: its text and the parameters that are in it.
    private record Place(String path, List<String> parameters) {
    }

    Operations(boolean v3, Definitions definitions, TypeSchemas schemas, ObjectNode paths,
            Function<ResourceType, Optional<CustomType>> custom) {
        this.custom = custom;
        this.definitions = definitions;
        this.schemas = schemas;
        this.paths = paths;
        this.writer = new OperationWriter(v3);
    }

    /// Adds all paths of the type.
    void add(ResourceType type) {
        String base = (type.group().isEmpty() ? "/api/" : "/apis/" + type.group() + "/") + type.version();
        Optional<Told> known = told(type);
        if (known.isEmpty()) {
            return;
        }
        Told told = known.get();
        Names names = new Names(type);
        String spaces = type.namespaced() ? "/namespaces/{namespace}/" : "/";
        if (type.namespaced() && type.verbs().contains("list")) {
            write(place(base + "/" + type.plural(), false, false), names,
                    List.of(list(type, names.everywhere("list", ""), told)));
        }
        Place collection = place(base + spaces + type.plural(), false, type.namespaced());
        Place item = place(collection.path() + "/{name}", true, type.namespaced());
        write(collection, names, collection(type, names, told));
        write(item, names, item(type, names, told));
        for (Subresource sub : type.subresources()) {
            Place place = place(item.path() + "/" + sub.name(), true, type.namespaced());
            write(place, names, subresource(type, sub, names, told));
            if (sub.name().equals("proxy")) {
                List<String> tail = Parameters.ofPath(true, type.namespaced(), true);
                write(new Place(place.path() + "/{path}", tail), names,
                        connections(sub, names.of("connect#", "Proxy") + "WithPath"));
            }
        }
        if (type.verbs().contains("watch") && told.builtIn) {
            watches(type, names, base, spaces);
        }
    }

    private Optional<Told> told(ResourceType type) {
        Optional<StructType> struct = schemas.of(type);
        if (struct.isPresent()) {
            schemas.ofKind(type.group(), type.version(), type.listKind()).ifPresent(definitions::define);
            return Optional
                    .of(new Told(definitions.reference(struct.get()), kindReference(type.group(), type.version(), type
                            .listKind()), true));
        }
        return custom.apply(type).map(own -> new Told(definitions.reference(kind(type), type.listKind(), type.plural(),
                own), definitions.customReference(new Gvk(type.group(), type.version(), type.listKind())), false));
    }

    private static Place place(String path, boolean named, boolean namespaced) {
        return new Place(path, Parameters.ofPath(named, namespaced, false));
    }

    private void watches(ResourceType type, Names names, String base, String spaces) {
        if (type.namespaced()) {
            write(place(base + "/watch/" + type.plural(), false, false), names,
                    List.of(watch(type, "watchlist", names.everywhere("watch", "List"))));
        }
        Place collection = place(base + "/watch" + spaces + type.plural(), false, type.namespaced());
        write(collection, names, List.of(watch(type, "watchlist", names.of("watch", "List"))));
        write(place(collection.path() + "/{name}", true, type.namespaced()), names,
                List.of(watch(type, "watch", names.of("watch", ""))));
    }

    private Operation watch(ResourceType type, String action, String id) {
        return new Operation("get", action, id, kind(type), Parameters.ofVerb("watch"), Optional.empty(), "",
                kindReference("", "v1", "WatchEvent"), List.of("200"), WATCH_MEDIA, ANY);
    }

    private Operation list(ResourceType type, String id, Told told) {
        return new Operation("get", "list", id, kind(type), Parameters.ofVerb("list"), Optional.empty(), "",
                told.list.deepCopy(), List.of("200"), told.listMedia(), told.bodies());
    }

    private List<Operation> collection(ResourceType type, Names names, Told told) {
        List<Operation> all = new ArrayList<>();
        if (type.verbs().contains("deletecollection")) {
            all.add(deletions(kind(type), names.of("delete*Collection", ""), told));
        }
        if (type.verbs().contains("list")) {
            all.add(list(type, names.of("list", ""), told));
        }
        if (type.verbs().contains("create")) {
            all.add(plain("create", names.of("create", ""), kind(type), told));
        }
        return all;
    }

    /// Upstream tells of options and a body with built-in types only.
    private Operation deletions(Gvk kind, String id, Told told) {
        return new Operation("delete", "deletecollection", id, kind, Parameters.ofVerb(told.builtIn
                ? "deletecollection"
                : "list"), told.builtIn ? Optional.of(deleteOptions()) : Optional.empty(), Parameters.DELETE_BODY,
                status(), List.of("200"), told.media(), told.bodies());
    }

    private List<Operation> item(ResourceType type, Names names, Told told) {
        List<Operation> all = new ArrayList<>();
        for (String verb : List.of("delete", "get", "patch", "update")) {
            if (!type.verbs().contains(verb)) {
                continue;
            }
            Operation made = plain(verb, names.of(how(verb).word(), ""), kind(type), told);
            all.add(verb.equals("delete") ? deletion(type, made, told) : made);
        }
        return all;
    }

    private Operation deletion(ResourceType type, Operation made, Told told) {
        return new Operation(made.method(), made.action(), made.id(), made.kind(), made.parameters(),
                Optional.of(deleteOptions()), Parameters.DELETE_BODY,
                type.returnsDeleted() ? made.answer() : status(), made.codes(), told.media(), told.bodies());
    }

    private static Verb how(String verb) {
        return Optional.ofNullable(VERBS.get(verb)).orElseThrow();
    }

    /// An operation that takes and gives objects of one kind.
    private Operation plain(String verb, String id, Gvk kind, Told told) {
        Verb how = how(verb);
        ObjectNode reference = told.reference.deepCopy();
        Optional<ObjectNode> body = switch (verb) {
            case "create", "update" -> Optional.of(reference);
            case "patch" -> Optional.of(definitions.patch());
            default -> Optional.empty();
        };
        boolean patch = verb.equals("patch");
        return new Operation(how.method(), how.action(), id, kind,
                verb.equals("get") && !told.builtIn ? Parameters.ofCustomGet() : Parameters.ofVerb(verb), body,
                patch ? Parameters.PATCH_BODY : "", reference, patch && !told.builtIn ? List.of("200") : how.codes(),
                told.media(), patch ? told.patches() : told.bodies());
    }

    private List<Operation> subresource(ResourceType type, Subresource sub, Names names, Told told) {
        String word = sub.name().substring(0, 1).toUpperCase(Locale.ROOT) + sub.name().substring(1);
        if (sub.kind().endsWith("Options")) {
            return connections(sub, names.of("connect#", word));
        }
        if (sub.name().equals("log")) {
            return List.of(new Operation("get", "get", names.of("read", word), kind(type), Parameters.ofLog(),
                    Optional.empty(), "", Json.newObject().put("type", "string"), List.of("200"), LOG_MEDIA, ANY));
        }
        Gvk kind = told.builtIn ? new Gvk(sub.group(), sub.version(), sub.kind()) : kind(type);
        Told own = schemas.ofKind(sub.group(), sub.version(), sub.kind())
                .map(struct -> told.of(definitions.reference(struct)))
                .orElse(told);
        List<Operation> all = new ArrayList<>();
        for (String verb : List.of("create", "get", "patch", "update")) {
            if (sub.verbs().contains(verb)) {
                all.add(plain(verb, names.of(how(verb).word(), word), kind, own));
            }
        }
        return all;
    }

    /// Shape: in `id` a hash stands for the method.
    private List<Operation> connections(Subresource sub, String id) {
        List<Operation> all = new ArrayList<>();
        Gvk kind = new Gvk(sub.group(), sub.version(), sub.kind());
        for (String verb : sub.verbs().stream().sorted().toList()) {
            for (String method : CONNECTIONS.getOrDefault(verb, List.of())) {
                String word = method.substring(0, 1).toUpperCase(Locale.ROOT) + method.substring(1);
                all.add(new Operation(method, "connect", id.replace("#", word), kind,
                        Parameters.ofOptions(sub.kind()), Optional.empty(), "",
                        Json.newObject().put("type", "string"), List.of("200"), ANY, ANY));
            }
        }
        return all;
    }

    private void write(Place place, Names names, List<Operation> operations) {
        if (!operations.isEmpty()) {
            paths.set(place.path(), writer.path(place.parameters(), names.tag(), operations));
        }
    }

    private static Gvk kind(ResourceType type) {
        return new Gvk(type.group(), type.version(), type.kind());
    }

    private ObjectNode deleteOptions() {
        return kindReference("", "v1", "DeleteOptions");
    }

    private ObjectNode status() {
        return kindReference("", "v1", "Status");
    }

    private ObjectNode kindReference(String group, String version, String kind) {
        return schemas.ofKind(group, version, kind).map(definitions::reference).orElseGet(Json::newObject);
    }

    /// How operations of a type are called.
    private record Names(ResourceType type) {

        /// Shape: `words` the verb; a star stands for group and version when more follows them, a hash for a method.
        String of(String words, String end) {
            int star = words.indexOf('*');
            int hash = words.indexOf('#');
            String version = OperationWriter.version(type.group(), type.version());
            String scope = type.namespaced() ? "Namespaced" : "";
            if (star >= 0) {
                return words.substring(0, star) + version + words.substring(star + 1) + scope + type.kind() + end;
            }
            return hash >= 0
                    ? words.substring(0, hash) + version + "#" + scope + type.kind() + end
                    : words + version + scope + type.kind() + end;
        }

        String everywhere(String word, String end) {
            return word + OperationWriter.version(type.group(), type.version()) + type.kind() + end
                    + "ForAllNamespaces";
        }

        String tag() {
            return OperationWriter.tag(type.group(), type.version());
        }
    }

    static ArrayNode strings(List<String> values) {
        ArrayNode array = Json.MAPPER.createArrayNode();
        values.forEach(array::add);
        return array;
    }
}
