package io.logplane.gateway.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.hooks.WebhookClient.CallFailed;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Refusal;
import io.logplane.schemas.model.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/// AdmissionReview v1: how a webhook is asked and what its answers mean.
///
/// Source: k8s.io/api/admission/v1; k8s.io/apiserver/pkg/admission/plugin/webhook (request, errors).
final class Reviews {
    private static final String VERSION = "admission.k8s.io/v1";

    private Reviews() {
    }

    /// An answer that may be used. Shape: `patch` is empty when nothing is to be changed.
    record Answer(boolean allowed, JsonNode status, Optional<byte[]> patch) {
    }

    /// Asks; warnings go to the client whatever the answer.
    ///
    /// Errors: [CallFailed].
    static Answer ask(Webhook hook, HookRequest request) {
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
        review.put("apiVersion", VERSION);
        review.set("request", described);
        ObjectNode answer = hook.client().call(review);
        JsonNode response = answer.path("response");
        check(answer, response, uid);
        response.path("warnings").forEach(warning -> request.admission().warn(warning.asText()));
        response.path("auditAnnotations").properties().forEach(said -> request.admission().annotate(hook.name() + "/"
                + said.getKey(), said.getValue().asText()));
        return new Answer(response.path("allowed").asBoolean(), response.path("status"), patch(response));
    }

    private static void check(ObjectNode answer, JsonNode response, String uid) {
        String version = answer.path("apiVersion").asText();
        if (!version.equals(VERSION) || !answer.path("kind").asText().equals("AdmissionReview")) {
            throw new CallFailed("received invalid webhook response: expected webhook response of " + VERSION
                    + ", Kind=AdmissionReview, got " + version + ", Kind=" + answer.path("kind").asText());
        }
        if (!response.isObject()) {
            throw new CallFailed("received invalid webhook response: webhook response was absent");
        }
        if (!response.path("uid").asText().equals(uid)) {
            throw new CallFailed("received invalid webhook response: expected response.uid=" + Refusals.quoted(uid)
                    + ", got " + Refusals.quoted(response.path("uid").asText()));
        }
    }

    private static Optional<byte[]> patch(JsonNode response) {
        String type = response.path("patchType").asText();
        boolean has = response.hasNonNull("patch") && !response.path("patch").asText().isEmpty();
        if (!has) {
            if (!type.isEmpty()) {
                throw new CallFailed("received invalid webhook response: webhook returned response.patchType but not "
                        + "response.patch");
            }
            return Optional.empty();
        }
        if (!type.equals("JSONPatch")) {
            throw new CallFailed(type.isEmpty()
                    ? "received invalid webhook response: webhook returned response.patch but not response.patchType"
                    : "received invalid webhook response: unsupported patch type " + Refusals.quoted(type));
        }
        try {
            return Optional.of(java.util.Base64.getDecoder().decode(response.path("patch").asText()));
        } catch (IllegalArgumentException notBase64) {
            throw new CallFailed("received invalid webhook response: " + notBase64.getMessage());
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
