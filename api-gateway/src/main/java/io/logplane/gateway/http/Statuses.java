package io.logplane.gateway.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Refusal;

/// metav1.Status objects.
public final class Statuses {
    private Statuses() {
    }

    private static ObjectNode status() {
        ObjectNode status = Json.newObject();
        status.put("kind", "Status");
        status.put("apiVersion", "v1");
        status.putObject("metadata");
        return status;
    }

    public static ObjectNode failure(Refusal refusal) {
        ObjectNode status = status();
        status.put("status", "Failure");
        if (!refusal.message().isEmpty()) {
            status.put("message", refusal.message());
        }
        if (!refusal.reason().isEmpty()) {
            status.put("reason", refusal.reason());
        }
        refusal.details().ifPresent(details -> details(status.putObject("details"), details));
        status.put("code", refusal.code());
        return status;
    }

    private static void details(ObjectNode out, Refusal.Details details) {
        put(out, "name", details.name());
        put(out, "group", details.group());
        put(out, "kind", details.kind());
        put(out, "uid", details.uid());
        if (!details.causes().isEmpty()) {
            ArrayNode causes = out.putArray("causes");
            for (Refusal.Cause cause : details.causes()) {
                ObjectNode node = causes.addObject();
                put(node, "reason", cause.reason());
                put(node, "message", cause.message());
                put(node, "field", cause.field());
            }
        }
        details.retryAfterSeconds().ifPresent(seconds -> out.put("retryAfterSeconds", seconds));
    }

    /// Success without more. Shape: code 0 is left out.
    public static ObjectNode success(int code) {
        ObjectNode status = status();
        status.put("status", "Success");
        if (code != 0) {
            status.put("code", code);
        }
        return status;
    }

    public static ObjectNode deleted(String group, String resource, String name, String uid) {
        ObjectNode status = success(0);
        ObjectNode details = status.putObject("details");
        put(details, "name", name);
        put(details, "group", group);
        put(details, "kind", resource);
        put(details, "uid", uid);
        return status;
    }

    private static void put(ObjectNode out, String field, String value) {
        if (!value.isEmpty()) {
            out.put(field, value);
        }
    }
}
