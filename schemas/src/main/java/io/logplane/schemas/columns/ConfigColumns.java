package io.logplane.schemas.columns;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Column;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Configuration, namespaces, quotas and who may do what.
public final class ConfigColumns {
    public static final List<Column> CONFIG_MAPS = List.of(Columns.name(),
            Columns.numberAsText("Data", o -> (long) o.path("data").size() + o.path("binaryData").size()),
            Columns.age());
    public static final List<Column> SECRETS = List.of(Columns.name(), Columns.path("Type", "type"),
            Columns.numberAsText("Data", o -> (long) o.path("data").size()), Columns.age());
    public static final List<Column> NAMESPACES = List.of(Columns.name(), Columns.path("Status", "status.phase"),
            Columns.age());
    public static final List<Column> QUOTAS = List.of(Columns.name(),
            Columns.text("Request", o -> amounts(o, false)), Columns.text("Limit", o -> amounts(o, true)),
            Columns.age());
    public static final List<Column> BINDINGS = List.of(Columns.name(),
            Columns.text("Role", o -> Tree.text(o, "roleRef.kind") + "/" + Tree.text(o, "roleRef.name")),
            Columns.age(), Columns.wide("Users", o -> subjects(o, "User")),
            Columns.wide("Groups", o -> subjects(o, "Group")),
            Columns.wide("ServiceAccounts", o -> subjects(o, "ServiceAccount")));
    public static final List<Column> COMPONENTS = List.of(Columns.name(),
            Columns.text("Status", o -> o.path("conditions").isEmpty()
                    ? "Unknown"
                    : PodColumns.isTrue(o, "Healthy") ? "Healthy" : "Unhealthy"),
            Columns.text("Message", o -> Columns.joined(o, "conditions", "message")),
            Columns.text("Error", o -> Columns.joined(o, "conditions", "error")));

    private ConfigColumns() {
    }

    /// `cpu: 1/2, pods: 0/10`: used of allowed.
    private static String amounts(ObjectNode quota, boolean limits) {
        TreeMap<String, String> sorted = new TreeMap<>();
        JsonNode used = Tree.at(quota, "status.used");
        for (Map.Entry<String, JsonNode> hard : Tree.at(quota, "status.hard").properties()) {
            if (hard.getKey().startsWith("limits.") == limits) {
                sorted.put(hard.getKey(), used.path(hard.getKey()).asText("0") + "/" + hard.getValue().asText());
            }
        }
        return sorted.entrySet().stream().map(e -> e.getKey() + ": " + e.getValue()).collect(Collectors.joining(", "));
    }

    private static String subjects(ObjectNode binding, String kind) {
        return Tree.objects(binding, "subjects").stream().filter(s -> Tree.text(s, "kind").equals(kind))
                .map(s -> kind.equals("ServiceAccount")
                        ? Tree.text(s, "namespace") + "/" + Tree.text(s, "name")
                        : Tree.text(s, "name"))
                .collect(Collectors.joining(", "));
    }
}
