package io.logplane.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.authz.Authorizer;
import io.logplane.gateway.read.Reader;
import io.logplane.gateway.read.Watcher;
import io.logplane.gateway.request.FieldSelector;
import io.logplane.gateway.request.ListOptions;
import io.logplane.gateway.request.MediaType;
import io.logplane.gateway.request.Query;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.Representation;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.gateway.write.DeleteOptions;
import io.logplane.gateway.write.Pipeline;
import io.logplane.gateway.write.Scales;
import io.logplane.gateway.write.WriteContext;
import io.logplane.gateway.write.WriteOptions;
import io.logplane.gateway.write.Written;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectJson;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.Subresource;
import io.logplane.state.StoredObject;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/// Requests about stored objects: from verb to read path, write pipeline or watch. Thread: any.
final class ResourceRoutes {
    private static final int MAX_COLLECTION = 100_000;
    private static final List<String> CUSTOM_PATCHES = List.of("application/json-patch+json",
            "application/merge-patch+json", "application/apply-patch+yaml");
    private static final List<String> PATCHES = List.of("application/json-patch+json", "application/merge-patch+json",
            "application/strategic-merge-patch+json", "application/apply-patch+yaml");
    private static final List<String> BODY_TYPES = List.of("application/json", "application/yaml",
            "application/vnd.kubernetes.protobuf");

    private static final Set<String> BY_NAME = Set.of("get", "update", "patch", "delete");

    private final Reader reader;
    private final Watcher watcher;
    private final Pipeline pipeline;
    private final Authorizer authorizer;
    private final Responder responder;
    private final Lists lists;
    private final SpecialRoutes special;
    private final InstantSource clock;

    ResourceRoutes(Parts parts, SpecialRoutes special) {
        this.reader = parts.reader();
        this.watcher = parts.watcher();
        this.pipeline = parts.pipeline();
        this.authorizer = parts.authorizer();
        this.responder = parts.responder();
        this.clock = parts.clock();
        this.lists = new Lists(responder);
        this.special = special;
    }

    /// What the routes are made of.
    record Parts(Reader reader, Watcher watcher, Pipeline pipeline, Authorizer authorizer, Responder responder,
            InstantSource clock) {
    }

    void answer(Exchange exchange, RequestInfo info, ResourceType type, User user) throws IOException {
        checkScope(exchange, info, type);
        if (info.subresource().equals(ProxyRoutes.PROXY) && special.answer(exchange, info, type, user,
                Representation.JSON)) {
            return; // any method, any representation: the target's affair
        }
        Representation wanted = wanted(exchange, info, type);
        if (!info.subresource().isEmpty()) {
            subresource(info, type);
        }
        boolean custom = type.rules().itemsNameTheirKind(); // of which upstream's router asks for the verb alone
        boolean other = exchange.method().equals("HEAD") || info.legacyWatch() && !exchange.method().equals("GET");
        if (info.verb().isEmpty() || other && !custom) {
            throw custom ? Refusals.notSupported(type, "") : Refusals.methodNotAllowed();
        }
        if (special.answer(exchange, info, type, user, wanted)) {
            return;
        }
        checkVerb(info, type);
        if (info.name().contains("%") && BY_NAME.contains(info.verb())) {
            throw Refusals.badName(info.name(), "may not contain '%'");
        }
        switch (info.verb()) {
            case "get" -> get(exchange, info, type, wanted);
            case "list" -> list(exchange, info, type, wanted);
            case "watch" -> watch(exchange, info, type, wanted);
            case "create" -> create(exchange, info, type, user, wanted);
            case "update" -> put(exchange, info, type, user, wanted);
            case "patch" -> patch(exchange, info, type, user, wanted);
            case "delete" -> delete(exchange, info, type, user, wanted);
            case "deletecollection" -> deleteCollection(exchange, info, type, user, wanted);
            default -> throw Refusals.methodNotAllowed();
        }
    }

    /// Custom objects have no protobuf form, nor have their scales.
    private static Representation wanted(Exchange exchange, RequestInfo info, ResourceType type) {
        String accept = exchange.header("Accept");
        if (!type.rules().itemsNameTheirKind()) {
            return Representation.negotiate(accept, exchange.query(), exchange.userAgent(),
                    info.verb().equals("list") || info.verb().equals("watch"));
        }
        return Representation.negotiateCustom(accept, exchange.query(), exchange.userAgent());
    }

