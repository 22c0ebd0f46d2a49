package io.logplane.gateway.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.model.Tree;
import io.logplane.state.StoredObject;
import java.util.Optional;

/// A pod's number comes from its priority class, or from the one class that is the default.
///
/// Source: kubernetes/plugin/pkg/admission/priority.
public final class Priority implements Admission.Step {
    private static final String GROUP = "scheduling.k8s.io";
    private static final String CLASSES = "priorityclasses";
    private static final String PREEMPT = "PreemptLowerPriority";
    private static final String COMPUTED = " must not be provided in pod spec; priority admission controller computed ";
    private final Lookup lookup;

    public Priority(Lookup lookup) {
        this.lookup = lookup;
    }

    @Override
    public void admit(AdmissionRequest request) {
        if (!(request.type().group().isEmpty() && request.is("pods") && request.subresource().isEmpty())) {
            return;
        }
        if (!(request.object().get("spec") instanceof ObjectNode spec)) {
            return;
        }
        if (request.operation() == Operation.CREATE) {
            resolve(request, spec);
        } else if (request.operation() == Operation.UPDATE) {
            request.old().map(old -> old.path("spec")).ifPresent(old -> {
                for (String field : new String[]{"priority", "preemptionPolicy"}) {
                    if (!spec.has(field) && old.has(field)) {
                        spec.set(field, old.get(field));
                    }
                }
            });
        }
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (!request.type().group().equals(GROUP) || !request.is(CLASSES) || request.operation() == Operation.DELETE
                || !Tree.flag(request.object(), "globalDefault")) {
            return;
        }
        Optional<ObjectNode> present = standard();
        String name = present.map(found -> Tree.text(found, "metadata.name")).orElse("");
        if (!name.isEmpty() && (request.operation() == Operation.CREATE || !name.equals(request.name()))) {
            throw Refusals.forbidden(request.type(), request.name(), "PriorityClass " + name
                    + " is already marked as default. Only one default can exist");
        }
    }

    private void resolve(AdmissionRequest request, ObjectNode spec) {
        String name = Tree.text(spec, "priorityClassName");
        Optional<ObjectNode> found = name.isEmpty() ? standard() : Optional.of(named(request, name));
        if (name.isEmpty() && found.isPresent()) {
            spec.put("priorityClassName", Tree.text(found.get(), "metadata.name"));
        }
        long value = found.map(one -> Tree.number(one, "value")).orElse(0L);
        String policy = found.map(one -> Tree.text(one, "preemptionPolicy")).filter(text -> !text.isEmpty())
                .orElse(PREEMPT);
        if (Tree.has(spec, "priority") && Tree.number(spec, "priority") != value) {
            throw refused(request, "the integer value of priority (" + Tree.number(spec, "priority") + ")" + COMPUTED
                    + value + " from the given PriorityClass name");
        }
        if (Tree.has(spec, "preemptionPolicy") && !Tree.text(spec, "preemptionPolicy").equals(policy)) {
            throw refused(request, "the string value of PreemptionPolicy (" + Tree.text(spec, "preemptionPolicy") + ")"
                    + COMPUTED + policy + " from the given PriorityClass name");
        }
        Tree.put(spec, "priority", value);
        spec.put("preemptionPolicy", policy);
    }

    private ObjectNode named(AdmissionRequest request, String name) {
        try {
            return lookup.tree(ObjectKey.of(GROUP, CLASSES, "", name)).orElseThrow(() -> missing(request, name));
        } catch (IllegalArgumentException notAName) {
            throw missing(request, name);
        }
    }

    private static Refused missing(AdmissionRequest request, String name) {
        return refused(request, "no PriorityClass with name " + name + " was found");
    }

    private static Refused refused(AdmissionRequest request, String why) {
        return Refusals.forbidden(request.type(), request.name(), why);
    }

    /// Of several defaults the one with the lowest value, as upstream.
    private Optional<ObjectNode> standard() {
        Optional<ObjectNode> lowest = Optional.empty();
        for (StoredObject stored : lookup.list(ObjectKey.prefix(GROUP, CLASSES))) {
            ObjectNode one = Json.object(stored.json());
            if (Tree.flag(one, "globalDefault")
                    && (lowest.isEmpty() || Tree.number(one, "value") < Tree.number(lowest.get(), "value"))) {
                lowest = Optional.of(one);
            }
        }
        return lowest;
    }
}
