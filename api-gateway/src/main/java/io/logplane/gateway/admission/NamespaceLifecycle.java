package io.logplane.gateway.admission;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Refusal;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.topics.Topics;
import io.logplane.state.StoredObject;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/// Nothing is created in a namespace that is not there or is going; the first namespaces are never deleted.
///
/// The namespace's revision goes into the read set, so a create that races with the deletion of its namespace is
/// refused by the log.
/// Source: k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle.
public final class NamespaceLifecycle implements Admission.Step {
    private static final Set<String> IMMORTAL = Set.of("default", "kube-system", "kube-public");
    private static final String GOING = "deletionTimestamp";
    private final Lookup lookup;

    public NamespaceLifecycle(Lookup lookup) {
        this.lookup = lookup;
    }

    @Override
    public void admit(AdmissionRequest request) {
        boolean namespace = request.type().group().isEmpty() && request.is("namespaces");
        if (namespace && request.operation() == Operation.DELETE && IMMORTAL.contains(request.name())) {
            throw Refusals.forbidden(request.type(), request.name(), "this namespace may not be deleted");
        }
        if (namespace && request.creates("namespaces")) {
            born(request.object());
        }
        if (namespace && request.operation() == Operation.UPDATE) {
            label(request.object());
        }
        if (request.type().namespaced() && request.operation() == Operation.CREATE) {
            inNamespace(request);
        }
    }

    private static void born(ObjectNode namespace) {
        label(namespace);
        ObjectNode spec = namespace.path("spec") instanceof ObjectNode found ? found : namespace.putObject("spec");
        ArrayNode finalizers = spec.path("finalizers") instanceof ArrayNode found ? found : spec.putArray("finalizers");
        for (var finalizer : finalizers) {
            if (finalizer.asText().equals("kubernetes")) {
                return;
            }
        }
        finalizers.add("kubernetes");
    }

    private static void label(ObjectNode namespace) {
        ObjectNode metadata = (ObjectNode) namespace.path("metadata");
        ObjectNode labels = metadata.path("labels") instanceof ObjectNode found ? found : metadata.putObject("labels");
        labels.put("kubernetes.io/metadata.name", metadata.path("name").asText());
    }

    private void inNamespace(AdmissionRequest request) {
        ObjectKey key;
        try {
            key = ObjectKey.of("", "namespaces", "", request.namespace());
        } catch (IllegalArgumentException notAName) {
            throw Refusals.notFound("", "namespaces", request.namespace());
        }
        Optional<StoredObject> found = lookup.find(key);
        if (found.isEmpty()) {
            throw Refusals.notFound("", "namespaces", request.namespace());
        }
        if (Topics.logOf(request.type().group(), request.type().plural()) == Topics.REGISTRY) {
            request.dependsOn(found.get());
        }
        if (going(found.get().json())) {
            Refused refused = Refusals.forbidden(request.type(), request.name(),
                    "unable to create new content in namespace " + request.namespace()
                            + " because it is being terminated");
            throw Refusals.withCause(refused, new Refusal.Cause("NamespaceTerminating", "namespace "
                    + request.namespace() + " is being terminated", "metadata.namespace"));
        }
    }

    /// Reads the object only when the word occurs in it at all: nearly always it does not, and every create asks.
    private static boolean going(byte[] namespace) {
        return new String(namespace, StandardCharsets.ISO_8859_1).contains(GOING) && Json.object(namespace).path(
                "metadata").has(GOING);
    }
}
