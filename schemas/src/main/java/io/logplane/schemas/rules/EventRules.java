package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Conversion;
import io.logplane.schemas.types.Rules;
import java.util.List;
import java.util.Optional;

/// Events, in the form of the core group. Whoever asks for events.k8s.io is held to more: only events in the new style.
///
/// The fields that upstream's JSON always shows are filled.
/// Source: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/ and the refusals of
/// kube-apiserver.
public record EventRules(Optional<Conversion> conversion) implements Rules {
    private static final int MAX_TEXT = 128;
    private static final int MAX_NOTE = 1024;
    private static final String NAMESPACE = "involvedObject.namespace";
    /// Upstream checks the reason twice.
    private static final List<String> FIXED = List.of("involvedObject", "reason", "message", "source",
            "firstTimestamp", "lastTimestamp", "count", "reason", "type", "eventTime", "action", "related",
            "reportingComponent", "reportingInstance");

    @Override
    public boolean allowsCreateOnUpdate() {
        return true;
    }

    @Override
    public void applyDefaults(ObjectNode object) {
        Tree.object(object, "involvedObject");
        Tree.object(object, "source");
        for (String time : List.of("firstTimestamp", "lastTimestamp", "eventTime")) {
            if (!object.has(time)) {
                object.putNull(time);
            }
        }
        for (String text : List.of("reportingComponent", "reportingInstance")) {
            if (!object.has(text)) {
                object.put(text, "");
            }
        }
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        Problems problems = new Problems();
        String namespace = Tree.text(object, "metadata.namespace");
        String involved = Tree.text(object, NAMESPACE);
        if (Tree.has(object, "eventTime")) {
            boolean clusterWide = namespace.equals("default") || namespace.equals("kube-system");
            if (involved.isEmpty() && !clusterWide) {
                problems.invalid(NAMESPACE, involved, "does not match event.namespace");
            }
            newStyle(object, problems);
        } else if (!(involved.isEmpty() ? namespace.equals("default") : involved.equals(namespace))) {
            problems.invalid(NAMESPACE, involved, "does not match event.namespace");
        }
        return problems.list();
    }

    private void newStyle(ObjectNode object, Problems problems) {
        String controller = conversion.isPresent() ? "reportingController" : "reportingComponent";
        String reporter = Tree.text(object, "reportingComponent");
        if (reporter.isEmpty()) {
            problems.required(controller);
        }
        problems.format(NameFormat.QUALIFIED, controller, reporter);
        for (String field : List.of("reportingInstance", "action", "reason")) {
            if (Tree.text(object, field).isEmpty()) {
                problems.required(field);
            }
            atMost(problems, field, Tree.text(object, field), MAX_TEXT);
        }
        atMost(problems, "message", Tree.text(object, "message"), MAX_NOTE);
    }

    private static void atMost(Problems problems, String field, String text, int max) {
        if (NameFormat.bytes(text) > max) {
            problems.invalid(field, "", "can have at most " + max + " characters");
        }
    }

    /// Upstream's strict rules are those of events.k8s.io alone.
    @Override
    public NameFormat nameFormat() {
        return conversion.isPresent() ? NameFormat.SUBDOMAIN : NameFormat.PATH_SEGMENT;
    }

    @Override
    public List<FieldError> validateCreate(ObjectNode object) {
        if (conversion.isEmpty()) {
            return List.of();
        }
        Problems problems = new Problems();
        series(object, problems);
        if (!Tree.has(object, "eventTime")) {
            problems.required("eventTime");
        }
        String type = Tree.text(object, "type");
        if (!type.equals("Normal") && !type.equals("Warning")) {
            problems.invalid("type", "", "has invalid value: " + type);
        }
        for (String time : List.of("firstTimestamp", "lastTimestamp")) {
            if (Tree.has(object, time)) {
                problems.invalid(time, "", "needs to be unset");
            }
        }
        if (Tree.number(object, "count") != 0) {
            problems.invalid("count", "", "needs to be unset");
        }
        if (!Tree.text(object, "source.component").isEmpty() || !Tree.text(object, "source.host").isEmpty()) {
            problems.invalid("source", "", "needs to be unset");
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        if (conversion.isEmpty()) {
            return List.of();
        }
        Problems problems = new Problems();
        if (!Problems.same(object.path("series"), old.path("series"))) {
            series(object, problems);
        }
        for (String field : FIXED) {
            if (!Problems.same(object.path(field), old.path(field))) {
                problems.invalid(field.equals("reportingComponent") ? "reportingController" : field,
                        shown(field, object.path(field)), Problems.IMMUTABLE);
            }
        }
        return problems.list();
    }

    private static JsonNode shown(String field, JsonNode value) {
        return switch (field) {
            case "involvedObject", "related" -> GoStruct.of(value, "ObjectReference");
            case "source" -> GoStruct.struct(value, "EventSource");
            default -> value;
        };
    }

    private static void series(ObjectNode object, Problems problems) {
        if (object.path("series").isObject()) {
            if (Tree.number(object, "series.count") < 2) {
                problems.invalid("series.count", "", "should be at least 2");
            }
            if (!Tree.has(object, "series.lastObservedTime")) {
                problems.required("series.lastObservedTime");
            }
        }
    }
}
