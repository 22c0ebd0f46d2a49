package io.logplane.gateway.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.quota.PodAmounts;
import io.logplane.state.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Containers, pods and claims stay within the namespace's LimitRanges; what they leave open is filled in.
///
/// Source: kubernetes/plugin/pkg/admission/limitranger.
public final class LimitRanges implements Admission.Step {
    private static final String ANNOTATION = "kubernetes.io/limit-ranger";
    private final Lookup lookup;

    public LimitRanges(Lookup lookup) {
        this.lookup = lookup;
    }

    @Override
    public void admit(AdmissionRequest request) {
        if (!request.creates("pods") || !request.type().group().isEmpty()) {
            return;
        }
        for (ObjectNode range : ranges(request.namespace())) {
            fill(range, request.object());
        }
    }

    @Override
    public void validate(AdmissionRequest request) {
        boolean core = request.type().group().isEmpty() && request.subresource().isEmpty();
        boolean claim = core && request.is("persistentvolumeclaims") && request.operation() != Operation.DELETE;
        boolean pod = core && request.creates("pods");
        if (!claim && !pod || Tree.has(request.object(), "metadata.deletionTimestamp")) {
            return;
        }
        for (ObjectNode range : ranges(request.namespace())) {
            List<String> wrong = new ArrayList<>();
            for (ObjectNode item : Tree.objects(range, "spec.limits")) {
                if (pod) {
                    pod(item, request.object().path("spec"), wrong);
                } else if (Tree.text(item, "type").equals("PersistentVolumeClaim")) {
                    LimitChecks checks = new LimitChecks("PersistentVolumeClaim", Tree.at(request.object(),
                            "spec.resources.requests"), Json.newObject());
                    checks.min(item.path("min"), wrong);
                    checks.maxRequest(item.path("max"), wrong);
                }
            }
            refuse(request, wrong);
        }
    }

    private static void refuse(AdmissionRequest request, List<String> wrong) {
        List<String> distinct = wrong.stream().distinct().toList();
        if (!distinct.isEmpty()) {
            throw Refusals.forbidden(request.type(), request.name(), distinct.size() == 1
                    ? distinct.getFirst()
                    : "[" + String.join(", ", distinct) + "]");
        }
    }

    private static void pod(ObjectNode item, JsonNode spec, List<String> wrong) {
        String type = Tree.text(item, "type");
        if (type.equals("Container")) {
            List<ObjectNode> containers = new ArrayList<>(Tree.objects(spec, "containers"));
            containers.addAll(Tree.objects(spec, "initContainers"));
            for (ObjectNode container : containers) {
                limit(item, new LimitChecks("Container", Tree.at(container, "resources.requests"), Tree.at(container,
                        "resources.limits")), wrong);
            }
        } else if (type.equals("Pod")) {
            limit(item, new LimitChecks("Pod", PodAmounts.json(PodAmounts.of(spec, "requests")), PodAmounts.json(
                    PodAmounts.of(spec, "limits"))), wrong);
        }
    }

    private static void limit(ObjectNode item, LimitChecks checks, List<String> wrong) {
        checks.min(item.path("min"), wrong);
        checks.max(item.path("max"), wrong);
        checks.ratio(item.path("maxLimitRequestRatio"), wrong);
    }

    private List<ObjectNode> ranges(String namespace) {
        List<ObjectNode> found = new ArrayList<>();
        try {
            for (StoredObject stored : lookup.list(ObjectKey.prefix("", "limitranges", namespace))) {
                found.add(Json.object(stored.json()));
            }
        } catch (IllegalArgumentException notANamespace) {
            return List.of();
        }
        return found;
    }

    private static void fill(ObjectNode range, ObjectNode pod) {
        ObjectNode requests = Json.newObject();
        ObjectNode limits = Json.newObject();
        for (ObjectNode item : Tree.objects(range, "spec.limits")) {
            if (Tree.text(item, "type").equals("Container")) {
                item.path("defaultRequest").properties().forEach(e -> requests.set(e.getKey(), e.getValue()));
                item.path("default").properties().forEach(e -> limits.set(e.getKey(), e.getValue()));
            }
        }
        List<String> said = new ArrayList<>();
        for (ObjectNode container : Tree.objects(pod, "spec.containers")) {
            fill(container, "container", requests, limits, said);
        }
        for (ObjectNode container : Tree.objects(pod, "spec.initContainers")) {
            fill(container, "init container", requests, limits, said);
        }
        if (!said.isEmpty()) {
            Tree.object(Tree.object(pod, "metadata"), "annotations").put(ANNOTATION, "LimitRanger plugin set: "
                    + String.join("; ", said));
        }
    }

    private static void fill(ObjectNode container, String what, ObjectNode requests, ObjectNode limits,
            List<String> said) {
        List<String> setLimits = missing(container, "limits", limits);
        List<String> setRequests = missing(container, "requests", requests);
        String name = Tree.text(container, "name");
        if (!setRequests.isEmpty()) {
            said.add(String.join(", ", setRequests) + " request for " + what + " " + name);
        }
        if (!setLimits.isEmpty()) {
            said.add(String.join(", ", setLimits) + " limit for " + what + " " + name);
        }
    }

    private static List<String> missing(ObjectNode container, String field, ObjectNode defaults) {
        List<String> set = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : defaults.properties()) {
            if (!container.path("resources").path(field).has(entry.getKey())) {
                Tree.object(Tree.object(container, "resources"), field).set(entry.getKey(), entry.getValue());
                set.add(entry.getKey());
            }
        }
        set.sort(null);
        return set;
    }
}
