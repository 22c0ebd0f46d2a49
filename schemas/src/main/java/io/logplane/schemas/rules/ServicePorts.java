package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The ports of a Service, in the cluster and on every node.
final class ServicePorts {
    private static final String[] PROTOCOLS = {"SCTP", "TCP", "UDP"};

    private ServicePorts() {
    }

    /// True when a Service of this kind has ports on nodes.
    static boolean onNodes(JsonNode spec) {
        return Set.of("NodePort", "LoadBalancer").contains(Tree.text(spec, "type"));
    }

    static Set<Long> nodePorts(JsonNode spec) {
        Set<Long> all = new HashSet<>();
        for (ObjectNode port : Tree.objects(spec, "ports")) {
            all.add(Tree.number(port, "nodePort"));
        }
        all.remove(0L);
        return all;
    }

    /// A port that says no number keeps the one that a port of this name had.
    static void keep(ObjectNode spec, ObjectNode old) {
        if (!onNodes(spec) || !onNodes(old)) {
            return;
        }
        Set<Long> used = nodePorts(old);
        used.retainAll(nodePorts(spec));
        Map<String, Long> before = new HashMap<>();
        Tree.objects(old, "ports").forEach(p -> before.put(Tree.text(p, "name"), Tree.number(p, "nodePort")));
        for (ObjectNode port : Tree.objects(spec, "ports")) {
            long known = before.getOrDefault(Tree.text(port, "name"), 0L);
            if (Tree.number(port, "nodePort") == 0 && known != 0 && !used.contains(known)) {
                Tree.put(port, "nodePort", known);
            }
        }
    }

    /// Ports that no node can have.
    static void allocation(JsonNode spec, JsonNode old, Problems problems) {
        Set<Long> before = nodePorts(old);
        List<ObjectNode> ports = Tree.objects(spec, "ports");
        for (int i = 0; i < ports.size() && onNodes(spec) && problems.isEmpty(); i++) {
            long number = Tree.number(ports.get(i), "nodePort");
            boolean fits = number >= ServiceRules.FIRST_NODE_PORT && number <= ServiceRules.LAST_NODE_PORT;
            if (number != 0 && !fits && !before.contains(number)) {
                problems.invalid("spec.ports[" + i + "].nodePort", number,
                        "provided port is not in the valid range. The range of valid ports is "
                                + ServiceRules.FIRST_NODE_PORT + "-" + ServiceRules.LAST_NODE_PORT);
            }
        }
    }

    static void validate(JsonNode spec, Problems problems) {
        List<ObjectNode> ports = Tree.objects(spec, "ports");
        Set<String> names = new HashSet<>();
        for (int i = 0; i < ports.size(); i++) {
            ObjectNode port = ports.get(i);
            String at = "spec.ports[" + i + "]";
            String name = Tree.text(port, "name");
            if (name.isEmpty() && ports.size() > 1) {
                problems.required(at + ".name");
            } else if (!name.isEmpty()) {
                problems.format(NameFormat.LABEL, at + ".name", name);
                if (!names.add(name)) {
                    problems.duplicate(at + ".name", name);
                }
            }
            problems.portNumber(at + ".port", Tree.number(port, "port"));
            problems.oneOf(port, at, "protocol", PROTOCOLS);
            problems.port(at + ".targetPort", port.path("targetPort"));
            if (Tree.has(port, "appProtocol")) {
                problems.format(NameFormat.QUALIFIED, at + ".appProtocol", Tree.text(port, "appProtocol"));
            }
        }
    }

    /// After the type is known to be one: ports on nodes, and what may be there only once.
    static void validateNumbers(JsonNode spec, Problems problems) {
        List<ObjectNode> ports = Tree.objects(spec, "ports");
        for (int i = 0; i < ports.size() && Tree.text(spec, "type").equals("ClusterIP"); i++) {
            if (Tree.number(ports.get(i), "nodePort") != 0) {
                problems.forbidden("spec.ports[" + i + "].nodePort", "may not be used when `type` is 'ClusterIP'");
            }
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < ports.size(); i++) {
            long number = Tree.number(ports.get(i), "nodePort");
            if (number != 0 && !seen.add(Tree.text(ports.get(i), "protocol") + "/" + number)) {
                problems.add(FieldError.duplicate("spec.ports[" + i + "].nodePort", Long.toString(number)));
            }
        }
        seen.clear();
        for (int i = 0; i < ports.size(); i++) {
            ObjectNode port = ports.get(i);
            if (!seen.add(Tree.text(port, "protocol") + "/" + Tree.number(port, "port"))) {
                problems.duplicate("spec.ports[" + i + "]", twin(port));
            }
        }
    }

    /// The part of a port that may be there once, as upstream shows it.
    private static ObjectNode twin(ObjectNode port) {
        return GoStruct.struct(port.deepCopy().retain("protocol", "port"), "ServicePort");
    }
}
