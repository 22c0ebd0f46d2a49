package io.logplane.gateway.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.schemas.model.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What one request's records say, and how: an Event of audit.k8s.io/v1 for each stage.
///
/// Shape: bodies only at the levels that hold them, without managedFields where the policy says so, never with the
/// data of a Secret or a token. Thread: that of the request.
/// Source: k8s.io/apiserver/pkg/audit/request.go.
public final class AuditRecord {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'",
            Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int MAX_AGENT = 1024;

    private final AuditPolicy.Decision decision;
    private final Arrival arrival;
    private Optional<User> impersonated = Optional.empty();
    private String constraint = "";

    public AuditRecord(AuditPolicy.Decision decision, Arrival arrival) {
        this.decision = decision;
        this.arrival = arrival;
    }

    /// What is known when a request arrives. Shape: `uri` with its query; `sources` the nearest last.
    public record Arrival(String auditId, Instant received, String uri, User user, RequestInfo info,
            List<String> sources, String userAgent) {
    }

    /// What became of it. Shape: `status` the Status of a refusal; bodies absent when there were none, or when they
    /// were not JSON.
    public record Answer(int code, Optional<JsonNode> status, Optional<JsonNode> request, Optional<JsonNode> response) {
        public Answer withoutBodies() {
            return new Answer(code, status, Optional.empty(), Optional.empty());
        }

        public static Answer of(int code) {
            return new Answer(code, Optional.empty(), Optional.empty(), Optional.empty());
        }
    }

    public AuditLevel level() {
        return decision.level();
    }

    public boolean omits(Stage stage) {
        return decision.level() == AuditLevel.NONE || decision.omitStages().contains(stage);
    }

    /// Shape: `right` is the narrow right it rests on, "" when there is none.
    public void impersonates(User other, String right) {
        impersonated = Optional.of(other);
        constraint = right;
    }

    /// Shape: `answer` is empty for the first stage.
    public ObjectNode event(Stage stage, Instant now, Optional<Answer> answer, Map<String, String> annotations) {
        ObjectNode event = Json.newObject();
        event.put("kind", "Event");
        event.put("apiVersion", "audit.k8s.io/v1");
        event.put("level", decision.level().toString());
        event.put("auditID", arrival.auditId());
        event.put("stage", stage.toString());
        event.put("requestURI", arrival.uri());
        event.put("verb", arrival.info().verb());
        event.set("user", user(arrival.user()));
        impersonated.ifPresent(other -> event.set("impersonatedUser", user(other)));
        if (!constraint.isEmpty()) {
            event.putObject("authenticationMetadata").put("impersonationConstraint", constraint);
        }
        ArrayNode sources = event.putArray("sourceIPs");
        arrival.sources().forEach(sources::add);
        put(event, "userAgent", shortened(arrival.userAgent()));
        if (arrival.info().resourceRequest()) {
            event.set("objectRef", reference(answer));
        }
        answer.ifPresent(known -> answered(event, known));
        event.put("requestReceivedTimestamp", TIME.format(arrival.received()));
        event.put("stageTimestamp", TIME.format(now));
        if (!annotations.isEmpty()) {
            ObjectNode notes = event.putObject("annotations");
            boolean hides = Redaction.concerns(arrival.info());
            annotations.forEach((key, value) -> notes.put(key, hides ? Redaction.annotation(key, value) : value));
        }
        return event;
    }

    private static String shortened(String agent) {
        return agent.length() > MAX_AGENT ? agent.substring(0, MAX_AGENT) + "...TRUNCATED" : agent;
    }

    private void answered(ObjectNode event, Answer answer) {
        event.set("responseStatus", status(answer));
        if (decision.level().holdsRequest()) {
            answer.request().ifPresent(body -> event.set("requestObject", options(body(body))));
        }
        if (decision.level().holdsResponse()) {
            answer.response().or(answer::status).ifPresent(body -> event.set("responseObject", body(body)));
        }
    }

    /// Options of a delete are recorded as upstream has them in memory.
    private JsonNode options(JsonNode body) {
        if (!arrival.info().verb().startsWith("delete") || !body.isObject()) {
            return body;
        }
        ObjectNode options = Json.newObject().put("kind", "DeleteOptions").put("apiVersion", "meta.k8s.io/__internal");
        body.properties().forEach(field -> options.putIfAbsent(field.getKey(), field.getValue()));
        return options;
    }

    private ObjectNode status(Answer answer) {
        ObjectNode status = Json.newObject();
        status.putObject("metadata");
        answer.status().ifPresent(told -> {
            for (String field : List.of("status", "message", "reason", "details")) {
                if (told.has(field)) {
                    status.set(field, told.get(field));
                }
            }
            hideText(status);
        });
        status.put("code", answer.code());
        return status;
    }

    /// Refusals quote what was wrong.
    private void hideText(ObjectNode status) {
        if (Redaction.concerns(arrival.info()) && status.has("message")) {
            status.put("message", Redaction.REPLACEMENT);
            if (status.path("details") instanceof ObjectNode details) {
                details.remove("causes");
            }
        }
    }

    private JsonNode body(JsonNode whole) {
        JsonNode body = whole.deepCopy();
        if (body.path("kind").asText().equals("Status") && body instanceof ObjectNode status) {
            hideText(status);
            return status;
        }
        if (decision.omitManagedFields()) {
            withoutManagers(body);
            body.path("items").forEach(AuditRecord::withoutManagers);
            body.path("rows").forEach(row -> withoutManagers(row.path("object")));
        }
        return Redaction.concerns(arrival.info()) ? Redaction.of(arrival.info(), body) : body;
    }

    private static void withoutManagers(JsonNode object) {
        if (object.path("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
        }
    }

    /// A created object is named by its body; one whose name was generated is not.
    private ObjectNode reference(Optional<Answer> answer) {
        RequestInfo info = arrival.info();
        ObjectNode reference = Json.newObject();
        reference.put("resource", info.resource());
        put(reference, "namespace", info.namespace());
        String name = info.name();
        if (name.isEmpty() && info.verb().equals("create") && answer.isPresent()) {
            name = nameOf(answer.get().request()).orElse("");
        }
        put(reference, "name", name);
        put(reference, "apiGroup", info.group());
        reference.put("apiVersion", info.version());
        if ((info.verb().equals("update") || info.verb().equals("create")) && answer.isPresent()) {
            answer.get().request().ifPresent(body -> {
                put(reference, "uid", body.path("metadata").path("uid").asText());
                put(reference, "resourceVersion", body.path("metadata").path("resourceVersion").asText());
            });
        }
        put(reference, "subresource", info.subresource());
        return reference;
    }

    private static Optional<String> nameOf(Optional<JsonNode> body) {
        return body.map(object -> object.path("metadata").path("name").asText()).filter(name -> !name.isEmpty());
    }

    private static ObjectNode user(User user) {
        ObjectNode out = Json.newObject();
        put(out, "username", user.name());
        put(out, "uid", user.uid());
        if (!user.groups().isEmpty()) {
            ArrayNode groups = out.putArray("groups");
            user.groups().forEach(groups::add);
        }
        if (!user.extra().isEmpty()) {
            ObjectNode extra = out.putObject("extra");
            new java.util.TreeMap<>(user.extra()).forEach((key, values) -> {
                ArrayNode list = extra.putArray(key);
                values.forEach(list::add);
            });
        }
        return out;
    }

    private static void put(ObjectNode out, String field, String value) {
        if (!value.isEmpty()) {
            out.put(field, value);
        }
    }
}
