package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// Probes and lifecycle hooks: exactly one handler, and that handler complete.
final class ProbeRules {
    private static final List<String> PROBE_HANDLERS = List.of("exec", "httpGet", "tcpSocket", "grpc");
    private static final List<String> HOOK_HANDLERS = List.of("exec", "httpGet", "tcpSocket", "sleep");

    private ProbeRules() {
    }

    static void container(ObjectNode container, String path, Problems problems) {
        for (String name : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            if (container.path(name) instanceof ObjectNode probe) {
                probe(probe, path + "." + name, problems);
                if (!name.equals("readinessProbe") && Tree.number(probe, "successThreshold") != 1) {
                    problems.invalid(path + "." + name + ".successThreshold",
                            Tree.number(probe, "successThreshold"), "must be 1");
                }
            }
        }
        for (String name : List.of("postStart", "preStop")) {
            if (container.path("lifecycle").path(name) instanceof ObjectNode hook) {
                handler(hook, HOOK_HANDLERS, path + ".lifecycle." + name, problems);
            }
        }
    }

    private static void probe(ObjectNode probe, String path, Problems problems) {
        handler(probe, PROBE_HANDLERS, path, problems);
        problems.notNegative(probe, path, "initialDelaySeconds", "timeoutSeconds", "periodSeconds",
                "successThreshold", "failureThreshold");
    }

    private static void handler(ObjectNode parent, List<String> kinds, String path, Problems problems) {
        int found = 0;
        for (String kind : kinds) {
            if (parent.path(kind) instanceof ObjectNode handler) {
                found++;
                if (found > 1) {
                    problems.forbidden(path + "." + kind, "may not specify more than 1 handler type");
                } else {
                    one(kind, handler, path + "." + kind, problems);
                }
            }
        }
        if (found == 0) {
            problems.required(path, "must specify a handler type");
        }
    }

    private static void one(String kind, ObjectNode handler, String path, Problems problems) {
        JsonNode port = handler.path("port");
        switch (kind) {
            case "exec" -> {
                if (handler.path("command").isEmpty()) {
                    problems.required(path + ".command");
                }
            }
            case "httpGet" -> {
                problems.requireText(handler, path, "path");
                problems.port(path + ".port", port);
                problems.oneOf(handler, path, "scheme", "HTTP", "HTTPS");
            }
            case "tcpSocket", "grpc" -> problems.port(path + ".port", port);
            case "sleep" -> problems.notNegative(handler, path, "seconds");
            default -> throw new IllegalStateException("no handler is called " + kind);
        }
    }
}
