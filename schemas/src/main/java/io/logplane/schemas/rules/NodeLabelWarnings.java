package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Labels of nodes that have other names by now, where something asks for them.
///
/// Source: warnings of kube-apiserver 1.36.
final class NodeLabelWarnings {
    private static final String ZONES = "topology.kubernetes.io/";
    private static final Map<String, NewName> NEW_NAMES = Map.of(
            "beta.kubernetes.io/arch", new NewName("v1.14", "kubernetes.io/arch"),
            "beta.kubernetes.io/os", new NewName("v1.14", "kubernetes.io/os"),
            "beta.kubernetes.io/instance-type", new NewName("v1.17", "node.kubernetes.io/instance-type"),
            "failure-domain.beta.kubernetes.io/region", new NewName("v1.17", ZONES + "region"),
            "failure-domain.beta.kubernetes.io/zone", new NewName("v1.17", ZONES + "zone"));

    private record NewName(String since, String label) {
        String text() {
            return "deprecated since " + since + "; use " + Problems.quoted(label) + " instead";
        }
    }

    private NodeLabelWarnings() {
    }

    /// Nodes that have all of these labels.
    static void labels(JsonNode labels, String path, Warnings warnings) {
        labels.properties().forEach(label -> of(label.getKey()).ifPresent(
                text -> warnings.add(path + "[" + label.getKey() + "]", text)));
    }

    static void key(JsonNode holder, String path, String field, Warnings warnings) {
        String key = Tree.text(holder, field);
        of(key).ifPresent(text -> warnings.add(path + "." + field, key + " is " + text));
    }

    /// Nodes wanted, and in a preference values that no node can have.
    static void terms(JsonNode terms, String path, Warnings warnings) {
        for (int i = 0; i < terms.size(); i++) {
            term(terms.path(i), path + "[" + i + "]", false, warnings);
        }
    }

    static void term(JsonNode term, String path, boolean values, Warnings warnings) {
        List<ObjectNode> expressions = Tree.objects(term, "matchExpressions");
        for (int i = 0; i < expressions.size(); i++) {
            String at = path + ".matchExpressions[" + i + "]";
            key(expressions.get(i), at, "key", warnings);
            List<String> wanted = values ? Tree.texts(expressions.get(i), "values") : List.of();
            for (int v = 0; v < wanted.size(); v++) {
                for (String wrong : NameFormat.LABEL_VALUE.errors(wanted.get(v))) {
                    warnings.add(at + ".values[" + v + "]", wanted.get(v) + " is invalid, " + wrong);
                }
            }
        }
    }

    /// Of a StorageClass.
    static List<String> topologies(ObjectNode object) {
        Warnings warnings = new Warnings();
        List<ObjectNode> terms = Tree.objects(object, "allowedTopologies");
        for (int i = 0; i < terms.size(); i++) {
            List<ObjectNode> expressions = Tree.objects(terms.get(i), "matchLabelExpressions");
            for (int e = 0; e < expressions.size(); e++) {
                String at = "allowedTopologies[" + i + "].matchLabelExpressions[" + e + "].key";
                of(Tree.text(expressions.get(e), "key")).ifPresent(text -> warnings.add(at, text));
            }
        }
        return warnings.list();
    }

    /// Of a CSIStorageCapacity.
    static List<String> capacity(ObjectNode object) {
        Warnings warnings = new Warnings();
        term(object.path("nodeTopology"), "nodeTopology", false, warnings);
        object.path("nodeTopology").path("matchLabels").properties().forEach(label -> of(label.getKey()).ifPresent(
                text -> warnings.add("nodeTopology.matchLabels." + label.getKey(), text)));
        return warnings.list();
    }

    /// What a label is called by now; empty: as ever.
    static Optional<String> newName(String label) {
        return Optional.ofNullable(NEW_NAMES.get(label)).map(NewName::label);
    }

    private static Optional<String> of(String label) {
        return Optional.ofNullable(NEW_NAMES.get(label)).map(NewName::text);
    }
}
