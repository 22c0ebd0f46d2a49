package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Parts of a node: taints, amounts, addresses, and where a kubelet's configuration once came from.
///
/// Source: k8s.io/kubernetes/pkg/apis/core/validation (ValidateNode).
final class NodeParts {
    private static final String ONE = "exactly one reference subfield must be non-nil";

    private NodeParts() {
    }

    /// Upstream looks for them in the metadata.
    static void taints(JsonNode taints, String path, Problems problems) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < taints.size(); i++) {
            String at = path + "[" + i + "]";
            JsonNode taint = taints.get(i);
            problems.format(NameFormat.QUALIFIED, at + ".key", Tree.text(taint, "key"));
            List<String> wrong = NameFormat.LABEL_VALUE.errors(Tree.text(taint, "value"));
            if (!wrong.isEmpty()) {
                problems.invalid(at + ".value", Tree.text(taint, "value"), String.join(";", wrong));
            }
            problems.oneOf(taint, at, "effect", "NoSchedule", "PreferNoSchedule", "NoExecute");
            if (!seen.add(Tree.text(taint, "key") + ":" + Tree.text(taint, "effect"))) {
                problems.duplicate(at, GoStruct.of(taint, "Taint"), "taints must be unique by key and effect pair");
            }
        }
    }

    static void amounts(JsonNode status, Problems problems) {
        for (String list : List.of("capacity", "allocatable")) {
            for (Map.Entry<String, JsonNode> amount : status.path(list).properties()) {
                ResourceRules.amount(amount.getKey(), amount.getValue(), "status." + list + "." + amount.getKey(),
                        problems);
            }
        }
    }

    static void addresses(JsonNode status, Problems problems) {
        Set<JsonNode> seen = new HashSet<>();
        JsonNode addresses = status.path("addresses");
        for (int i = 0; i < addresses.size(); i++) {
            JsonNode address = GoStruct.of(addresses.get(i), "NodeAddress");
            if (!seen.add(address)) {
                problems.duplicate("status.addresses[" + i + "]", address);
            }
        }
    }

    /// Nobody uses it any more; what is there is still checked.
    static void configuration(ObjectNode node, Problems problems) {
        source(Tree.at(node, "spec.configSource"), "spec.configSource", false, problems);
        for (String use : List.of("assigned", "active", "lastKnownGood")) {
            source(Tree.at(node, "status.config." + use), "status.config." + use, true, problems);
        }
    }

    private static void source(JsonNode source, String path, boolean reported, Problems problems) {
        JsonNode map = source.path("configMap");
        if (map.isObject()) {
            for (String field : List.of("uid", "resourceVersion")) {
                boolean there = !Tree.text(map, field).isEmpty();
                if (reported && !there) {
                    problems.required(path + ".configMap." + field, field + " must be set in status");
                } else if (!reported && there) {
                    problems.forbidden(path + ".configMap." + field, field + " must not be set in spec");
                }
            }
            named(map, path + ".configMap", "namespace", NameFormat.LABEL, problems);
            named(map, path + ".configMap", "name", NameFormat.SUBDOMAIN, problems);
            named(map, path + ".configMap", "kubeletConfigKey", NameFormat.CONFIG_KEY, problems);
        } else if (source.isObject()) {
            problems.invalid(path, GoStruct.of(source, "NodeConfigSource"), ONE);
        }
    }

    private static void named(JsonNode map, String path, String field, NameFormat format, Problems problems) {
        if (Tree.text(map, field).isEmpty()) {
            problems.required(path + "." + field, field + " must be set");
        } else {
            problems.format(format, path + "." + field, Tree.text(map, field));
        }
    }
}
