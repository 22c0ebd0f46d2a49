package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What the scheduler says of the claim it made for a pod that asks for devices by resource name.
///
/// Source: KEP-5004; validation of pods/status in kube-apiserver 1.36.
final class ExtendedClaimRules {

    private ExtendedClaimRules() {
    }

    static void status(JsonNode pod, Problems problems) {
        JsonNode status = Tree.at(pod, "status.extendedResourceClaimStatus");
        String path = "status.extendedResourceClaimStatus";
        if (!status.isObject()) {
            return;
        }
        List<ObjectNode> mappings = Tree.objects(status, "requestMappings");
        if (mappings.isEmpty()) {
            problems.required(path + ".requestMappings", "at least one request mapping is required");
        }
        Set<List<String>> seen = new HashSet<>();
        for (int i = 0; i < mappings.size(); i++) {
            String at = path + ".requestMappings[" + i + "]";
            String request = Tree.text(mappings.get(i), "requestName");
            mapping(pod, mappings.get(i), at, problems);
            problems.format(NameFormat.LABEL, path + ".requestName", request);
            if (!seen.add(List.of(Tree.text(mappings.get(i), "containerName"), Tree.text(mappings.get(i),
                    "resourceName"), request))) {
                for (String field : List.of("containerName", "resourceName", "requestName")) {
                    problems.duplicate(at + "." + field, Tree.text(mappings.get(i), field));
                }
            }
        }
        if (problems.requireText(status, path, "resourceClaimName")) {
            problems.format(NameFormat.SUBDOMAIN, path + ".resourceClaimName", Tree.text(status, "resourceClaimName"));
        }
    }

    private static void mapping(JsonNode pod, ObjectNode mapping, String path, Problems problems) {
        String name = Tree.text(mapping, "containerName");
        String resource = Tree.text(mapping, "resourceName");
        Optional<ObjectNode> container = Stream.of("spec.initContainers", "spec.containers")
                .flatMap(list -> Tree.objects(pod, list).stream()).filter(one -> Tree.text(one, "name").equals(name))
                .reduce((first, last) -> last);
        if (container.isEmpty()) {
            problems.invalid(path + ".containerName", name,
                    "must match the name of an entry in spec.initContainers.name or spec.containers.name");
        } else if (!container.get().path("resources").path("requests").has(resource)) {
            problems.invalid(path + ".resourceName", resource, "must match the extended resource name of an entry in "
                    + "spec.initContainers.resources.requests or spec.containers.resources.requests");
        }
    }
}
