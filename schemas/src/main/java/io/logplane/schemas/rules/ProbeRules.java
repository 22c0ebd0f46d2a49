package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.util.List;
import java.util.regex.Pattern;

/// Probes and lifecycle hooks: exactly one handler, and that handler complete.
final class ProbeRules {
    private static final String GRACE = "terminationGracePeriodSeconds";
    private static final Pattern HEADER = Pattern.compile("[-A-Za-z0-9]+");
    private static final List<String> PROBE_HANDLERS = List.of("exec", "httpGet", "tcpSocket", "grpc");
    private static final List<String> HOOK_HANDLERS = List.of("exec", "httpGet", "tcpSocket", "sleep");

    private ProbeRules() {
    }

    /// Hooks may not last longer than the pod waits at its end.
    static void container(JsonNode spec, ObjectNode container, String path, Problems problems) {
        for (String name : List.of("postStart", "preStop")) {
            if (container.path("lifecycle").path(name) instanceof ObjectNode hook) {
                String at = path + ".lifecycle." + name;
                handler(hook, HOOK_HANDLERS, at, Tree.number(spec, "terminationGracePeriodSeconds"), problems);
            }
        }
        for (String name : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            if (container.path(name) instanceof ObjectNode probe) {
                probe(probe, path + "." + name, problems);
                if (name.equals("readinessProbe") && Tree.has(probe, GRACE)) {
                    problems.invalid(path + "." + name + "." + GRACE, Tree.number(probe, GRACE),
                            "must not be set for readinessProbes");
                }
                if (!name.equals("readinessProbe") && Tree.number(probe, "successThreshold") != 1) {
                    problems.invalid(path + "." + name + ".successThreshold",
                            Tree.number(probe, "successThreshold"), "must be 1");
                }
            }
        }
    }

    private static void probe(ObjectNode probe, String path, Problems problems) {
        handler(probe, PROBE_HANDLERS, path, 0, problems);
        problems.notNegative(probe, path, "initialDelaySeconds", "timeoutSeconds", "periodSeconds",
                "successThreshold", "failureThreshold");
        if (Tree.has(probe, GRACE) && Tree.number(probe, GRACE) <= 0) {
            problems.invalid(path + "." + GRACE, Tree.number(probe, GRACE), "must be greater than 0");
        }
    }

    private static void handler(ObjectNode parent, List<String> kinds, String path, long grace, Problems problems) {
        int found = 0;
        for (String kind : kinds) {
            if (parent.path(kind) instanceof ObjectNode handler) {
                found++;
                if (found > 1) {
                    problems.forbidden(path + "." + kind, "may not specify more than 1 handler type");
                } else if (kind.equals("sleep")) {
                    long seconds = Tree.number(handler, "seconds");
                    if (seconds < 0 || seconds > grace) {
                        problems.invalid(path + ".sleep", seconds,
                                "must be non-negative and less than terminationGracePeriodSeconds (" + grace + ")");
                    }
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
                for (ObjectNode header : Tree.objects(handler, "httpHeaders")) {
                    if (!HEADER.matcher(Tree.text(header, "name")).matches()) {
                        problems.invalid(path + ".httpHeaders", Tree.text(header, "name"), "a valid HTTP header must "
                                + "consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for "
                                + "validation is '" + HEADER.pattern() + "')");
                    }
                }
            }
            case "tcpSocket", "grpc" -> problems.port(path + ".port", port);
            default -> throw new IllegalStateException("no handler is called " + kind);
        }
    }
}
