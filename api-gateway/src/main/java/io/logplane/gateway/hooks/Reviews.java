package io.logplane.gateway.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.audit.Latencies.Layer;
import io.logplane.gateway.outbound.WebhookClient.CallFailed;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Refusal;
import io.logplane.schemas.model.Refused;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/// AdmissionReview v1 and v1beta1: how a webhook is asked and what its answers mean. Of the older form neither kind nor
/// uid of an answer count, nor the type of its patch.
///
/// Source: k8s.io/api/admission/v1; k8s.io/apiserver/pkg/admission/plugin/webhook (request, errors).
final class Reviews {
    private static final String GROUP = "admission.k8s.io/";
    private static final String V1 = "v1";
    private static final String INVALID = "received invalid webhook response: ";

    private Reviews() {
    }

    /// An answer that may be used. Shape: `patch` is empty when nothing is to be changed; `patchType` "" without.
    record Answer(boolean allowed, JsonNode status, Optional<byte[]> patch, String patchType) {
    }

    /// Asks; warnings go to the client whatever the answer.
    ///
    /// Shape: `mutating` when the webhook may change the object. Errors: [CallFailed].
    static Answer ask(Webhook hook, HookRequest request, boolean mutating) {
        String uid = UUID.randomUUID().toString();
        ObjectNode described = request.describe(uid);
        described.set("object", HookRequest.orNull(request.object()));
        described.set("oldObject", HookRequest.orNull(request.old()));
        ObjectNode options = request.asked().options().deepCopy();
        described.remove("dryRun");
        described.put("dryRun", request.admission().dryRun());
        described.set("options", options.isEmpty() ? null : options); // a connection has none
        ObjectNode review = Json.newObject();
        review.put("kind", "AdmissionReview");
        review.put("apiVersion", GROUP + hook.version());
        review.set("request", described);
        ObjectNode answer = ReviewAnswer.read(posted(hook, request, review, mutating), hook.version());
        JsonNode response = answer.path("response");
        boolean strict = hook.version().equals(V1);
        check(answer, response, uid, strict);
        if (strict) {
            checkPatch(response, mutating);
        }
        response.path("warnings").forEach(warning -> request.admission().warn(warning.asText()));
        response.path("auditAnnotations").properties().forEach(said -> request.admission().annotate(hook.name() + "/"
                + said.getKey(), said.getValue().asText()));
        byte[] patch = mutating ? Base64.getDecoder().decode(response.path("patch").asText()) : new byte[0];
        return new Answer(response.path("allowed").asBoolean(), response.path("status"), patch.length == 0
                ? Optional.empty()
                : Optional.of(patch), strict ? response.path("patchType").asText() : "JSONPatch");
    }

    private static byte[] posted(Webhook hook, HookRequest request, ObjectNode review, boolean mutating) {
        long asked = System.nanoTime();
        try {
            return hook.client().post(review);
        } finally {
            request.admission().took(mutating ? Layer.MUTATING_WEBHOOKS : Layer.VALIDATING_WEBHOOKS, System.nanoTime()
                    - asked);
        }
    }

    private static void check(ObjectNode answer, JsonNode response, String uid, boolean strict) {
        if (!response.isObject()) {
            throw new CallFailed(INVALID + "webhook response was absent");
        }
        if (!strict) {
            return;
        }
        if (!response.path("uid").asText().equals(uid)) {
            throw new CallFailed(INVALID + "expected response.uid=" + Refusals.quoted(uid) + ", got " + Refusals.quoted(
                    response.path("uid").asText()));
        }
        String version = answer.path("apiVersion").asText();
        String kind = answer.path("kind").asText();
        if (!version.equals(GROUP + V1) || !kind.equals("AdmissionReview")) {
            throw new CallFailed(INVALID + "expected webhook response of " + GROUP + V1 + ", Kind=AdmissionReview, got "
                    + (version.contains("/") ? version : "/" + version) + ", Kind=" + kind);
        }
    }

    private static void checkPatch(JsonNode response, boolean mutating) {
        boolean typed = response.has("patchType");
        boolean has = !response.path("patch").asText().isEmpty();
        if (!mutating && (has || typed)) {
            throw new CallFailed(INVALID + "validating webhook may not return response." + (has
                    ? "patch"
                    : "patchType"));
        }
        if (has != typed) {
            throw new CallFailed(INVALID + (has
                    ? "webhook returned response.patch but not response.patchType"
                    : "webhook returned response.patchType but not response.patch"));
        }
        if (typed && response.path("patchType").asText().isEmpty()) {
            throw new CallFailed(INVALID + "webhook returned invalid response.patchType of \"\"");
        }
    }

    /// The refusal a webhook asked for. Shape: never below 400, the reason and details are the webhook's.
    static Refused denied(Webhook hook, JsonNode status) {
        String by = "admission webhook " + Refusals.quoted(hook.name()) + " denied the request";
        String message = status.path("message").asText();
        String reason = status.path("reason").asText();
        int code = Math.max(status.path("code").asInt(), 400);
        String text = !message.isEmpty()
                ? by + ": " + message
                : !reason.isEmpty() ? by + ": " + reason : by + " without explanation";
        return new Refused(new Refusal(code, reason, text, details(status.path("details"))));
    }

    private static Optional<Refusal.Details> details(JsonNode details) {
        if (!details.isObject()) {
            return Optional.empty();
        }
        List<Refusal.Cause> causes = new ArrayList<>();
        for (JsonNode cause : details.path("causes")) {
            causes.add(new Refusal.Cause(cause.path("reason").asText(), cause.path("message").asText(), cause.path(
                    "field").asText()));
        }
        int wait = details.path("retryAfterSeconds").asInt();
        return Optional.of(new Refusal.Details(details.path("name").asText(), details.path("group").asText(), details
                .path("kind").asText(), details.path("uid").asText(), causes,
                wait > 0
                        ? OptionalInt.of(wait)
                        : OptionalInt.empty()));
    }

    /// The refusal when a webhook that must answer did not.
    static Refused failed(Webhook hook, CallFailed why) {
        return Refusals.internal("failed calling webhook " + Refusals.quoted(hook.name()) + ": " + why.getMessage());
    }
}
