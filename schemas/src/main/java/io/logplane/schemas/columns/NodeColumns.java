package io.logplane.schemas.columns;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Column;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Nodes.
public final class NodeColumns {
    private static final String ROLE_PREFIX = "node-role.kubernetes.io/";
    public static final List<Column> ALL = List.of(Columns.name(), Columns.text("Status", NodeColumns::status),
            Columns.text("Roles", NodeColumns::roles), Columns.age(),
            Columns.path("Version", "status.nodeInfo.kubeletVersion"),
            Columns.wide("Internal-IP", node -> address(node, "InternalIP")),
            Columns.wide("External-IP", node -> address(node, "ExternalIP")),
            info("OS-Image", "osImage"), info("Kernel-Version", "kernelVersion"),
            info("Container-Runtime", "containerRuntimeVersion"));

    private NodeColumns() {
    }

    private static String status(ObjectNode node) {
        String ready = "Unknown";
        for (ObjectNode condition : Tree.objects(node, "status.conditions")) {
            if (Tree.text(condition, "type").equals("Ready")) {
                ready = Tree.text(condition, "status").equals("True") ? "Ready" : "NotReady";
            }
        }
        return Tree.flag(node, "spec.unschedulable") ? ready + ",SchedulingDisabled" : ready;
    }

    private static String roles(ObjectNode node) {
        TreeSet<String> roles = new TreeSet<>();
        for (Map.Entry<String, JsonNode> label : Tree.at(node, "metadata.labels").properties()) {
            if (label.getKey().startsWith(ROLE_PREFIX) && label.getKey().length() > ROLE_PREFIX.length()) {
                roles.add(label.getKey().substring(ROLE_PREFIX.length()));
            } else if (label.getKey().equals("kubernetes.io/role") && !label.getValue().asText().isEmpty()) {
                roles.add(label.getValue().asText());
            }
        }
        return Columns.orNone(String.join(",", roles));
    }

    private static String address(ObjectNode node, String type) {
        return Tree.objects(node, "status.addresses").stream().filter(a -> Tree.text(a, "type").equals(type))
                .map(a -> Tree.text(a, "address")).findFirst().orElse(Columns.NONE);
    }

    private static Column info(String name, String field) {
        return Columns.wide(name, node -> Columns.orElse(Tree.text(node, "status.nodeInfo." + field),
                Columns.UNKNOWN));
    }
}
