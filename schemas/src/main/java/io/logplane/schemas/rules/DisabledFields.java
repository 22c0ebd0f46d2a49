package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Fields whose features kube-apiserver 1.36 has off unless told otherwise: it drops them in silence.
///
/// Source: the registry strategies of upstream and the feature gates ClusterTrustBundleProjection,
/// PodCertificateRequest, ContainerStopSignals, GenericWorkload, MaxUnavailableStatefulSet, CoordinatedLeaderElection,
/// VolumeLimitScaling, DRAListTypeAttributes and DRANodeAllocatableResources.
final class DisabledFields {

    private static final List<String> LISTS = List.of("bools", "ints", "strings", "versions");
    private static final String MAPPINGS = "nodeAllocatableResourceMappings";

    private DisabledFields() {
    }

    /// Takes away what the old object has not either. Shape: `old` empty for a new object; `holder` a path.
    static void unlessInUse(ObjectNode object, ObjectNode old, String holder, String... fields) {
        if (Tree.at(object, holder) instanceof ObjectNode part) {
            Arrays.stream(fields).filter(field -> !Tree.has(old, holder + "." + field)).forEach(part::remove);
        }
    }

    /// Of devices that drivers offer.
    static void devices(ObjectNode slice, ObjectNode old) {
        boolean lists = attributes(old).stream().anyMatch(one -> LISTS.stream().anyMatch(one::has));
        boolean mappings = Tree.objects(old, "spec.devices").stream().anyMatch(device -> device.has(MAPPINGS));
        if (!lists) {
            attributes(slice).forEach(one -> one.remove(LISTS));
        }
        if (!mappings) {
            Tree.objects(slice, "spec.devices").forEach(device -> device.remove(MAPPINGS));
        }
    }

    private static List<ObjectNode> attributes(ObjectNode slice) {
        List<ObjectNode> all = new ArrayList<>();
        for (ObjectNode device : Tree.objects(slice, "spec.devices")) {
            for (JsonNode attribute : device.path("attributes")) {
                if (attribute instanceof ObjectNode one) {
                    all.add(one);
                }
            }
        }
        return all;
    }

    /// Of the spec of a pod.
    static void drop(ObjectNode spec) {
        spec.remove("schedulingGroup");
        for (ObjectNode volume : Tree.objects(spec, "volumes")) {
            Tree.objects(volume, "projected.sources")
                    .forEach(source -> source.remove(List.of("clusterTrustBundle", "podCertificate")));
        }
        Containers.each(spec, "spec", (container, path) -> {
            if (container.path("lifecycle") instanceof ObjectNode lifecycle
                    && lifecycle.remove("stopSignal") != null && lifecycle.isEmpty()) {
                container.remove("lifecycle");
            }
        });
    }
}
