package io.logplane.gateway.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Tree;
import io.logplane.state.StoredObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// A claim or an Ingress that names no class gets the one that is marked as the default.
///
/// Source: kubernetes/plugin/pkg/admission/storage/storageclass/setdefault and network/defaultingressclass.
public final class DefaultClasses implements Admission.Step {
    private static final String STORAGE = "storageclass.kubernetes.io/is-default-class";
    private static final String STORAGE_BETA = "storageclass.beta.kubernetes.io/is-default-class";
    private static final String STORAGE_NAME = "volume.beta.kubernetes.io/storage-class";
    private static final String INGRESS = "ingressclass.kubernetes.io/is-default-class";
    private static final String INGRESS_NAME = "kubernetes.io/ingress.class";
    private final Lookup lookup;

    public DefaultClasses(Lookup lookup) {
        this.lookup = lookup;
    }

    @Override
    public void admit(AdmissionRequest request) {
        if (!(request.object().get("spec") instanceof ObjectNode spec)) {
            return;
        }
        if (request.creates("persistentvolumeclaims") && request.type().group().isEmpty()) {
            if (!spec.has("storageClassName") && !annotated(request.object(), STORAGE_NAME)) {
                newest(marked("storage.k8s.io", "storageclasses", STORAGE, STORAGE_BETA)).ifPresent(
                        name -> spec.put("storageClassName", name));
            }
        } else if (request.creates("ingresses") && request.type().group().equals("networking.k8s.io")) {
            if (!spec.has("ingressClassName") && !annotated(request.object(), INGRESS_NAME)) {
                ingress(request, spec);
            }
        }
    }

    private void ingress(AdmissionRequest request, ObjectNode spec) {
        List<ObjectNode> found = marked("networking.k8s.io", "ingressclasses", INGRESS, INGRESS);
        if (found.isEmpty()) {
            return;
        }
        newest(found).ifPresent(name -> spec.put("ingressClassName", name));
        if (found.size() > 1 && spec.path("ingressClassName").asText().isEmpty()) {
            throw Refusals.forbidden(request.type(), request.name(), found.size() + " default IngressClasses found");
        }
    }

    private static boolean annotated(ObjectNode object, String annotation) {
        return object.path("metadata").path("annotations").has(annotation);
    }

    private List<ObjectNode> marked(String group, String plural, String annotation, String older) {
        List<ObjectNode> found = new ArrayList<>();
        for (StoredObject stored : lookup.list(ObjectKey.prefix(group, plural))) {
            ObjectNode one = Json.object(stored.json());
            var annotations = one.path("metadata").path("annotations");
            if (annotations.path(annotation).asText().equals("true") || annotations.path(older).asText().equals(
                    "true")) {
                found.add(one);
            }
        }
        return found;
    }

    /// Of several the newest; of equally old ones the first by name.
    private static Optional<String> newest(List<ObjectNode> classes) {
        return classes.stream().sorted(Comparator.comparing((ObjectNode one) -> Tree.text(one,
                "metadata.creationTimestamp")).reversed().thenComparing(one -> Tree.text(one, "metadata.name")))
                .map(one -> Tree.text(one, "metadata.name")).findFirst();
    }
}
