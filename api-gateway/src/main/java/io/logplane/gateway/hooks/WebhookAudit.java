package io.logplane.gateway.hooks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.AdmissionRequest;
import io.logplane.schemas.model.Json;
import java.nio.charset.StandardCharsets;

/// What the audit record says of the webhooks a request was shown to, beside what they say themselves.
///
/// | key | value |
/// |---|---|
/// | `mutation.webhook.admission.k8s.io/round_R_index_I` | which one, and whether it changed the object |
/// | `patch.webhook.admission.k8s.io/round_R_index_I` | its patch, where the policy wants bodies of requests |
/// | `failed-open.KIND.webhook.admission.k8s.io/round_R_index_I` | the name of one that failed and was passed over |
///
/// Shape: `R` is 0, or 1 for the second pass; `I` its place among the webhooks of its kind.
/// Source: k8s.io/apiserver/pkg/admission/plugin/webhook.
final class WebhookAudit {
    private WebhookAudit() {
    }

    /// Where a call stands.
    record Place(int round, int index) {
        private String key(String kind) {
            return kind + ".webhook.admission.k8s.io/round_" + round + "_index_" + index;
        }
    }

    static void answered(AdmissionRequest request, Webhook hook, Place place, boolean changed) {
        ObjectNode said = of(hook);
        said.put("mutated", changed);
        request.annotate(place.key("mutation"), said.toString());
    }

    static void patched(AdmissionRequest request, Webhook hook, Place place, byte[] patch) {
        if (request.holdsBodies()) {
            ObjectNode said = of(hook);
            said.putRawValue("patch", new com.fasterxml.jackson.databind.util.RawValue(new String(patch,
                    StandardCharsets.UTF_8)));
            said.put("patchType", "JSONPatch");
            request.annotate(place.key("patch"), said.toString());
        }
    }

    static void passedOver(AdmissionRequest request, Webhook hook, Place place, String kind) {
        request.annotate(place.key("failed-open." + kind), hook.name());
    }

    private static ObjectNode of(Webhook hook) {
        return Json.newObject().put("configuration", hook.configuration()).put("webhook", hook.name());
    }
}
