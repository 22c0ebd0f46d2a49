package io.logplane.gateway.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.outbound.WebhookClient;
import io.logplane.gateway.outbound.WebhookClient.CallFailed;
import io.logplane.gateway.request.Refusals;
import io.logplane.representation.decode.Malformed;
import io.logplane.representation.decode.Untyped;
import io.logplane.representation.decode.YamlJson;
import io.logplane.schemas.model.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The body of a webhook's answer, read as the AdmissionReview it should be.
///
/// Shape: members are what they should be or absent; null is absent; members nobody knows stay.
/// Errors: [CallFailed] in the words of upstream's decoder.
/// Source: k8s.io/api/admission (v1, v1beta1); k8s.io/apimachinery/pkg/runtime/serializer/json.
final class ReviewAnswer {
    private static final byte[] PROTOBUF = {'k', '8', 's', 0};
    private static final String GROUP = "admission.k8s.io/";
    private static final String FAILED = "failed to call webhook: ";
    private static final String KIND_ONLY = "couldn't get version/kind; json parse error: ";
    private static final String TYPE_META = "struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; "
            + "Kind string \"json:\\\"kind,omitempty\\\"\" }";
    private static final String SCHEME = "k8s.io/apiserver/pkg/util/webhook/client.go:71";
    private static final Map<String, JsonNodeType> TYPES = Map.of("string", JsonNodeType.STRING, "bool",
            JsonNodeType.BOOLEAN);

    /// A member of the response. Shape: `json` is how JSON calls its type, `go` how Go does.
    private record Member(String name, String json, String go) {
    }

    private static final List<Member> MEMBERS = List.of(new Member("uid", "string", "types.UID"), new Member("allowed",
            "bool", "bool"), new Member("status", "object", "v1.Status"), new Member("patch", "string", "[]uint8"),
            new Member("patchType", "string", "%s.PatchType"), new Member("auditAnnotations", "object",
                    "map[string]string"),
            new Member("warnings", "array", "[]string"));

    private ReviewAnswer() {
    }

    /// Shape: `version` is that of the review which was sent.
    static ObjectNode read(byte[] body, String version) {
        if (body.length == 0) {
            throw failed("0-length response with status code: 200 and content type: application/json");
        }
        JsonNode read = tree(body);
        if (!read.isObject() && !read.isNull()) {
            throw failed(KIND_ONLY + "json: cannot unmarshal " + Untyped.kind(read) + " into Go value of type "
                    + TYPE_META);
        }
        ObjectNode review = read instanceof ObjectNode object ? object : Json.newObject();
        kind(review, version);
        response(review, version);
        return review;
    }

    /// Upstream's decoder looks at the body, not at its type. What begins like protobuf holds nothing it knows; what
    /// is no JSON may be YAML.
    private static JsonNode tree(byte[] body) {
        if (body.length >= PROTOBUF.length && Arrays.equals(body, 0, PROTOBUF.length, PROTOBUF, 0, PROTOBUF.length)) {
            return Json.newObject();
        }
        try {
            return Untyped.read(body).node();
        } catch (Malformed malformed) {
            return yaml(body, malformed);
        }
    }

    private static JsonNode yaml(byte[] body, Malformed noJson) {
        String start = new String(body, StandardCharsets.UTF_8).stripLeading();
        if (start.startsWith("{") || start.startsWith("[")) {
            throw failed(KIND_ONLY + noJson.text());
        }
        try {
            return Untyped.read(YamlJson.convert(body).json()).node();
        } catch (Malformed neither) {
            throw failed(KIND_ONLY + noJson.text());
        }
    }

    private static void kind(ObjectNode review, String version) {
        String apiVersion = review.path("apiVersion").asText("");
        String kind = review.path("kind").asText("");
        if (apiVersion.isEmpty() || kind.isEmpty()) {
            return; // taken for the one expected, and looked at once more
        }
        boolean known = kind.equals("AdmissionReview") && Set.of(GROUP + "v1", GROUP + "v1beta1").contains(apiVersion);
        String versionOnly = apiVersion.substring(apiVersion.indexOf('/') + 1);
        if (known && !apiVersion.equals(GROUP + version) || apiVersion.equals("v1") && kind.equals("Status")) {
            throw failed("converting (" + versionOnly + "." + kind + ") to (" + version
                    + ".AdmissionReview): unknown conversion");
        }
        if (!known) {
            throw failed("no kind " + Refusals.quoted(kind) + " is registered for version " + Refusals.quoted(
                    apiVersion) + " in scheme " + Refusals.quoted(SCHEME));
        }
    }

    private static void response(ObjectNode review, String version) {
        JsonNode said = review.path("response");
        if (said.isNull()) {
            review.remove("response");
        } else if (!said.isMissingNode() && !said.isObject()) {
            throw mismatch(said, "AdmissionReview.response", version + ".AdmissionResponse");
        }
        if (!(said instanceof ObjectNode response)) {
            return;
        }
        List<String> nulls = new ArrayList<>();
        response.properties().stream().filter(member -> member.getValue().isNull()).forEach(member -> nulls.add(member
                .getKey()));
        response.remove(nulls);
        MEMBERS.forEach(member -> check(response, member, version));
    }

    private static void check(ObjectNode response, Member member, String version) {
        JsonNode value = response.path(member.name());
        String at = "AdmissionResponse.response." + member.name();
        boolean right = switch (member.json()) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            default -> value.getNodeType() == TYPES.get(member.json());
        };
        if (!value.isMissingNode() && !right) {
            throw mismatch(value, at, member.go().formatted(version));
        }
        if (member.go().endsWith("string") && right) {
            value.valueStream().filter(text -> !text.isTextual() && !text.isNull()).findFirst().ifPresent(text -> {
                throw mismatch(text, at, "string");
            });
        }
        if (member.name().equals("patch") && right) {
            base64(value.textValue());
        }
    }

    private static void base64(String text) {
        try {
            byte[] unused = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException malformed) {
            int at = 0;
            while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || "+/".indexOf(text.charAt(
                    at)) >= 0)) {
                at++;
            }
            throw failed("illegal base64 data at input byte " + at);
        }
    }

    private static CallFailed mismatch(JsonNode value, String field, String type) {
        return failed("json: cannot unmarshal " + Untyped.kind(value) + " into Go struct field " + field + " of type "
                + type);
    }

    private static CallFailed failed(String why) {
        return new CallFailed(FAILED + why);
    }
}
