package io.logplane.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.read.Components;
import io.logplane.gateway.read.Reader;
import io.logplane.gateway.request.ListOptions;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.Representation;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.gateway.write.Pipeline;
import io.logplane.gateway.write.WriteContext;
import io.logplane.gateway.write.WriteOptions;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectJson;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.ResourceTypes;
import io.logplane.state.StoredObject;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/// Resources and subresources that are not plain objects: bindings, evictions, tokens, reviews, logs. Thread: any.
final class SpecialRoutes {
    private static final Set<String> REVIEW_GROUPS = Set.of("authentication.k8s.io", "authorization.k8s.io");

    private final Pipeline pipeline;
    private final Reviews reviews;
    private final TokenRequests tokens;
    private final PodLogs logs;
    private final PodStreams streams;
    private final ProxyRoutes proxy;
    private final Components components;
    private final Responder responder;

    /// What asks nodes, pods and services.
    record Nodes(PodLogs logs, PodStreams streams, ProxyRoutes proxy) {
    }

    SpecialRoutes(Pipeline pipeline, Reviews reviews, TokenRequests tokens, Nodes nodes,
            Components components, Responder responder) {
        this.pipeline = pipeline;
        this.reviews = reviews;
        this.tokens = tokens;
        this.logs = nodes.logs();
        this.streams = nodes.streams();
        this.proxy = nodes.proxy();
        this.components = components;
        this.responder = responder;
    }

    /// False: an ordinary object, not answered here.
    boolean answer(Exchange exchange, RequestInfo info, ResourceType type, User user, Representation wanted)
            throws IOException {
        if (REVIEW_GROUPS.contains(info.group())) {
            review(exchange, info, user, wanted);
            return true;
        }
        if (!type.group().isEmpty()) {
            return false;
        }
        String what = info.resourceAndSubresource();
        if (info.subresource().equals(ProxyRoutes.PROXY) && type.has(ProxyRoutes.PROXY)) {
            ObjectNode options = connect(exchange, info, type, user);
            proxy.answer(exchange, info, options, responder);
            return true;
        }
        if (info.verb().equals("create")) {
            switch (what) {
                case "pods/binding" -> {
                    warn(exchange, pipeline.bind(context(exchange, info, type, user), exchange.body(), ResourceRoutes
                            .bodyType(exchange)).warnings());
                    responder.tree(exchange, 201, Statuses.success(201), wanted);
                    return true;
                }
                case "bindings" -> {
                    binding(exchange, info, user, wanted);
                    return true;
                }
                case "pods/eviction" -> {
                    warn(exchange, pipeline.evict(context(exchange, info, type, user), exchange.body(), ResourceRoutes
                            .bodyType(exchange)));
                    responder.tree(exchange, 201, Statuses.success(201), wanted);
                    return true;
                }
                case "serviceaccounts/token" -> {
                    ObjectNode issued = tokens.issue(info, user, exchange.body(), ResourceRoutes.bodyType(exchange));
                    responder.object(exchange, 201, type, Json.bytes(issued), wanted, List.of());
                    return true;
                }
                default -> {
                }
            }
        }
        if (what.equals("pods/log") && info.verb().equals("get")) {
            logs.answer(exchange, info, type);
            return true;
        }
        if (info.resource().equals("pods") && PodStreams.ALL.contains(info.subresource())) {
            streams.require(info, user);
            ObjectNode options = connect(exchange, info, type, user);
            streams.answer(exchange, new PodStreams.Wanted(info, type, options), responder);
            return true;
        }
        return what.equals("componentstatuses") && component(exchange, info, type, wanted);
    }

    private boolean component(Exchange exchange, RequestInfo info, ResourceType type, Representation wanted)
            throws IOException {
        if (info.verb().equals("list")) {
            try (Reader.Listing all = components.list(type, ListOptions.parse(exchange.query(), false))) {
                new Lists(responder).write(exchange, type, all, wanted);
            }
            return true;
        }
        if (info.verb().equals("get")) {
            StoredObject found = components.get(type, info.name());
            responder.object(exchange, 200, type, ObjectJson.withRevision(found.json(), found.revision()), wanted, List
                    .of());
            return true;
        }
        return false;
    }

    /// The options of a connection as the hooks of users, who are asked before it, leave them.
    private ObjectNode connect(Exchange exchange, RequestInfo info, ResourceType type, User user) {
        ObjectNode options = Connections.options(info, exchange);
        warn(exchange, pipeline.connect(ResourceRoutes.context(info, type, user, WriteOptions.PLAIN, exchange),
                options));
        return options;
    }

    private static void warn(Exchange exchange, List<String> warnings) {
        warnings.forEach(exchange::warn);
    }

    private void review(Exchange exchange, RequestInfo info, User user, Representation wanted) throws IOException {
        if (!info.verb().equals("create") || !info.name().isEmpty()) {
            throw Refusals.methodNotAllowed();
        }
        ObjectNode answered = reviews.answer(info, user, exchange.body(), ResourceRoutes.bodyType(exchange));
        responder.tree(exchange, 201, answered, wanted);
    }

    private void binding(Exchange exchange, RequestInfo info, User user, Representation wanted) throws IOException {
        byte[] body = exchange.body();
        ObjectNode binding = pipeline.representations().decodeKind(body, ResourceRoutes.bodyType(exchange), "", "v1",
                "Binding");
        ResourceType pods = ResourceTypes.require("", "pods");
        RequestInfo of = new RequestInfo(true, info.path(), "create", "", "v1", "pods", "binding", info.namespace(),
                binding.path("metadata").path("name").asText(), false);
        warn(exchange, pipeline.bind(context(exchange, of, pods, user), body, ResourceRoutes.bodyType(exchange))
                .warnings());
        responder.tree(exchange, 201, Statuses.success(201), wanted);
    }

    private static WriteContext context(Exchange exchange, RequestInfo info, ResourceType type, User user) {
        return ResourceRoutes.context(info, type, user, WriteOptions.parse(exchange.query(), "CreateOptions", exchange
                .userAgent(), false), exchange);
    }
}
