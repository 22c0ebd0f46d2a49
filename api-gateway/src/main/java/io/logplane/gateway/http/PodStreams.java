package io.logplane.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.authz.Authorizer;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.ResourceType;
import io.logplane.streaming.Backend;
import io.logplane.streaming.Translation;
import io.logplane.streaming.Upgrades;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;

/// `pods/exec`, `pods/attach`, `pods/portforward`: checked here, asked of the kubelet API of the pod's node, and from
/// its 101 on passed through, or translated where the client's WebSocket subprotocol is none of a kubelet's.
///
/// Whoever streams into a pod needs `create`, also when the request is a GET, as every WebSocket handshake is.
/// Thread: the request's own until the tunnel begins.
/// Source: kubernetes/pkg/registry/core/pod/rest/subresources.go; KEP-4006 on the permission.
final class PodStreams {
    /// The subresources served here.
    static final Set<String> ALL = Set.of("exec", "attach", "portforward");

    private final PodLogs nodes;
    private final Authorizer authorizer;
    private final SSLContext tls;

    PodStreams(PodLogs nodes, Authorizer authorizer, SSLContext tls) {
        this.nodes = nodes;
        this.authorizer = authorizer;
        this.tls = tls;
    }

    /// Errors: 403.
    void require(RequestInfo info, User user) {
        if (!info.verb().equals("create")) {
            authorizer.require(user, info.withVerb("create"));
        }
    }

    /// What is asked for. Shape: `options` as hooks left them.
    record Wanted(RequestInfo info, ResourceType type, ObjectNode options) {
        private boolean on(String stream) {
            return options.path(stream).asBoolean();
        }
    }

    void answer(Exchange exchange, Wanted wanted, Responder responder) throws IOException {
        RequestInfo info = wanted.info();
        ObjectNode pod = nodes.pod(info, wanted.type());
        String path = path(wanted, pod);
        String node = pod.path("spec").path("nodeName").asText();
        if (node.isEmpty()) {
            throw Refusals.badRequest("pod " + info.name() + " does not have a host assigned");
        }
        URI to = URI.create("https://" + nodes.address(node) + path);
        if (!Upgrades.asked(exchange.request())) {
            throw Refusals.badRequest("Upgrade request required");
        }
        Optional<Translation> translation = translation(exchange, wanted);
        Backend backend;
        try {
            backend = translation.isPresent()
                    ? Backend.ask(to, Optional.of(tls), "POST", translation.get().handshake())
                    : Backend.ask(to, Optional.of(tls), exchange.method(), Upgrades.handshake(exchange.request()));
        } catch (IOException away) {
            throw Refusals.internal("error dialing backend: " + away.getMessage());
        }
        if (!backend.upgraded()) {
            responder.text(exchange, backend.status(), backend.refusal());
        } else if (translation.isPresent()) {
            Upgrades.translate(exchange.request(), exchange.response(), backend, translation.get(), exchange
                    .audited());
        } else {
            Upgrades.pass(exchange.request(), exchange.response(), backend, exchange.audited());
        }
    }

    private static Optional<Translation> translation(Exchange exchange, Wanted wanted) {
        return wanted.info().subresource().equals("portforward")
                ? Translation.ports(exchange.request())
                : Translation.command(exchange.request(), wanted.on("stdin"), wanted.on("stdout"), wanted.on("stderr"),
                        wanted.on("tty"));
    }

    /// The kubelet's path and query. Errors: 400 for a container that is missing or unknown.
    private static String path(Wanted wanted, ObjectNode pod) {
        RequestInfo info = wanted.info();
        String where = info.namespace() + "/" + info.name();
        if (info.subresource().equals("portforward")) {
            String ports = String.join(",", words(wanted, "ports"));
            return "/portForward/" + where + (ports.isEmpty() ? "" : "?port=" + encoded(ports));
        }
        String container = PodLogs.container(pod, Tree.text(wanted.options(), "container"));
        List<String> query = new ArrayList<>();
        for (String[] stream : new String[][]{{"stdin", "input"}, {"stdout", "output"}, {"stderr", "error"}, {"tty",
            "tty"}}) {
            if (wanted.on(stream[0])) {
                query.add(stream[1] + "=1");
            }
        }
        words(wanted, "command").forEach(word -> query.add("command=" + encoded(word)));
        return "/" + info.subresource() + "/" + where + "/" + container + "?" + String.join("&", query);
    }

    private static List<String> words(Wanted wanted, String field) {
        return wanted.options().path(field).valueStream().map(JsonNode::asText).toList();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
