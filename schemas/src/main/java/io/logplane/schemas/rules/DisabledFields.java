package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// Fields of a pod's spec whose features kube-apiserver 1.36 has off unless told otherwise: it drops them in silence.
///
/// Source: dropDisabledFields of pods and the feature gates ClusterTrustBundleProjection, PodCertificateRequest,
/// ContainerStopSignals and GenericWorkload.
final class DisabledFields {

    private DisabledFields() {
    }

    static void drop(ObjectNode spec) {
        spec.remove("schedulingGroup");
        for (ObjectNode volume : Tree.objects(spec, "volumes")) {
            Tree.objects(volume, "projected.sources")
                    .forEach(source -> source.remove(List.of("clusterTrustBundle", "podCertificate")));
        }
        Containers.each(spec, "spec", (container, path) -> {
            if (container.path("lifecycle") instanceof ObjectNode lifecycle) {
                lifecycle.remove("stopSignal");
            }
        });
    }
}
