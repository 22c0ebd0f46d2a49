package io.logplane.cli.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.record.Actor;
import io.logplane.schemas.record.Cause;
import io.logplane.schemas.record.Change;
import java.nio.ByteBuffer;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Log entries as lines for people and as JSON for programs.
///
/// Shape of a line: revision, append time (UTC), verdict, verb, object, who, and behind `<-` the cause.
/// Secret values never appear: objects are only printed by `history`, which hides `data` of Secrets.
public final class EntryText {
    private static final DateTimeFormatter TIME = DateTimeFormatter
            .ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /// Where kubectl keeps the whole object, data of a Secret too.
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private EntryText() {
    }

    public static String line(LogEntry entry) {
        String head = String.format(Locale.ROOT, "%10d  %s  %-9s ", entry.revision(), TIME.format(entry.appended()),
                entry.verdict());
        if (entry.change().isEmpty()) {
            return head + "[" + entry.recordType() + "] " + entry.verdictDetail();
        }
        Change change = entry.change().get();
        String detail = entry.accepted() || entry.verdictDetail().isEmpty() ? "" : "  (" + entry.verdictDetail() + ")";
        return head + String.format(Locale.ROOT, "%-16s %s  by %s%s%s", verb(change), name(change.getKey()),
                actor(change.getActor()),
                because(change.getCause()), detail);
    }

    public static ObjectNode json(LogEntry entry) {
        ObjectNode out = Json.newObject();
        out.put("log", entry.log()).put("revision", entry.revision()).put("offset", entry.offset());
        out.put("time", TIME.format(entry.appended())).put("record", entry.recordType());
        out.put("verdict", entry.verdict()).put("detail", entry.verdictDetail());
        entry.change().ifPresent(change -> {
            out.put("key", change.getKey()).put("verb", change.getVerb()).put("subresource", change.getSubresource());
            out.put("operation", change.getOperation().name()).put("user", change.getActor().getUser());
            if (!change.getActor().getImpersonator().isEmpty()) {
                out.put("impersonator", change.getActor().getImpersonator());
            }
            out.put("userAgent", change.getActor().getUserAgent()).put("sourceAddress",
                    change.getActor().getSourceAddress());
            out.put("requestId", change.getRequestId());
            Optional.ofNullable(change.getExpectedRevision()).ifPresent(r -> out.put("expectedRevision", r));
            Optional.ofNullable(change.getCause()).ifPresent(cause -> {
                ObjectNode why = out.putObject("cause").put("by", cause.getBy()).put("log", cause.getLog());
                cause.getRevisions().forEach(why.putArray("revisions")::add);
            });
            out.set("object", object(change).map(o -> (JsonNode) hideSecret(o)).orElse(out.nullNode()));
        });
        return out;
    }

    /// The object of a change, empty when the change has none or it is not JSON.
    public static Optional<ObjectNode> object(Change change) {
        ByteBuffer bytes = change.getObject();
        if (bytes == null) {
            return Optional.empty();
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        try {
            return Optional.of(Json.object(copy));
        } catch (IllegalArgumentException poison) {
            return Optional.empty();
        }
    }

    /// Values of a Secret are replaced by how long they are; changes stay visible because the lengths or a short
    /// digest differ.
    public static ObjectNode hideSecret(ObjectNode object) {
        boolean sealed = object.has("sealedBy");
        if (!object.path("kind").asText().equals("Secret") && !sealed) {
            return object;
        }
        ObjectNode copy = object.deepCopy();
        if (sealed) {
            copy.put("sealed", "<encrypted>");
        }
        if (copy.path("metadata").path("annotations") instanceof ObjectNode annotations
                && annotations.has(LAST_APPLIED)) {
            annotations.put(LAST_APPLIED, "<hidden>");
        }
        for (String field : List.of("data", "stringData")) {
            if (copy.get(field) instanceof ObjectNode values) {
                values.fieldNames().forEachRemaining(name -> values.put(name, "<hidden>"));
            }
        }
        return copy;
    }

    public static String name(String key) {
        return ObjectKey.tryParse(key)
                .map(k -> (k.apiNamespace().isEmpty() ? "" : k.apiNamespace() + "/") + k.resource() + "/" + k.name())
                .orElse(key);
    }

    public static String because(@Nullable Cause cause) {
        if (cause == null || cause.getBy().isEmpty()) {
            return "";
        }
        return "  <- " + cause.getBy() + (cause.getRevisions().isEmpty() ? "" : " saw " + cause.getRevisions());
    }

    private static String actor(Actor actor) {
        return actor.getImpersonator().isEmpty()
                ? actor.getUser()
                : actor.getUser() + " (asked by " + actor.getImpersonator() + ")";
    }

    private static String verb(Change change) {
        return change.getSubresource().isEmpty() ? change.getVerb() : change.getVerb() + "/" + change.getSubresource();
    }
}
