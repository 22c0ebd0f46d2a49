package io.logplane.gateway.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.request.Query;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.schemas.model.Json;
import java.util.List;
import java.util.Map;

/// The options of a connection as an object, for the hooks: `PodExecOptions` and its like.
///
/// Shape: kind, apiVersion and what the query says; what it does not say is left out.
/// Source: k8s.io/api/core/v1 (the options of subresources that connect).
final class Connections {
    private static final Map<String, String> KINDS = Map.of("pods/exec", "PodExecOptions", "pods/attach",
            "PodAttachOptions", "pods/portforward", "PodPortForwardOptions", "pods/proxy", "PodProxyOptions",
            "services/proxy", "ServiceProxyOptions", "nodes/proxy", "NodeProxyOptions");

    private Connections() {
    }

    /// Errors: 404 for a path that leads to no proxy.
    static ObjectNode options(RequestInfo info, Exchange exchange) {
        Query query = exchange.query();
        ObjectNode options = Json.newObject();
        options.put("kind", KINDS.get(info.resource() + "/" + info.subresource()));
        options.put("apiVersion", "v1");
        switch (info.subresource()) {
            case "exec", "attach" -> streams(options, query);
            case "portforward" -> {
                ArrayNode ports = Json.MAPPER.createArrayNode();
                query.all("ports").stream().flatMap(some -> List.of(some.split(",")).stream()).filter(port -> port
                        .matches("[0-9]{1,5}")).forEach(port -> ports.add(Integer.parseInt(port)));
                if (!ports.isEmpty()) {
                    options.set("ports", ports);
                }
            }
            default -> {
                String path = path(exchange, info);
                if (!path.isEmpty()) {
                    options.put("path", path);
                }
            }
        }
        return options;
    }

    /// What follows `proxy`, decoded.
    private static String path(Exchange exchange, RequestInfo info) {
        return ProxyRoutes.decoded(ProxyRoutes.path(exchange.rawPath(), info));
    }

    private static void streams(ObjectNode options, Query query) {
        for (String stream : List.of("stdin", "stdout", "stderr", "tty")) {
            if (query.flag(stream)) {
                options.put(stream, true);
            }
        }
        if (!query.first("container").isEmpty()) {
            options.put("container", query.first("container"));
        }
        if (!query.all("command").isEmpty()) {
            query.all("command").forEach(options.putArray("command")::add);
        }
    }
}
