package io.logplane.gateway.admission;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Quantity;
import io.logplane.schemas.model.Tree;
import java.util.Optional;

/// Claims and volumes in use are not deleted under their users; claims grow only where their class allows it.
///
/// Source: kubernetes/plugin/pkg/admission/storage/storageobjectinuseprotection and persistentvolume/resize.
public final class Volumes implements Admission.Step {
    private static final String CLAIM_FINALIZER = "kubernetes.io/pvc-protection";
    private static final String VOLUME_FINALIZER = "kubernetes.io/pv-protection";
    private static final String STORAGE = "spec.resources.requests.storage";
    private final Lookup lookup;

    public Volumes(Lookup lookup) {
        this.lookup = lookup;
    }

    @Override
    public void admit(AdmissionRequest request) {
        if (!request.type().group().isEmpty()) {
            return;
        }
        if (request.creates("persistentvolumeclaims")) {
            protect(request.object(), CLAIM_FINALIZER);
        } else if (request.creates("persistentvolumes")) {
            protect(request.object(), VOLUME_FINALIZER);
        }
    }

    private static void protect(ObjectNode object, String finalizer) {
        ObjectNode metadata = Tree.object(object, "metadata");
        if (!Tree.texts(metadata, "finalizers").contains(finalizer)) {
            ArrayNode list = metadata.path("finalizers") instanceof ArrayNode there
                    ? there
                    : metadata.putArray("finalizers");
            list.add(finalizer);
        }
    }

    @Override
    public void validate(AdmissionRequest request) {
        boolean claim = request.type().group().isEmpty() && request.is("persistentvolumeclaims")
                && request.subresource().isEmpty() && request.operation() == Operation.UPDATE;
        if (!claim || request.old().isEmpty()) {
            return;
        }
        ObjectNode old = request.old().get();
        Optional<Quantity> before = Quantity.tryParse(Tree.text(old, STORAGE));
        Optional<Quantity> after = Quantity.tryParse(Tree.text(request.object(), STORAGE));
        if (before.isEmpty() || after.isEmpty() || after.get().compareTo(before.get()) <= 0) {
            return;
        }
        if (!Tree.text(old, "status.phase").equals("Bound")) {
            throw Refusals.forbidden(request.type(), request.name(), "Only bound persistent volume claims can be "
                    + "expanded");
        }
        String name = Tree.text(request.object(), "spec.storageClassName");
        boolean grows = !name.isEmpty() && lookup.tree(ObjectKey.of("storage.k8s.io", "storageclasses", "", name))
                .filter(found -> Tree.flag(found, "allowVolumeExpansion")).isPresent();
        if (!grows) {
            throw Refusals.forbidden(request.type(), request.name(), "only dynamically provisioned pvc can be resized "
                    + "and the storageclass that provisions the pvc must support resize");
        }
    }
}
