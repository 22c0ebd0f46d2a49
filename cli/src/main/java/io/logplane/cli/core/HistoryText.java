package io.logplane.cli.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.record.Change;
import io.logplane.schemas.record.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The story of one object: every change with what it changed, refused attempts too.
///
/// Thread: one; feed the entries of one object in log order.
public final class HistoryText {
    private final Optional<String> field;
    private ObjectNode last = Json.newObject();

    /// `field`: only changes of this path or below it, e.g. `spec.replicas`.
    public HistoryText(Optional<String> field) {
        this.field = field;
    }

    /// Shape: the lines to print for the next change; empty when the field filter leaves nothing.
    public List<String> lines(LogEntry entry) {
        List<JsonDifference.Line> differences = differences(entry);
        if (field.isPresent() && differences.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add(EntryText.line(entry));
        differences.forEach(d -> lines.add("              " + text(d)));
        return lines;
    }

    /// Same as [#lines] for programs: the entry's JSON with an array `changes` instead of the whole object.
    public Optional<ObjectNode> json(LogEntry entry) {
        List<JsonDifference.Line> differences = differences(entry);
        if (field.isPresent() && differences.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode out = EntryText.json(entry);
        out.remove("object");
        for (JsonDifference.Line d : differences) {
            ObjectNode line = out.withArray("changes").addObject().put("path", d.path());
            if (!d.before().isMissingNode()) {
                line.set("before", d.before());
            }
            if (!d.after().isMissingNode()) {
                line.set("after", d.after());
            }
        }
        return Optional.of(out);
    }

    private List<JsonDifference.Line> differences(LogEntry entry) {
        Change change = entry.change().orElseThrow();
        ObjectNode next = EntryText.object(change).map(EntryText::hideSecret).orElse(last);
        List<JsonDifference.Line> all = JsonDifference.between(last, next);
        if (entry.accepted()) {
            last = change.getOperation() == Operation.REMOVE ? Json.newObject() : next;
        }
        return all.stream()
                .filter(d -> field
                        .map(f -> d.path().equals(f) || d.path().startsWith(f + ".") || d.path().startsWith(f + "["))
                        .orElse(true))
                .toList();
    }

    private static String text(JsonDifference.Line d) {
        if (d.before().isMissingNode()) {
            return "+ " + d.path() + ": " + shown(d.after());
        }
        if (d.after().isMissingNode()) {
            return "- " + d.path() + ": " + shown(d.before());
        }
        return "~ " + d.path() + ": " + shown(d.before()) + " -> " + shown(d.after());
    }

    private static String shown(JsonNode value) {
        return value.isTextual() ? value.asText() : value.toString();
    }
}
