package io.logplane.broker.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;

/// One record of the topic `_schemas`, in the JSON layout Confluent's registry writes, so that either can read the
/// other's.
///
/// | key | value | means |
/// |---|---|---|
/// | `{"keytype":"SCHEMA","subject":s,"version":v,"magic":1}` | `{"subject","version","id","schema","deleted"}` | [Version] |
/// | the same | none | [Erased] |
/// | `{"keytype":"DELETE_SUBJECT","subject":s,"magic":0}` | `{"subject","version"}` | [SubjectDeleted]: versions up to it |
/// | `{"keytype":"CONFIG","subject":s or null,"magic":0}` | `{"compatibilityLevel"}` or none | [LevelSet] |
/// | `{"keytype":"MODE","subject":s or null,"magic":0}` | `{"mode"}` or none | [ModeSet] |
/// | `{"keytype":"NOOP","magic":0}` | none | [Noop] |
///
/// The order of fields in a key matters: compaction compares bytes. Pure.
sealed interface SchemaRecord {

    /// A schema under a subject; `deleted` hides it without losing its id.
    record Version(String subject, int version, int id, String schema, boolean deleted) implements SchemaRecord {
        Version asDeleted() {
            return new Version(subject, version, id, schema, true);
        }
    }

    record Erased(String subject, int version) implements SchemaRecord {
    }

    record SubjectDeleted(String subject, int upTo) implements SchemaRecord {
    }

    /// Empty subject: the default of all; empty level: back to the default.
    record LevelSet(Optional<String> subject, Optional<Compatibility> level) implements SchemaRecord {
    }

    /// Empty subject: the default of all; empty mode: back to the default.
    record ModeSet(Optional<String> subject, Optional<Mode> mode) implements SchemaRecord {
    }

    record Noop() implements SchemaRecord {
    }

    enum Mode {
        READWRITE, READONLY
    }

    /// Key and value as they go into Kafka; no value is a tombstone.
    record Bytes(byte[] key, Optional<byte[]> value) {
    }

    /// The record is none of the above; the registry reports it and goes on.
    final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreadable(String message) {
            super(message);
        }
    }

    ObjectMapper JSON = new ObjectMapper();

    default Bytes encode() {
        return switch (this) {
            case Version version -> new Bytes(versionKey(version.subject(), version.version()),
                    Optional.of(bytes(JSON.createObjectNode().put("subject", version.subject())
                            .put("version", version.version()).put("id", version.id()).put("schema", version.schema())
                            .put("deleted", version.deleted()))));
            case Erased erased -> new Bytes(versionKey(erased.subject(), erased.version()), Optional.empty());
            case SubjectDeleted gone -> new Bytes(subjectKey("DELETE_SUBJECT", Optional.of(gone.subject())),
                    Optional.of(bytes(
                            JSON.createObjectNode().put("subject", gone.subject()).put("version", gone.upTo()))));
            case LevelSet set -> new Bytes(subjectKey("CONFIG", set.subject()),
                    set.level().map(level -> bytes(JSON.createObjectNode().put("compatibilityLevel", level.name()))));
            case ModeSet set -> new Bytes(subjectKey("MODE", set.subject()),
                    set.mode().map(mode -> bytes(JSON.createObjectNode().put("mode", mode.name()))));
            case Noop _ -> new Bytes(bytes(JSON.createObjectNode().put("keytype", "NOOP").put("magic", 0)),
                    Optional.empty());
        };
    }

    /// Errors: [Unreadable].
    static SchemaRecord decode(byte[] key, Optional<byte[]> value) {
        JsonNode name = parse(key);
        Optional<JsonNode> content = value.map(SchemaRecord::parse);
        Optional<String> subject = Optional.ofNullable(name.get("subject")).filter(JsonNode::isTextual)
                .map(JsonNode::textValue);
        return switch (name.path("keytype").asText()) {
            case "SCHEMA" -> content.<SchemaRecord>map(SchemaRecord::version)
                    .orElseGet(() -> new Erased(required(subject), number(name, "version")));
            case "DELETE_SUBJECT" -> content
                    .<SchemaRecord>map(json -> new SubjectDeleted(required(subject), number(json, "version")))
                    .orElseGet(Noop::new);
            case "CONFIG" -> new LevelSet(subject, content.map(
                    json -> Compatibility.parse(json.path("compatibilityLevel").asText())
                            .orElseThrow(() -> new Unreadable("unknown compatibility level in " + json))));
            case "MODE" -> new ModeSet(subject, content.map(json -> mode(json.path("mode").asText())
                    .orElseThrow(() -> new Unreadable("unknown mode in " + json))));
            case "NOOP" -> new Noop();
            default -> throw new Unreadable("unknown key " + name);
        };
    }

    static Optional<Mode> mode(String name) {
        return switch (name.toUpperCase(java.util.Locale.ROOT)) {
            case "READWRITE" -> Optional.of(Mode.READWRITE);
            case "READONLY" -> Optional.of(Mode.READONLY);
            default -> Optional.empty();
        };
    }

    private static Version version(JsonNode json) {
        if (!json.path("subject").isTextual() || !json.path("schema").isTextual()) {
            throw new Unreadable("a schema without subject or text");
        }
        return new Version(json.path("subject").textValue(), number(json, "version"), number(json, "id"),
                json.path("schema").textValue(), json.path("deleted").asBoolean(false));
    }

    private static String required(Optional<String> subject) {
        return subject.orElseThrow(() -> new Unreadable("a key without a subject"));
    }

    private static int number(JsonNode json, String field) {
        JsonNode number = json.path(field);
        if (!number.canConvertToInt() || number.intValue() < 1) {
            throw new Unreadable(field + " is not a positive number");
        }
        return number.intValue();
    }

    private static byte[] versionKey(String subject, int version) {
        return bytes(JSON.createObjectNode().put("keytype", "SCHEMA").put("subject", subject).put("version", version)
                .put("magic", 1));
    }

    private static byte[] subjectKey(String type, Optional<String> subject) {
        ObjectNode key = JSON.createObjectNode().put("keytype", type);
        subject.ifPresentOrElse(name -> key.put("subject", name), () -> key.putNull("subject"));
        return bytes(key.put("magic", 0));
    }

    private static JsonNode parse(byte[] json) {
        try {
            JsonNode parsed = JSON.readTree(json);
            if (parsed == null || !parsed.isObject()) {
                throw new Unreadable("not a JSON object");
            }
            return parsed;
        } catch (IOException notJson) {
            throw new Unreadable("not JSON: " + notJson.getMessage());
        }
    }

    private static byte[] bytes(JsonNode json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
