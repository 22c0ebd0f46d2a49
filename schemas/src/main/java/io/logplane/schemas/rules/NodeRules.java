package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Nodes. They register themselves with their status, so creation keeps it.
public final class NodeRules implements SpecRules {
    private static final List<String> INFO = List.of("machineID", "systemUUID", "bootID", "kernelVersion", "osImage",
            "containerRuntimeVersion", "kubeletVersion", "kubeProxyVersion", "operatingSystem", "architecture");

    @Override
    public void applyDefaults(ObjectNode object) {
        podRanges(Tree.object(object, "spec"));
        ObjectNode status = Tree.object(object, "status");
        for (String list : List.of("capacity", "allocatable")) {
            if (status.path(list) instanceof ObjectNode amounts) {
                QuantityDefaults.canonical(amounts);
            }
        }
        if (!status.path("capacity").isEmpty() && status.path("allocatable").isEmpty()) {
            status.set("allocatable", status.path("capacity").deepCopy());
        }
        ObjectNode endpoint = Tree.object(Tree.object(status, "daemonEndpoints"), "kubeletEndpoint");
        Tree.setDefault(endpoint, "Port", 0);
        ObjectNode info = Tree.object(status, "nodeInfo");
        for (String field : INFO) {
            if (!info.has(field)) {
                info.put(field, "");
            }
        }
    }

    @Override
    public void prepareForCreate(ObjectNode object) {
        // A node's first status comes with it.
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        Problems problems = new Problems();
        taints(object.path("spec"), problems);
        for (String list : List.of("capacity", "allocatable")) {
            ResourceRules.amounts(object.path("status").path(list), "status." + list, problems);
        }
        List<String> ranges = Tree.texts(object, "spec.podCIDRs");
        if (ranges.size() > 2) {
            problems.invalid("spec.podCIDRs", Tree.at(object, "spec.podCIDRs"),
                    "may specify no more than one CIDR for each IP family");
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        if (!Tree.text(old, "spec.providerID").isEmpty()
                && !Tree.text(old, "spec.providerID").equals(Tree.text(object, "spec.providerID"))) {
            problems.forbidden("spec.providerID", "node updates may not change providerID except from \"\" to valid");
        }
        JsonNode before = Tree.at(old, "spec.podCIDRs");
        if (!before.isEmpty() && !before.equals(Tree.at(object, "spec.podCIDRs"))) {
            problems.forbidden("spec.podCIDRs", "node updates may not change podCIDR except from \"\" to valid");
        }
        return problems.list();
    }

    @Override
    public boolean hasGeneration() {
        return false;
    }

    /// `podCIDR` is the first of `podCIDRs`; who sets one gets both.
    private static void podRanges(ObjectNode spec) {
        String single = Tree.text(spec, "podCIDR");
        List<String> all = Tree.texts(spec, "podCIDRs");
        if (single.isEmpty() && !all.isEmpty()) {
            spec.put("podCIDR", all.getFirst());
        } else if (!single.isEmpty() && (all.isEmpty() || !all.getFirst().equals(single))) {
            spec.putArray("podCIDRs").add(single);
        }
    }

    private static void taints(JsonNode spec, Problems problems) {
        Set<String> seen = new HashSet<>();
        List<ObjectNode> taints = Tree.objects(spec, "taints");
        for (int i = 0; i < taints.size(); i++) {
            String at = "spec.taints[" + i + "]";
            ObjectNode taint = taints.get(i);
            String key = Tree.text(taint, "key");
            problems.format(NameFormat.QUALIFIED, at + ".key", key);
            problems.format(NameFormat.LABEL_VALUE, at + ".value", Tree.text(taint, "value"));
            problems.oneOf(taint, at, "effect", "NoSchedule", "PreferNoSchedule", "NoExecute");
            if (!seen.add(key + ":" + Tree.text(taint, "effect"))) {
                problems.duplicate(at + ".key", key);
            }
        }
    }
}
