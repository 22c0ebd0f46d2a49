package io.logplane.controllers.loop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Action;
import io.logplane.controllers.core.Conditions;
import io.logplane.controllers.core.Entry;
import io.logplane.controllers.core.Names;
import io.logplane.controllers.core.Notes;
import io.logplane.controllers.core.Type;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.record.Cause;
import io.logplane.schemas.record.Command;
import io.logplane.schemas.record.CommandVerb;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Makes commands out of actions and notes.
///
/// Shape of an id: 32 hex digits of SHA-256 over controller, primary, its revision, attempt and the whole action, so
/// that a
/// repetition of the same wish in the same state has the same id and another wish another.
final class CommandWriter {
    private static final String USER = "system:serviceaccount:kube-system:";
    private static final int ID_BYTES = 16;
    private static final int EVENT_SUFFIX_BYTES = 8;
    private static final int MAX_EVENT_BASE = 236;

    private CommandWriter() {
    }

    /// What an action aims at: one back-off each.
    static String target(Action action) {
        return verb(action) + " " + action.key() + " " + subresource(action);
    }

    /// The same at the revision the action expects: a conflict backs off only this; a plan made on a newer state goes
    /// at once.
    static String targetAtRevision(Action action) {
        OptionalLong revision = revision(action);
        return target(action) + "@" + (revision.isPresent() ? revision.getAsLong() : "");
    }

    static Command command(WorkKey key, Action action, long primaryRevision, int attempt, List<Long> causes,
            Instant now) {
        ObjectNode body = body(action);
        OptionalLong revision = revision(action);
        String content = key + "\n" + primaryRevision + "\n" + attempt + "\n" + target(action) + "\n" + revision + "\n"
                + body;
        return Command.newBuilder().setId(Names.hex(content, ID_BYTES)).setVerb(verb(action))
                .setKey(action.key().text()).setSubresource(subresource(action))
                .setBody(ByteBuffer.wrap(Json.bytes(body)))
                .setExpectedUid(uid(action)).setExpectedRevision(revision.isPresent() ? revision.getAsLong() : null)
                .setUser(USER + key.controller().account()).setPrimary(key.primary().text())
                .setCause(new Cause(key.controller().name() + "-controller", "registry", causes))
                .setTimestamp(now.toEpochMilli()).build();
    }

    /// The core/v1 Event of a note. Shape: its name is derived from the command it tells of.
    static Command event(WorkKey key, Notes.Note note, String refusal, Command about, long revision, Instant now) {
        Entry involved = note.about();
        String namespace = involved.key().apiNamespace().isEmpty() ? "default" : involved.key().namespace();
        String name = involved.key().name();
        String base = name.length() > MAX_EVENT_BASE ? name.substring(0, MAX_EVENT_BASE) : name;
        String eventName = base + "." + Names.hex(about.getId() + "/" + note.reason(), EVENT_SUFFIX_BYTES);
        ObjectKey eventKey = Type.EVENTS.key(namespace, eventName);
        ObjectNode event = Json.newObject().put("kind", "Event").put("apiVersion", "v1");
        event.putObject("metadata").put("name", eventName).put("namespace", namespace);
        ObjectNode object = event.putObject("involvedObject").put("kind", involved.meta().kind());
        if (!involved.key().apiNamespace().isEmpty()) {
            object.put("namespace", namespace);
        }
        object.put("name", name).put("uid", involved.uid()).put("apiVersion", involved.meta().apiVersion())
                .put("resourceVersion", Long.toString(involved.revision()));
        String account = key.controller().account();
        event.put("reason", note.reason()).put("message", note.message().replace(Notes.Note.REFUSAL, refusal));
        event.putObject("source").put("component", account);
        event.put("firstTimestamp", Conditions.time(now)).put("lastTimestamp", Conditions.time(now)).put("count", 1)
                .put("type", note.type()).putNull("eventTime").put("reportingComponent", account)
                .put("reportingInstance", "");
        List<Long> causes = revision > 0 ? List.of(revision) : about.getCause().getRevisions();
        return Command.newBuilder().setId(Names.hex("event\n" + eventName, ID_BYTES)).setVerb(CommandVerb.CREATE)
                .setKey(eventKey.text()).setBody(ByteBuffer.wrap(Json.bytes(event))).setUser(USER + account)
                .setPrimary(key.primary().text())
                .setCause(new Cause(key.controller().name() + "-controller", "registry", causes))
                .setTimestamp(now.toEpochMilli()).build();
    }

    private static CommandVerb verb(Action action) {
        return switch (action) {
            case Action.Create ignored -> CommandVerb.CREATE;
            case Action.Replace ignored -> CommandVerb.REPLACE;
            case Action.Patch ignored -> CommandVerb.MERGE_PATCH;
            case Action.Delete ignored -> CommandVerb.DELETE;
        };
    }

    private static String subresource(Action action) {
        return switch (action) {
            case Action.Replace replace -> replace.subresource();
            case Action.Patch patch -> patch.subresource();
            case Action.Create ignored -> "";
            case Action.Delete ignored -> "";
        };
    }

    private static @Nullable String uid(Action action) {
        return switch (action) {
            case Action.Create ignored -> null;
            case Action.Replace replace -> replace.uid();
            case Action.Patch patch -> patch.uid();
            case Action.Delete delete -> delete.uid();
        };
    }

    private static OptionalLong revision(Action action) {
        return switch (action) {
            case Action.Replace replace -> OptionalLong.of(replace.revision());
            case Action.Patch patch -> patch.revision();
            case Action.Create ignored -> OptionalLong.empty();
            case Action.Delete ignored -> OptionalLong.empty();
        };
    }

    private static ObjectNode body(Action action) {
        return switch (action) {
            case Action.Create create -> create.object();
            case Action.Replace replace -> replace.object();
            case Action.Patch patch -> patch.patch();
            case Action.Delete delete -> options(delete);
        };
    }

    private static ObjectNode options(Action.Delete delete) {
        ObjectNode options = Json.newObject().put("kind", "DeleteOptions").put("apiVersion", "v1");
        delete.graceSeconds().ifPresent(seconds -> options.put("gracePeriodSeconds", seconds));
        options.putObject("preconditions").put("uid", delete.uid());
        delete.propagation().ifPresent(policy -> options.put("propagationPolicy", policy.text()));
        return options;
    }
}
