package io.logplane.gateway.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.model.Tree;
import java.util.Map;
import java.util.Optional;

/// A pod of a runtime class gets the class's overhead, node selector and tolerations.
///
/// Source: kubernetes/plugin/pkg/admission/runtimeclass.
public final class RuntimeClasses implements Admission.Step {
    private final Lookup lookup;

    public RuntimeClasses(Lookup lookup) {
        this.lookup = lookup;
    }

    @Override
    public void admit(AdmissionRequest request) {
        if (!request.creates("pods") || !(request.object().get("spec") instanceof ObjectNode spec)) {
            return;
        }
        Optional<ObjectNode> found = named(request, spec);
        if (found.isEmpty()) {
            return;
        }
        JsonNode overhead = Tree.at(found.get(), "overhead.podFixed");
        if (!overhead.isEmpty()) {
            if (!spec.path("overhead").isEmpty() && !spec.path("overhead").equals(overhead)) {
                throw refused(request, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
            }
            spec.set("overhead", overhead.deepCopy());
        }
        schedule(request, spec, found.get().path("scheduling"));
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (!request.creates("pods")) {
            return;
        }
        JsonNode spec = request.object().path("spec");
        Optional<ObjectNode> found = named(request, spec);
        boolean wants = !spec.path("overhead").isEmpty();
        boolean gives = found.filter(one -> !Tree.at(one, "overhead.podFixed").isEmpty()).isPresent();
        if (wants && !gives) {
            throw refused(request, "pod rejected: Pod Overhead set without corresponding RuntimeClass defined "
                    + "Overhead");
        }
    }

    private Optional<ObjectNode> named(AdmissionRequest request, JsonNode spec) {
        String name = Tree.text(spec, "runtimeClassName");
        if (name.isEmpty()) {
            return Optional.empty();
        }
        Optional<ObjectNode> found;
        try {
            found = lookup.tree(ObjectKey.of("node.k8s.io", "runtimeclasses", "", name));
        } catch (IllegalArgumentException notAName) {
            found = Optional.empty();
        }
        return Optional.of(found.orElseThrow(() -> refused(request, "pod rejected: RuntimeClass "
                + Refusals.quoted(name) + " not found")));
    }

    private static void schedule(AdmissionRequest request, ObjectNode spec, JsonNode scheduling) {
        for (Map.Entry<String, JsonNode> label : scheduling.path("nodeSelector").properties()) {
            ObjectNode selector = Tree.object(spec, "nodeSelector");
            String mine = Tree.text(selector, label.getKey());
            boolean conflicts = selector.has(label.getKey()) && !selector.get(label.getKey()).equals(label.getValue());
            if (conflicts) {
                throw refused(request, "conflict: runtimeClass.scheduling.nodeSelector[" + label.getKey() + "] = "
                        + label.getValue().asText() + "; pod.spec.nodeSelector[" + label.getKey() + "] = " + mine);
            }
            selector.set(label.getKey(), label.getValue());
        }
        for (JsonNode toleration : scheduling.path("tolerations")) {
            ArrayNode list = spec.path("tolerations") instanceof ArrayNode have ? have : spec.putArray("tolerations");
            boolean there = false;
            for (JsonNode one : list) {
                there |= one.equals(toleration);
            }
            if (!there) {
                list.add(toleration.deepCopy());
            }
        }
    }

    private static Refused refused(AdmissionRequest request, String why) {
        return Refusals.forbidden(request.type(), request.name(), why);
    }
}
