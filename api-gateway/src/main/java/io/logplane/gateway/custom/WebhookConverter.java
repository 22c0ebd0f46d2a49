package io.logplane.gateway.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.extension.types.Converter;
import io.logplane.gateway.admission.Lookup;
import io.logplane.gateway.hooks.WebhookClient;
import io.logplane.gateway.hooks.WebhookClient.CallFailed;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.model.Tree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Asks a webhook to convert objects, a whole list in one call.
///
/// | sent | expected |
/// |---|---|
/// | `request.uid`, `.desiredAPIVersion`, `.objects` | `response.uid` the same, `.result.status` Success, `.convertedObjects` |
///
/// Of what comes back, metadata but for labels and annotations is not taken over.
/// Errors: 500 with upstream's text. Thread: any; blocks for at most [#PATIENCE].
/// Source: k8s.io/apiextensions-apiserver/pkg/apiserver/conversion (webhook_converter).
final class WebhookConverter implements Converter {
    /// Upstream's default; a definition cannot say another.
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String CALL = "failed to call webhook: ";

    private final WebhookClient client;
    private final String reviewVersion;

    private WebhookConverter(WebhookClient client, String reviewVersion) {
        this.client = client;
        this.reviewVersion = reviewVersion;
    }

    /// The converter a definition names.
    static Converter of(ObjectNode definition, Lookup lookup) {
        JsonNode conversion = Tree.at(definition, "spec.conversion");
        if (!Tree.text(conversion, "strategy").equals("Webhook")) {
            return RENAMING;
        }
        String version = Tree.texts(conversion, "webhook.conversionReviewVersions").stream().filter(List.of("v1",
                "v1beta1")::contains).findFirst().orElse("v1");
        return new WebhookConverter(new WebhookClient(Tree.at(conversion, "webhook.clientConfig"), PATIENCE, lookup),
                version);
    }

    @Override
    public List<ObjectNode> convert(List<ObjectNode> objects, String apiVersion) {
        if (objects.isEmpty()) {
            return List.of();
        }
        String about = about(objects.getFirst());
        String uid = UUID.randomUUID().toString();
        ObjectNode answer;
        try {
            answer = client.call(review(objects, apiVersion, uid));
        } catch (CallFailed failed) {
            String why = String.valueOf(failed.getMessage());
            throw failed(about, why.startsWith(CALL) ? why.substring(CALL.length()) : why);
        }
        JsonNode response = answer.path("response");
        if (!Tree.text(response, "uid").equals(uid)) {
            throw failed(about, "expected response.uid=" + Refusals.quoted(uid) + ", got " + Refusals.quoted(Tree.text(
                    response, "uid")));
        }
        String status = Tree.text(response, "result.status");
        if (!status.equals("Success")) {
            String message = Tree.text(response, "result.message");
            throw failed(about, message.isEmpty()
                    ? "response.result.status was '" + status + "', not 'Success'"
                    : message);
        }
        return converted(objects, response.path("convertedObjects"), apiVersion, about);
    }

    private ObjectNode review(List<ObjectNode> objects, String apiVersion, String uid) {
        ObjectNode review = Json.newObject();
        review.put("kind", "ConversionReview");
        review.put("apiVersion", "apiextensions.k8s.io/" + reviewVersion);
        ObjectNode request = review.putObject("request");
        request.put("uid", uid);
        request.put("desiredAPIVersion", apiVersion);
        ArrayNode sent = request.putArray("objects");
        objects.forEach(sent::add);
        return review;
    }

    private static List<ObjectNode> converted(List<ObjectNode> objects, JsonNode answered, String apiVersion,
            String about) {
        if (answered.size() != objects.size()) {
            throw Refusals.unclassified("conversion webhook for " + about + " returned " + answered.size()
                    + " objects, expected " + objects.size());
        }
        List<ObjectNode> result = new ArrayList<>(objects.size());
        for (int i = 0; i < objects.size(); i++) {
            ObjectNode original = objects.get(i);
            String at = "conversion webhook for " + about + " returned invalid converted object at index " + i + ": ";
            if (!(answered.get(i) instanceof ObjectNode one)) {
                throw Refusals.unclassified(at + "not an object");
            }
            same(at, "groupVersion", apiVersion, Tree.text(one, "apiVersion"));
            same(at, "kind", Tree.text(original, "kind"), Tree.text(one, "kind"));
            for (String field : List.of("name", "namespace", "uid")) {
                String before = Tree.text(original, "metadata." + field);
                String after = Tree.text(one, "metadata." + field);
                if (!before.equals(after)) {
                    throw Refusals.unclassified("conversion webhook for " + about
                            + " returned invalid metadata in object at index " + i + ": must have the same " + field
                            + ": " + after + " != " + before);
                }
            }
            ObjectNode metadata = original.path("metadata").deepCopy();
            for (String field : List.of("labels", "annotations")) {
                JsonNode value = one.path("metadata").path(field);
                if (value.isObject() && !value.isEmpty()) {
                    metadata.set(field, value);
                } else {
                    metadata.remove(field);
                }
            }
            one.set("metadata", metadata);
            result.add(one);
        }
        return result;
    }

    private static void same(String at, String what, String expected, String received) {
        if (!expected.equals(received)) {
            throw Refusals.unclassified(at + "invalid " + what + " (expected " + expected + ", received " + received
                    + ")");
        }
    }

    private static String about(ObjectNode object) {
        return Tree.text(object, "apiVersion") + ", Kind=" + Tree.text(object, "kind");
    }

    private static Refused failed(String about, String why) {
        return Refusals.unclassified("conversion webhook for " + about + " failed: " + why);
    }
}
