package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Quantity;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.List;

/// The quality of service class of a pod: how much of what it may use it has asked for.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/
public final class PodQos {
    private static final List<String> COUNTED = List.of("cpu", "memory");

    private PodQos() {
    }

    /// Shape: `Guaranteed`, `Burstable` or `BestEffort`.
    public static String of(JsonNode spec) {
        List<JsonNode> parts = new ArrayList<>();
        if (!spec.path("resources").isEmpty()) {
            parts.add(spec);
        } else {
            parts.addAll(Tree.objects(spec, "containers"));
            parts.addAll(Tree.objects(spec, "initContainers"));
        }
        boolean any = false;
        boolean guaranteed = true;
        for (JsonNode part : parts) {
            for (String resource : COUNTED) {
                Quantity limit = amount(part, "limits", resource);
                Quantity request = Tree.has(part, "resources.requests." + resource)
                        ? amount(part, "requests", resource)
                        : limit;
                any |= !limit.isZero() || !request.isZero();
                guaranteed &= !limit.isZero() && limit.equals(request);
            }
        }
        if (!any) {
            return "BestEffort";
        }
        return guaranteed ? "Guaranteed" : "Burstable";
    }

    private static Quantity amount(JsonNode part, String list, String resource) {
        return Quantity.tryParse(Tree.text(part, "resources." + list + "." + resource)).orElse(Quantity.ZERO);
    }

    static void setStatus(ObjectNode pod) {
        ObjectNode status = pod.putObject("status");
        status.put("phase", "Pending");
        if (!Tree.objects(pod, "spec.schedulingGates").isEmpty()) {
            ObjectNode condition = status.putArray("conditions").addObject();
            condition.put("type", "PodScheduled");
            condition.put("status", "False");
            condition.put("reason", "SchedulingGated");
            condition.put("message", "Scheduling is blocked due to non-empty scheduling gates");
        }
        status.put("qosClass", of(pod.path("spec")));
    }
}
