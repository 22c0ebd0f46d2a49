package io.logplane.broker.registry;

import io.logplane.broker.registry.SchemaRecord.Mode;
import io.logplane.broker.registry.SchemaRecord.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/// The rules of the registry: what may be registered, found, deleted and configured. No HTTP and no Kafka.
///
/// Subjects of Logplane's own topics are kept for ever: they cannot be deleted, and their compatibility cannot be
/// loosened,
/// because records of every age must stay readable.
/// Limits: a schema of [#MAX_SCHEMA_CHARS]. References between schemas and types other than Avro are refused.
/// Errors: [RegistryRefusal]. Thread: any; one call at a time.
final class SchemaRegistry {
    /// A hundred times our largest schema.
    private static final int MAX_SCHEMA_CHARS = 512 * 1024;
    private static final int LATEST = -1;

    private final SchemaState state;
    private final SchemaLog log;
    private final Predicate<String> keptForEver;

    /// Shape: `log` applies what it appended to the state before it returns.
    SchemaRegistry(SchemaState state, Function<SchemaState, SchemaLog> log, Predicate<String> keptForEver) {
        this.state = state;
        this.log = log.apply(state);
        this.keptForEver = keptForEver;
    }

    synchronized int register(String subject, String text) {
        Schema schema = parse(text);
        String canonical = schema.toString();
        Optional<Version> same = state.versions(subject, false).stream()
                .filter(version -> version.schema().equals(canonical)).findFirst();
        if (same.isPresent()) {
            return same.get().id();
        }
        if (state.effectiveMode(subject) == Mode.READONLY) {
            throw RegistryRefusal.notPermitted("Subject " + subject + " is in read-only mode");
        }
        List<String> problems = state.effectiveLevel(subject).problems(schema, earlier(subject));
        if (!problems.isEmpty()) {
            throw RegistryRefusal.incompatible(subject, problems);
        }
        int id = state.id(canonical).orElseGet(state::nextId);
        Version version = new Version(subject, state.nextVersion(subject), id, canonical, false);
        log.append(version);
        if (!state.version(subject, version.version(), true).equals(Optional.of(version))) {
            throw RegistryRefusal.storeFailed("another registry writes _schemas at the same time");
        }
        return id;
    }

    synchronized Version lookup(String subject, String text, boolean deleted) {
        String canonical = parse(text).toString();
        if (state.versions(subject, deleted).isEmpty()) {
            throw RegistryRefusal.noSubject(subject);
        }
        return state.versions(subject, deleted).reversed().stream()
                .filter(version -> version.schema().equals(canonical)).findFirst()
                .orElseThrow(() -> RegistryRefusal.noSchema("for subject '" + subject + "'"));
    }

    synchronized List<String> subjects(String prefix, boolean deleted) {
        return state.subjectNames(deleted).stream().filter(subject -> subject.startsWith(prefix)).toList();
    }

    synchronized List<Integer> versions(String subject, boolean deleted) {
        List<Version> versions = state.versions(subject, deleted);
        if (versions.isEmpty()) {
            throw RegistryRefusal.noSubject(subject);
        }
        return versions.stream().map(Version::version).toList();
    }

    synchronized Version version(String subject, String number, boolean deleted) {
        int wanted = versionNumber(number);
        List<Version> versions = state.versions(subject, deleted);
        if (versions.isEmpty()) {
            throw RegistryRefusal.noSubject(subject);
        }
        return wanted == LATEST
                ? versions.getLast()
                : state.version(subject, wanted, deleted).orElseThrow(() -> RegistryRefusal.noVersion(number));
    }

    synchronized String schema(int id) {
        return state.schema(id).orElseThrow(() -> RegistryRefusal.noSchema(Integer.toString(id)));
    }

    synchronized List<Version> uses(int id, boolean deleted) {
        schema(id);
        return state.uses(id, deleted);
    }

    /// Shape: `number` empty: against all that the level names, else against that version alone.
    synchronized List<String> problems(String subject, Optional<String> number, String text) {
        Schema candidate = parse(text);
        Compatibility level = state.effectiveLevel(subject);
        List<Schema> against = number.isEmpty()
                ? earlier(subject)
                : List.of(new Schema.Parser().parse(version(subject, number.get(), false).schema()));
        return level.problems(candidate, against);
    }

