package io.logplane.gateway.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// A pod's parts as the checks walk them. Shape: `metadata` and `spec` of a pod or of a template.
record PodParts(JsonNode metadata, JsonNode spec) {

    /// Init containers first, then containers, then ephemeral ones, as upstream visits them.
    List<ObjectNode> containers() {
        List<ObjectNode> all = new ArrayList<>(Tree.objects(spec, "initContainers"));
        all.addAll(Tree.objects(spec, "containers"));
        all.addAll(Tree.objects(spec, "ephemeralContainers"));
        return all;
    }

    List<String> named(Predicate<ObjectNode> bad) {
        return containers().stream().filter(bad).map(one -> Tree.text(one, "name")).toList();
    }

    boolean windows() {
        return Tree.text(spec, "os.name").equals("windows");
    }

    /// `container "a"`, `containers "a", "b"`.
    static String containers(List<String> names) {
        return plural("container", names.size()) + " " + quoted(names);
    }

    static String plural(String word, int count) {
        return count == 1 ? word : word + "s";
    }

    static String quoted(List<String> names) {
        return String.join(", ", names.stream().map(name -> "\"" + name + "\"").toList());
    }
}
