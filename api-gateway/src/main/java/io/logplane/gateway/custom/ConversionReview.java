package io.logplane.gateway.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.outbound.WebhookClient.CallFailed;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// How a converter is asked, in one version of the review.
///
/// | sent | expected |
/// |---|---|
/// | `request.uid`, `.desiredAPIVersion`, `.objects` | `response.uid` the same, `.result.status` Success, `.convertedObjects` |
///
/// Source: k8s.io/apiextensions-apiserver/pkg/apiserver/conversion (webhook_converter).
record ConversionReview(String version) {
    private static final String GROUP = "apiextensions.k8s.io/";
    private static final String KIND = "ConversionReview";

    ObjectNode request(List<ObjectNode> objects, String apiVersion, String uid) {
        ObjectNode review = Json.newObject();
        review.put("kind", KIND);
        review.put("apiVersion", GROUP + version);
        ObjectNode request = review.putObject("request");
        request.put("uid", uid);
        request.put("desiredAPIVersion", apiVersion);
        ArrayNode sent = request.putArray("objects");
        objects.forEach(sent::add);
        return review;
    }

    /// What was converted, once the answer is one to this request. Shape: an answer of another kind is read as an empty
    /// one, as upstream does; reviews of `v1beta1` need neither name their kind nor the request.
    JsonNode converted(ObjectNode answer, String uid) {
        boolean proven = version.equals("v1");
        boolean readable = List.of("", GROUP + version).contains(Tree.text(answer, "apiVersion")) && List.of("", KIND)
                .contains(Tree.text(answer, "kind"));
        String kind = kindOf(readable ? answer : Json.newObject());
        String wanted = GROUP + version + ", Kind=" + KIND;
        if (proven && !kind.equals(wanted)) {
            throw new CallFailed("expected webhook response of " + wanted + ", got " + kind);
        }
        JsonNode response = answer.path("response");
        if (!readable || !response.isObject()) {
            throw new CallFailed("no response provided");
        }
        String given = Tree.text(response, "uid");
        if (proven && !given.equals(uid)) {
            throw new CallFailed("expected response.uid=" + Refusals.quoted(uid) + ", got " + Refusals.quoted(given));
        }
        String status = Tree.text(response, "result.status");
        if (!status.equals("Success")) {
            String message = Tree.text(response, "result.message");
            throw new CallFailed(message.isEmpty()
                    ? "response.result.status was '" + status + "', not 'Success'"
                    : message);
        }
        return response.path("convertedObjects");
    }

    /// What an object says it is, as upstream prints it.
    static String kindOf(ObjectNode object) {
        String version = Tree.text(object, "apiVersion");
        return (version.contains("/") ? version : "/" + version) + ", Kind=" + Tree.text(object, "kind");
    }
}
