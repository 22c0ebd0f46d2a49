package io.logplane.gateway.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.schemas.model.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Takes out of a body what no audit record may hold, whatever the policy says: data of Secrets, and tokens.
///
/// Keys stay, values go: a record says which entries of a Secret were written, not what is in them. Upstream leaves
/// this to the policy; a record here lives in a log, so a policy written in a hurry must not publish every password.
/// Shape: bodies are objects, lists of them, tables, or JSON patches.
final class Redaction {
    static final String REPLACEMENT = "[redacted]";
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
    private static final Set<String> VALUES = Set.of("data", "stringData");

    private Redaction() {
    }

    /// True: bodies and error texts of this request may hold what must not be recorded.
    static boolean concerns(RequestInfo info) {
        String what = info.resourceAndSubresource();
        return info.group().isEmpty() && (info.resource().equals("secrets") || what.equals("serviceaccounts/token"))
                || info.group().equals("authentication.k8s.io") && info.resource().equals("tokenreviews");
    }

    /// In place. Shape: `body` of a request that [#concerns] holds of.
    static JsonNode of(RequestInfo info, JsonNode body) {
        if (!info.resource().equals("secrets")) {
            token(body, "spec");
            token(body, "status");
        } else if (body instanceof ArrayNode operations) {
            operations.forEach(Redaction::operation);
        } else {
            secret(body);
            body.path("items").forEach(Redaction::secret);
            body.path("rows").forEach(Redaction::row);
        }
        return body;
    }

    private static void token(JsonNode body, String part) {
        if (body.path(part) instanceof ObjectNode object && object.has("token")) {
            object.put("token", REPLACEMENT);
        }
    }

    private static void operation(JsonNode operation) {
        if (operation instanceof ObjectNode object && object.has("value")) {
            object.put("value", REPLACEMENT);
        }
    }

    /// Cells of a Secret hold its name, type and number of entries.
    private static void row(JsonNode row) {
        secret(row.path("object"));
    }

    private static void secret(JsonNode node) {
        if (!(node instanceof ObjectNode secret)) {
            return;
        }
        for (String field : VALUES) {
            if (secret.path(field) instanceof ObjectNode values) {
                List<String> keys = new ArrayList<>();
                values.fieldNames().forEachRemaining(keys::add);
                ObjectNode hidden = Json.newObject();
                keys.forEach(key -> hidden.put(key, REPLACEMENT));
                secret.set(field, hidden);
            } else if (secret.has(field)) {
                secret.put(field, REPLACEMENT);
            }
        }
        if (secret.path("metadata").path("annotations") instanceof ObjectNode annotations && annotations.has(
                LAST_APPLIED)) {
            annotations.put(LAST_APPLIED, REPLACEMENT);
        }
    }
}
