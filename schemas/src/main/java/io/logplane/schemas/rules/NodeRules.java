package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.IpAddresses;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Tree;
import java.util.List;
import java.util.stream.IntStream;

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
    public List<FieldError> validateCreate(ObjectNode object) {
        Problems problems = new Problems();
        whole(object, List.of(), problems);
        return problems.list();
    }

    /// Upstream checks the node as if it were new, then again as an update; clients see some causes twice.
    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        whole(object, Tree.texts(old, "spec.podCIDRs"), problems);
        changed(object, old, problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateSubresource(String subresource, ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        changed(object, old, problems);
        return problems.list();
    }

    private static void whole(ObjectNode object, List<String> known, Problems problems) {
        NodeParts.taints(object.path("spec").path("taints"), "metadata.taints", problems);
        NodeParts.amounts(object.path("status"), problems);
        ranges(Tree.texts(object, "spec.podCIDRs"), known, problems);
    }

    private static void changed(ObjectNode object, ObjectNode old, Problems problems) {
        NodeParts.amounts(object.path("status"), problems);
        NodeParts.addresses(object.path("status"), problems);
        List<String> before = Tree.texts(old, "spec.podCIDRs");
        List<String> now = Tree.texts(object, "spec.podCIDRs");
        long moved = before.isEmpty() || now.size() != before.size()
                ? Math.min(before.size(), 1)
                : IntStream.range(0, before.size()).filter(i -> !now.get(i).equals(before.get(i))).count();
        for (int i = 0; i < moved; i++) {
            problems.forbidden("spec.podCIDRs", "node updates may not change podCIDR except from \"\" to valid");
        }
        if (!Tree.text(old, "spec.providerID").isEmpty()
                && !Tree.text(old, "spec.providerID").equals(Tree.text(object, "spec.providerID"))) {
            problems.forbidden("spec.providerID", "node updates may not change providerID except from \"\" to valid");
        }
        NodeParts.configuration(object, problems);
        NodeParts.taints(object.path("spec").path("taints"), "metadata.taints", problems);
        if (!Tree.text(old, "spec.externalID").equals(Tree.text(object, "spec.externalID"))) {
            problems.forbidden("spec.externalID", "may not be updated");
        }
    }

    private static void ranges(List<String> ranges, List<String> known, Problems problems) {
        String path = "spec.podCIDRs";
        for (int i = 0; i < ranges.size(); i++) {
            IpFields.range(path + "[" + i + "]", ranges.get(i), known, problems);
        }
        if (ranges.size() < 2) {
            return;
        }
        boolean parsed = true;
        for (int i = 0; parsed && i < ranges.size(); i++) {
            parsed = IpAddresses.isLooseRange(ranges.get(i));
            if (!parsed) {
                problems.internal(path, "invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR["
                        + i + "]: <nil> (invalid CIDR address: " + ranges.get(i) + ")");
            }
        }
        boolean both = ranges.stream().anyMatch(range -> range.contains(":"))
                && !ranges.stream().allMatch(range -> range.contains(":"));
        if (!parsed || !both || ranges.size() > 2) {
            ArrayNode shown = Json.MAPPER.valueToTree(ranges);
            problems.invalid(path, shown, "may specify no more than one CIDR for each IP family");
        }
        for (int i = 0; i < ranges.size(); i++) {
            if (ranges.indexOf(ranges.get(i)) < i) {
                problems.duplicate(path + "[" + i + "]", ranges.get(i));
            }
        }
    }

    @Override
    public List<String> warnings(ObjectNode object) {
        Warnings warnings = new Warnings();
        warnings.ifSet(object.path("spec"), "spec", "configSource", "the feature is removed");
        if (!Tree.text(object, "spec.externalID").isEmpty()) {
            warnings.add("spec.externalID", "this field is deprecated, and is unused by Kubernetes");
        }
        return warnings.list();
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
}