    /// Errors: 404 for a cluster-scoped type below a namespace and the other way round; 405 for a create without
    /// namespace.
    private static void checkScope(Exchange exchange, RequestInfo info, ResourceType type) {
        boolean namespaceType = type.plural().equals("namespaces") && type.group().isEmpty();
        if (!type.namespaced() && !namespaceType && !info.namespace().isEmpty()) {
            throw Refusals.noSuchResource();
        }
        boolean whole = info.name().isEmpty() || !nameInPath(info);
        if (type.namespaced() && info.namespace().isEmpty()) {
            if (!whole) {
                throw Refusals.noSuchResource();
            }
            if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
                throw Refusals.methodNotAllowed();
            }
        }
    }

    private static boolean nameInPath(RequestInfo info) {
        return !info.verb().equals("list") && !info.verb().equals("watch") && !info.verb().equals("deletecollection")
                || info.path().endsWith("/" + info.name()) && info.legacyWatch();
    }

    private static void checkVerb(RequestInfo info, ResourceType type) {
        if (info.subresource().isEmpty()) {
            boolean namedCreate = info.verb().equals("create") && !info.name().isEmpty();
            boolean custom = type.rules().itemsNameTheirKind();
            if (!type.verbs().contains(info.verb()) || !custom && (namedCreate || nameless(info))) {
                throw Refusals.methodNotAllowed();
            }
            return;
        }
        if (!subresource(info, type).verbs().contains(info.verb())) {
            throw type.rules().itemsNameTheirKind()
                    ? Refusals.notSupported(type, info.verb())
                    : Refusals.methodNotAllowed();
        }
    }

    private static boolean nameless(RequestInfo info) {
        return info.name().isEmpty() && (info.verb().equals("update") || info.verb().equals("patch"));
    }

    /// The router of custom types lets every path pass. Errors: 400.
    private static void named(RequestInfo info) {
        if (nameless(info)) {
            throw Refusals.badRequest("name must be provided");
        }
    }

    /// Errors: 404.
    private static Subresource subresource(RequestInfo info, ResourceType type) {
        if (info.deeper() && !type.rules().itemsNameTheirKind()) {
            throw Refusals.noSuchResource();
        }
        return type.subresources().stream().filter(s -> s.name().equals(info.subresource())).findFirst()
                .orElseThrow(() -> type.rules().itemsNameTheirKind()
                        ? Refusals.notFound(type, info.name())
                        : Refusals.noSuchResource());
    }

    private void get(Exchange exchange, RequestInfo info, ResourceType type, Representation wanted)
            throws IOException {
        OptionalLong revision = ListOptions.revision(exchange.query().first("resourceVersion"), true);
        StoredObject found = reader.get(type, info.namespace(), info.name(), revision);
        if (info.subresource().equals("scale")) {
            ObjectNode scale = Scales.of(ObjectJson.parse(found.json(), found.revision()), type);
            responder.object(exchange, 200, shown(info, type), Json.bytes(scale), wanted, List.of());
            return;
        }
        responder.object(exchange, 200, type, ObjectJson.withRevision(found.json(), found.revision()), wanted, List
                .of());
    }

    private void list(Exchange exchange, RequestInfo info, ResourceType type, Representation wanted)
            throws IOException {
        ListOptions options = ListOptions.parse(exchange.query(), false);
        try (Reader.Listing listing = reader.list(type, info.namespace(), options)) {
            lists.write(exchange, type, listing, wanted);
        }
    }

    /// A path may name the one to watch. Errors: 400 for a selector that does not say the same.
    private static Query selecting(RequestInfo info, Query query) {
        if (!info.legacyWatch() || info.name().isEmpty() || !info.path().endsWith("/" + info.name())) {
            return query;
        }
        FieldSelector fields = ListOptions.parse(query, true).fields();
        if (fields.matchesEverything()) {
            return query.with("fieldSelector", "metadata.name=" + info.name());
        }
        if (!fields.exact("metadata.name").equals(Optional.of(info.name()))) {
            throw Refusals.badRequest("fieldSelector metadata.name doesn't match requested name");
        }
        return query;
    }

    private void watch(Exchange exchange, RequestInfo info, ResourceType type, Representation wanted)
            throws IOException {
        ListOptions options = ListOptions.parse(selecting(info, exchange.query()), true);
        options.fields().check(type);
        if (wanted.format() == Representation.Format.YAML) {
            throw Refusals.noSuchStream();
        }
        exchange.onFailure(Thread.currentThread()::interrupt);
        WatchStream stream = WatchStream.open(exchange, type, wanted, responder.encodings(), clock);
        if (options.timeoutSeconds().orElse(0) >= 0) {
            try {
                watcher.run(type, info.namespace(), options, stream);
            } catch (WatchStream.Unshown ends) {
                stream.flush();
            }
        }
        stream.end();
    }

    private void create(Exchange exchange, RequestInfo info, ResourceType type, User user, Representation wanted)
            throws IOException {
        WriteContext context = context(exchange, info.withName(""), type, user, "CreateOptions", false);
        Written written = pipeline.create(context, exchange.body(), bodyType(exchange));
        responder.object(exchange, written.code(), type, written.bytes(), wanted, written.warnings());
    }

    private void put(Exchange exchange, RequestInfo info, ResourceType type, User user, Representation wanted)
            throws IOException {
        named(info);
        WriteContext context = context(exchange, info, type, user, "UpdateOptions", false);
        Written written = pipeline.put(context, exchange.body(), bodyType(exchange));
        responder.object(exchange, written.code(), shown(info, type), written.bytes(), wanted, written.warnings());
    }

    private void patch(Exchange exchange, RequestInfo info, ResourceType type, User user, Representation wanted)
            throws IOException {
        String kind = patchType(exchange, type);
        named(info);
        boolean apply = pipeline.representations().isApply(kind);
        WriteContext context = context(exchange, info, type, user, "PatchOptions", apply);
        Written written = pipeline.patch(context, exchange.body(), kind, c -> authorizer.require(user,
                info.withVerb("create")));
        responder.object(exchange, written.code(), shown(info, type), written.bytes(), wanted, written.warnings());
    }

    /// A route takes any of several types, the handler behind it one, to the letter. Custom types have no routes.
    private static String patchType(Exchange exchange, ResourceType type) {
        String header = exchange.header("Content-Type");
        boolean custom = type.rules().itemsNameTheirKind();
        if (!custom && Stream.of(header.split(",")).noneMatch(one -> PATCHES.contains(one.split(";", 2)[0].strip()))) {
            throw Refusals.unsupportedPatchType();
        }
        String kind = header.split(";", 2)[0];
        List<String> known = custom ? CUSTOM_PATCHES : PATCHES;
        if (!known.contains(kind)) {
            throw Refusals.unsupportedMediaType(known);
        }
        return kind;
    }

    private static ResourceType shown(RequestInfo info, ResourceType type) {
        return info.subresource().equals("scale") ? Scales.shown(type) : type;
    }

    private void delete(Exchange exchange, RequestInfo info, ResourceType type, User user, Representation wanted)
            throws IOException {
        DeleteOptions options = deleteOptions(exchange);
        WriteContext context = context(info, type, user, WriteOptions.PLAIN, exchange);
        var deleted = pipeline.delete(context, options);
        Written object = deleted.object();
        if (deleted.gone() && !type.returnsDeleted()) {
            String uid = object.object().path("metadata").path("uid").asText();
            object.warnings().forEach(exchange::warn);
            responder.tree(exchange, 200, Statuses.deleted(type.group(), type.plural(), info.name(), uid),
                    new Representation(wanted.format(), Representation.As.OBJECT, "v1", wanted.pretty()));
            return;
        }
        boolean accepted = !deleted.gone() && options.orphanDependents().isPresent() && !options.orphanDependents()
                .get();
        responder.object(exchange, accepted ? 202 : 200, type, object.bytes(), wanted, object.warnings());
    }

    private void deleteCollection(Exchange exchange, RequestInfo info, ResourceType type, User user,
            Representation wanted) throws IOException {
        DeleteOptions options = deleteOptions(exchange);
        ListOptions which = ListOptions.parse(exchange.query().without("resourceVersionMatch"), false);
        List<StoredObject> deleted = new ArrayList<>();
        Reader.Listing listed;
        try (Reader.Listing listing = reader.list(type, info.namespace(), which)) {
            listed = listing;
            while (listing.items().hasNext() && deleted.size() < MAX_COLLECTION) {
                deleted.add(listing.items().next());
            }
        }
        WriteContext context = context(info, type, user, WriteOptions.PLAIN, exchange);
        pipeline.deleteCollection(context, deleted.stream().map(StoredObject::key).toList(), options).forEach(
                exchange::warn);
        lists.write(exchange, type, listed.with(deleted), wanted);
    }

    private DeleteOptions deleteOptions(Exchange exchange) throws IOException {
        byte[] body = exchange.body();
        Optional<ObjectNode> options = body.length == 0
                ? Optional.empty()
                : Optional.of(pipeline.representations().decodeKind(body, bodyType(exchange), "meta.k8s.io", "v1",
                        "DeleteOptions"));
        return DeleteOptions.of(options, exchange.query());
    }

    static String bodyType(Exchange exchange) {
        String header = exchange.header("Content-Type");
        return MediaType.of(header.isBlank() ? BODY_TYPES.getFirst() : header).filter(BODY_TYPES::contains).orElseThrow(
                () -> Refusals.unsupportedMediaType(BODY_TYPES));
    }

    private static WriteContext context(Exchange exchange, RequestInfo info, ResourceType type, User user, String kind,
            boolean apply) {
        return context(info, type, user, WriteOptions.parse(exchange.query(), kind, exchange.userAgent(), apply),
                exchange);
    }

    static WriteContext context(RequestInfo info, ResourceType type, User user, WriteOptions options,
            Exchange exchange) {
        return new WriteContext(user, info, type, options, new WriteContext.Origin(exchange.userAgent(), exchange
                .address(), exchange.auditId(), Optional.empty(), exchange.trail()));
    }
}
