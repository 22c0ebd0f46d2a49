package io.logplane.gateway.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.request.Query;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How something is to be deleted.
///
/// Shape: `propagation` "" when nothing was said. Source: metav1.DeleteOptions and its validation.
public record DeleteOptions(Optional<Long> graceSeconds, String propagation, Optional<Boolean> orphanDependents,
        Optional<String> uid, Optional<String> resourceVersion, boolean dryRun) {
    public static final DeleteOptions PLAIN = new DeleteOptions(Optional.empty(), "", Optional.empty(), Optional
            .empty(), Optional.empty(), false);

    /// True when the request says what becomes of dependents.
    public boolean cascades() {
        return !propagation.isEmpty() || orphanDependents.isPresent();
    }

    public DeleteOptions withUid(Optional<String> other) {
        return new DeleteOptions(graceSeconds, propagation, orphanDependents, other, resourceVersion, dryRun);
    }

    /// As a client would write it. Shape: what was not said is left out.
    ObjectNode described(boolean alsoDry) {
        ObjectNode words = Json.newObject();
        words.put("kind", "DeleteOptions");
        words.put("apiVersion", "meta.k8s.io/v1");
        graceSeconds.ifPresent(seconds -> words.put("gracePeriodSeconds", seconds));
        if (uid.isPresent() || resourceVersion.isPresent()) {
            ObjectNode preconditions = words.putObject("preconditions");
            uid.ifPresent(text -> preconditions.put("uid", text));
            resourceVersion.ifPresent(text -> preconditions.put("resourceVersion", text));
        }
        orphanDependents.ifPresent(orphans -> words.put("orphanDependents", orphans));
        if (!propagation.isEmpty()) {
            words.put("propagationPolicy", propagation);
        }
        if (dryRun || alsoDry) {
            words.putArray("dryRun").add("All");
        }
        return words;
    }

    /// Of a body, or of the query when there is none. Errors: 422.
    public static DeleteOptions of(Optional<ObjectNode> body, Query query) {
        DeleteOptions options = body.isPresent() ? ofBody(body.get(), query) : ofQuery(query);
        List<FieldError> errors = new ArrayList<>(WriteOptions.dryRunErrors(dryRuns(body, query)));
        if (options.orphanDependents().isPresent() && !options.propagation().isEmpty()) {
            errors.add(FieldError.invalid("propagationPolicy", Refusals.quoted(options.propagation()),
                    "orphanDependents and deletionPropagation cannot be both set"));
        } else if (!List.of("", "Foreground", "Background", "Orphan").contains(options.propagation())) {
            errors.add(FieldError.notSupported("propagationPolicy", Refusals.quoted(options.propagation()),
                    "supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\""));
        }
        if (!errors.isEmpty()) {
            throw Refusals.invalid("meta.k8s.io", "DeleteOptions", "", errors);
        }
        return options;
    }

    private static List<String> dryRuns(Optional<ObjectNode> body, Query query) {
        JsonNode said = body.<JsonNode>map(options -> options.path("dryRun")).orElse(MissingNode.getInstance());
        return said.isEmpty()
                ? query.all("dryRun")
                : said.valueStream().map(JsonNode::asText).toList();
    }

    private static DeleteOptions ofQuery(Query query) {
        return new DeleteOptions(query.number("gracePeriodSeconds"), query.first("propagationPolicy"), query.has(
                "orphanDependents") ? Optional.of(query.flag("orphanDependents")) : Optional.empty(), Optional.empty(),
                Optional.empty(), !query.first("dryRun").isEmpty());
    }

    private static DeleteOptions ofBody(ObjectNode body, Query query) {
        JsonNode grace = body.path("gracePeriodSeconds");
        JsonNode orphan = body.path("orphanDependents");
        JsonNode preconditions = body.path("preconditions");
        return new DeleteOptions(grace.isNumber() ? Optional.of(grace.asLong()) : Optional.empty(), body.path(
                "propagationPolicy").asText(""), orphan.isBoolean()
                        ? Optional.of(orphan.asBoolean())
                        : Optional.empty(),
                text(preconditions.path("uid")), text(preconditions.path("resourceVersion")), body.path("dryRun")
                        .size() > 0 || !query.first("dryRun").isEmpty());
    }

    private static Optional<String> text(JsonNode node) {
        return node.isTextual() ? Optional.of(node.textValue()) : Optional.empty();
    }
}
