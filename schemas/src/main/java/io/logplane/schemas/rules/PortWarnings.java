package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.List;

/// Ports of a pod's containers that get into each other's way.
///
/// Source: warnings of kube-apiserver 1.36.
final class PortWarnings {

    private PortWarnings() {
    }

    private record Port(ObjectNode port, String path) {
        String text(String field) {
            return Tree.text(port, field);
        }

        long number(String field) {
            return Tree.number(port, field);
        }

        boolean hasSame(Port other, String field) {
            return text(field).equals(other.text(field));
        }

        /// As Go prints a struct.
        String shown() {
            return "{Name:" + text("name") + " HostPort:" + number("hostPort") + " ContainerPort:"
                    + number("containerPort") + " Protocol:" + text("protocol") + " HostIP:" + text("hostIP") + "}";
        }
    }

    static void ports(JsonNode spec, String path, Warnings warnings) {
        List<Port> all = new ArrayList<>();
        Containers.each(spec, path, (container, at) -> {
            List<ObjectNode> ports = Tree.objects(container, "ports");
            for (int i = 0; i < ports.size(); i++) {
                Port port = new Port(ports.get(i), at + ".ports[" + i + "]");
                if (!port.text("hostIP").isEmpty() && port.number("hostPort") == 0) {
                    warnings.add(port.path, "hostIP set without hostPort: " + port.shown());
                }
                all.stream().filter(other -> port.hasSame(other, "containerPort") && port.hasSame(other, "protocol"))
                        .forEach(other -> together(port, other, warnings));
                all.stream().filter(other -> !port.text("name").isEmpty() && port.hasSame(other, "name")).findFirst()
                        .ifPresent(first -> warnings.add(port.path, "duplicate port name " + Problems.quoted(port.text(
                                "name")) + " with " + first.path + ", services and probes that select ports by name "
                                + "will use " + first.path));
                all.add(port);
            }
        });
    }

    private static void together(Port port, Port other, Warnings warnings) {
        boolean sameHostPort = port.number("hostPort") == other.number("hostPort");
        if (sameHostPort && port.hasSame(other, "hostIP")) {
            warnings.add(port.path, "duplicate port definition with " + other.path);
        } else if (port.number("hostPort") == 0 || other.number("hostPort") == 0) {
            warnings.add(port.path, "overlapping port definition with " + other.path);
        } else if (sameHostPort && port.text("hostIP").isEmpty() != other.text("hostIP").isEmpty()) {
            warnings.add(port.path, "dangerously ambiguous port definition with " + other.path);
        }
    }
}
