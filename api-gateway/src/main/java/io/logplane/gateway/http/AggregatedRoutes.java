package io.logplane.gateway.http;

import io.logplane.gateway.aggregation.ApiServices;
import io.logplane.gateway.aggregation.Remote;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.schemas.model.Refused;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Requests for group versions that another server answers: passed on as they came, with who asks in headers.
///
/// Only after the request was authenticated and authorized here; the other server asks again what it wants to know.
/// Thread: the request's own. Errors: 503 as text, in upstream's words.
/// Source: kube-aggregator/pkg/apiserver/handler_proxy.go.
final class AggregatedRoutes {
    private static final String UNAVAILABLE = "service unavailable\n";
    private static final int AWAY = 503;

    private final ApiServices services;
    private final Responder responder;

    AggregatedRoutes(ApiServices services, Responder responder) {
        this.services = services;
        this.responder = responder;
    }

    /// False: it is answered here.
    boolean answer(Exchange exchange, RequestInfo info, User user) throws IOException {
        Optional<ApiServices.Route> route = services.route(info.path());
        if (route.isEmpty()) {
            return false;
        }
        Optional<Remote> remote = route.get().remote();
        Optional<URI> to = remote.flatMap(found -> found.address(exchange.uri()));
        if (!route.get().service().available() || to.isEmpty()) {
            responder.text(exchange, AWAY, UNAVAILABLE);
            return true;
        }
        try {
            new Forward(remote.get().client(), remote.get().tls()).pass(exchange, to.get(), added(exchange, user),
                    Forward.HeaderRule.SAME, responder);
        } catch (Refused away) {
            if (away.refusal().code() != AWAY) {
                throw away;
            }
            responder.text(exchange, AWAY, away.refusal().message() + "\n");
        }
        return true;
    }

    private static List<Map.Entry<String, String>> added(Exchange exchange, User user) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        String before = exchange.header("X-Forwarded-For");
        headers.add(Map.entry("X-Forwarded-For", before.isEmpty()
                ? exchange.address()
                : before + ", " + exchange.address()));
        headers.add(Map.entry("X-Forwarded-Host", exchange.request().getServerName() + ":" + exchange.request()
                .getServerPort()));
        headers.add(Map.entry("X-Forwarded-Proto", "https"));
        headers.add(Map.entry("X-Forwarded-Uri", exchange.rawPath()));
        headers.add(Map.entry("X-Remote-User", user.name()));
        if (!user.uid().isEmpty()) {
            headers.add(Map.entry("X-Remote-Uid", user.uid()));
        }
        user.groups().forEach(group -> headers.add(Map.entry("X-Remote-Group", group)));
        new TreeMap<>(user.extra()).forEach((key, values) -> values.forEach(value -> headers.add(Map.entry(
                "X-Remote-Extra-" + escaped(key), value))));
        return headers;
    }

    /// What may not stand in the name of a header is written as percent and two digits.
    static String escaped(String key) {
        StringBuilder out = new StringBuilder();
        for (byte each : key.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xff);
            boolean plain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "!#$&'*+-.^_`|~"
                    .indexOf(c) >= 0;
            out.append(plain ? String.valueOf(c) : "%" + java.util.HexFormat.of().withUpperCase().toHexDigits(each));
        }
        return out.toString();
    }
}
