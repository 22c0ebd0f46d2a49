package io.logplane.gateway.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.remote.WebhookServer.CallFailed;
import io.logplane.gateway.request.Refusals;
import io.logplane.representation.decode.Untyped;
import io.logplane.schemas.model.Json;
import java.util.List;

/// The body of a webhook's answer, read as the review it should be. Pure.
///
/// Shape: who says no kind answers with the one that was asked; members nobody knows stay.
/// Errors: [CallFailed] in the words of upstream's decoder.
/// Source: k8s.io/client-go/rest (Result.Into); k8s.io/apimachinery/pkg/runtime/serializer/json.
final class ReviewStatus {
    private static final String SCHEME = "k8s.io/client-go/kubernetes/scheme/register.go:82";
    private static final List<String> VERSIONS = List.of("v1", "v1beta1");
    private static final List<String> OF_TOKENS = List.of("authenticated");
    private static final List<String> OF_ACCESS = List.of("allowed", "denied");

    private ReviewStatus() {
    }

    /// Shape: `code` and `type` of the answer, `asked` the review that was sent.
    static ObjectNode read(int code, String type, byte[] body, ObjectNode asked) {
        if (body.length == 0) {
            throw failed("0-length response with status code: " + code + " and content type: " + (type.isEmpty()
                    ? "application/json"
                    : type));
        }
        ObjectNode review;
        try {
            review = Json.object(body);
        } catch (IllegalArgumentException notJson) {
            throw failed("couldn't get version/kind; json parse error: " + notJson.getMessage());
        }
        kind(review, asked);
        JsonNode status = review.path("status");
        for (String flag : asked.path("kind").asText().equals("TokenReview") ? OF_TOKENS : OF_ACCESS) {
            JsonNode value = status.path(flag);
            if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
                throw failed("json: cannot unmarshal " + Untyped.kind(value) + " into Go struct field " + asked.path(
                        "kind").asText() + "Status.status." + flag + " of type bool");
            }
        }
        return review;
    }

    private static void kind(ObjectNode review, ObjectNode asked) {
        String kind = review.path("kind").asText("");
        String version = review.path("apiVersion").asText("");
        if (kind.isEmpty() || version.isEmpty() || kind.equals(asked.path("kind").asText()) && version.equals(asked
                .path("apiVersion").asText())) {
            return;
        }
        String wanted = asked.path("apiVersion").asText();
        String group = wanted.substring(0, wanted.indexOf('/') + 1);
        String said = version.substring(version.indexOf('/') + 1);
        boolean known = kind.equals(asked.path("kind").asText()) && version.startsWith(group) && VERSIONS.contains(
                said);
        throw failed(known
                ? "converting (" + said + "." + kind + ") to (" + wanted.substring(group.length()) + "." + kind
                        + "): unknown conversion"
                : "no kind " + Refusals.quoted(kind) + " is registered for version " + Refusals.quoted(version)
                        + " in scheme " + Refusals.quoted(SCHEME));
    }

    private static CallFailed failed(String why) {
        return new CallFailed(why, false);
    }
}