    synchronized List<Integer> deleteSubject(String subject, boolean permanent) {
        refuseKept(subject);
        List<Version> all = state.versions(subject, true);
        List<Version> live = state.versions(subject, false);
        if (all.isEmpty()) {
            throw RegistryRefusal.noSubject(subject);
        }
        if (permanent && !live.isEmpty()) {
            throw RegistryRefusal.subjectNotSoftDeleted(subject);
        }
        if (!permanent && live.isEmpty()) {
            throw RegistryRefusal.subjectSoftDeleted(subject);
        }
        if (permanent) {
            all.forEach(version -> log.append(new SchemaRecord.Erased(subject, version.version())));
            return all.stream().map(Version::version).toList();
        }
        log.append(new SchemaRecord.SubjectDeleted(subject, live.getLast().version()));
        return live.stream().map(Version::version).toList();
    }

    synchronized int deleteVersion(String subject, String number, boolean permanent) {
        refuseKept(subject);
        Version version = version(subject, number, true);
        if (permanent && !version.deleted()) {
            throw RegistryRefusal.versionNotSoftDeleted(subject, version.version());
        }
        if (!permanent && version.deleted()) {
            throw RegistryRefusal.versionSoftDeleted(subject, version.version());
        }
        log.append(permanent ? new SchemaRecord.Erased(subject, version.version()) : version.asDeleted());
        return version.version();
    }

    synchronized Compatibility level(Optional<String> subject, boolean orDefault) {
        if (subject.isEmpty()) {
            return state.level(subject).orElse(SchemaState.DEFAULT_LEVEL);
        }
        return orDefault
                ? state.effectiveLevel(subject.get())
                : state.level(subject).orElseThrow(() -> RegistryRefusal.noLevel(subject.get()));
    }

    synchronized Compatibility setLevel(Optional<String> subject, String name) {
        Compatibility level = Compatibility.parse(name).orElseThrow(() -> RegistryRefusal.invalidLevel(name));
        if (subject.isPresent() && keptForEver.test(subject.get()) && !level.keepsOldRecordsReadable()) {
            throw RegistryRefusal.notPermitted(
                    "Subject " + subject.get()
                            + " must stay at least BACKWARD compatible: its records are kept for ever");
        }
        log.append(new SchemaRecord.LevelSet(subject, Optional.of(level)));
        return level;
    }

    /// Gives what was in force before.
    synchronized Compatibility clearLevel(Optional<String> subject) {
        Compatibility before = level(subject, false);
        log.append(new SchemaRecord.LevelSet(subject, Optional.empty()));
        return before;
    }

    synchronized Mode mode(Optional<String> subject, boolean orDefault) {
        if (subject.isEmpty()) {
            return state.mode(subject).orElse(Mode.READWRITE);
        }
        return orDefault
                ? state.effectiveMode(subject.get())
                : state.mode(subject).orElseThrow(() -> RegistryRefusal.noMode(subject.get()));
    }

    synchronized Mode setMode(Optional<String> subject, String name) {
        Mode mode = SchemaRecord.mode(name).orElseThrow(() -> RegistryRefusal.invalidMode(name));
        log.append(new SchemaRecord.ModeSet(subject, Optional.of(mode)));
        return mode;
    }

    synchronized Mode clearMode(Optional<String> subject) {
        Mode before = mode(subject, false);
        log.append(new SchemaRecord.ModeSet(subject, Optional.empty()));
        return before;
    }

    void close() {
        log.close();
    }

    private List<Schema> earlier(String subject) {
        List<Schema> schemas = new ArrayList<>();
        state.versions(subject, false).forEach(version -> schemas.add(new Schema.Parser().parse(version.schema())));
        return schemas;
    }

    private void refuseKept(String subject) {
        if (keptForEver.test(subject)) {
            throw RegistryRefusal.notPermitted(
                    "Subject " + subject + " cannot be deleted: records written with it are kept for ever");
        }
    }

    private static Schema parse(String text) {
        if (text.length() > MAX_SCHEMA_CHARS) {
            throw RegistryRefusal.invalidSchema(text.length() + " characters, at most " + MAX_SCHEMA_CHARS);
        }
        try {
            return new Schema.Parser().parse(text);
        } catch (AvroRuntimeException | StackOverflowError invalid) {
            throw RegistryRefusal.invalidSchema(String.valueOf(invalid.getMessage()));
        }
    }

    private static int versionNumber(String number) {
        if (number.equals("latest") || number.equals("-1")) {
            return LATEST;
        }
        try {
            int parsed = Integer.parseInt(number);
            if (parsed > 0) {
                return parsed;
            }
        } catch (NumberFormatException notOne) {
            throw RegistryRefusal.invalidVersion(number);
        }
        throw RegistryRefusal.invalidVersion(number);
    }
}
