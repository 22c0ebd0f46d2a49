package io.logplane.gateway.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
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
    /// What of a Secret, of a list or table of them, and of the options of a delete may be said. All else is a value,
    /// or a value under a misspelled name.
    private static final Set<String> OPEN = Set.of("kind", "apiVersion", "metadata", "type", "immutable", "items",
            "columnDefinitions", "rows", "gracePeriodSeconds", "preconditions", "orphanDependents",
            "propagationPolicy", "dryRun");
    private static final Set<String> OPERATION = Set.of("op", "path", "from");
    private static final Set<String> ENVELOPE = Set.of("kind", "apiVersion", "metadata", "spec", "status");
    /// Of token reviews and token requests.
    private static final Set<String> TOKEN = Set.of("audiences", "expirationSeconds", "boundObjectRef",
            "expirationTimestamp", "authenticated", "user", "error");
    /// Annotations written here, of which it is known what they say; others are a policy's or a webhook's own words.
    private static final Set<String> KNOWN = Set.of("authorization.k8s.io/decision", "authorization.k8s.io/reason",
            "logplane.io/revision", "audit.k8s.io/truncated");
    /// Which webhooks were called, and whether they changed anything; not what.
    private static final List<String> CALLS = List.of("mutation.webhook.admission.k8s.io/round_",
            "failed-open.mutating.webhook.admission.k8s.io/round_",
            "failed-open.validating.webhook.admission.k8s.io/round_");

    private Redaction() {
    }

    /// True: bodies and error texts of this request may hold what must not be recorded.
    static boolean concerns(RequestInfo info) {
        String what = info.resourceAndSubresource();
        return info.group().isEmpty() && (info.resource().equals("secrets") || what.equals("serviceaccounts/token"))
                || info.group().equals("authentication.k8s.io") && info.resource().equals("tokenreviews");
    }

    /// What may be said under an annotation's key of a request that [#concerns] holds of.
    static String annotation(String key, String value) {
        return KNOWN.contains(key) || CALLS.stream().anyMatch(key::startsWith) ? value : REPLACEMENT;
    }

    /// In place. Shape: `body` of a request that [#concerns] holds of.
    static JsonNode of(RequestInfo info, JsonNode body) {
        if (!info.resource().equals("secrets")) {
            keep(body, ENVELOPE);
            keep(body.path("spec"), TOKEN);
            keep(body.path("status"), TOKEN);
        } else if (body instanceof ArrayNode operations) {
            operations.forEach(operation -> keep(operation, OPERATION));
        } else {
            secret(body);
            body.path("items").forEach(Redaction::secret);
            body.path("rows").forEach(Redaction::row);
        }
        return body;
    }

    /// Cells of a Secret hold its name, type and number of entries.
    private static void row(JsonNode row) {
        secret(row.path("object"));
    }

    private static void secret(JsonNode secret) {
        keep(secret, OPEN);
        if (secret.path("metadata").path("annotations") instanceof ObjectNode annotations && annotations.has(
                LAST_APPLIED)) {
            annotations.put(LAST_APPLIED, REPLACEMENT);
        }
    }

    /// Hides the values of all other fields; of those that are objects, keys stay.
    private static void keep(JsonNode node, Set<String> open) {
        if (node instanceof ObjectNode object) {
            names(object).stream().filter(field -> !open.contains(field)).forEach(field -> object.set(field, hidden(
                    object.path(field))));
        }
    }

    private static JsonNode hidden(JsonNode value) {
        if (value instanceof ObjectNode values) {
            ObjectNode hidden = Json.newObject();
            names(values).forEach(key -> hidden.put(key, REPLACEMENT));
            return hidden;
        }
        return TextNode.valueOf(REPLACEMENT);
    }

    private static List<String> names(ObjectNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
