package io.logplane.broker.registry;

import io.logplane.broker.registry.SchemaRecord.Mode;
import io.logplane.broker.registry.SchemaRecord.Version;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// What replaying `_schemas` gives.
///
/// Equal canonical schemas have equal ids, whatever their subject. Pure but mutable; guarded by [SchemaRegistry].
final class SchemaState {
    /// New schemas must read old records unless somebody decides otherwise: records stay in logs for ever.
    static final Compatibility DEFAULT_LEVEL = Compatibility.BACKWARD;

    private final NavigableMap<String, NavigableMap<Integer, Version>> subjects = new TreeMap<>();
    private final Map<Integer, String> schemas = new HashMap<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final Map<Optional<String>, Compatibility> levels = new HashMap<>();
    private final Map<Optional<String>, Mode> modes = new HashMap<>();
    private int highestId;

    void apply(SchemaRecord record) {
        switch (record) {
            case Version version -> put(version);
            case SchemaRecord.Erased erased -> erase(erased);
            case SchemaRecord.SubjectDeleted gone -> versions(gone.subject(), false).stream()
                    .filter(version -> version.version() <= gone.upTo()).toList()
                    .forEach(version -> put(version.asDeleted()));
            case SchemaRecord.LevelSet set -> set.level().ifPresentOrElse(level -> levels.put(set.subject(), level),
                    () -> levels.remove(set.subject()));
            case SchemaRecord.ModeSet set -> set.mode().ifPresentOrElse(mode -> modes.put(set.subject(), mode),
                    () -> modes.remove(set.subject()));
            case SchemaRecord.Noop _ -> {
            }
        }
    }

    List<String> subjectNames(boolean deleted) {
        return subjects.keySet().stream().filter(subject -> !versions(subject, deleted).isEmpty()).toList();
    }

    /// Oldest first; empty when there is no such subject.
    List<Version> versions(String subject, boolean deleted) {
        return subjects.getOrDefault(subject, new TreeMap<>()).values().stream()
                .filter(version -> deleted || !version.deleted()).toList();
    }

    Optional<Version> version(String subject, int number, boolean deleted) {
        return Optional.ofNullable(subjects.getOrDefault(subject, new TreeMap<>()).get(number))
                .filter(version -> deleted || !version.deleted());
    }

    Optional<String> schema(int id) {
        return Optional.ofNullable(schemas.get(id));
    }

    Optional<Integer> id(String canonical) {
        return Optional.ofNullable(ids.get(canonical));
    }

    List<Version> uses(int id, boolean deleted) {
        return subjects.values().stream().map(Map::values).flatMap(Collection::stream)
                .filter(version -> version.id() == id && (deleted || !version.deleted())).toList();
    }

    int nextId() {
        return highestId + 1;
    }

    int nextVersion(String subject) {
        NavigableMap<Integer, Version> versions = subjects.get(subject);
        return versions == null || versions.isEmpty() ? 1 : versions.lastKey() + 1;
    }

    Optional<Compatibility> level(Optional<String> subject) {
        return Optional.ofNullable(levels.get(subject));
    }

    Compatibility effectiveLevel(String subject) {
        return level(Optional.of(subject)).or(() -> level(Optional.empty())).orElse(DEFAULT_LEVEL);
    }

    Optional<Mode> mode(Optional<String> subject) {
        return Optional.ofNullable(modes.get(subject));
    }

    Mode effectiveMode(String subject) {
        return mode(Optional.of(subject)).or(() -> mode(Optional.empty())).orElse(Mode.READWRITE);
    }

    private void put(Version version) {
        subjects.computeIfAbsent(version.subject(), unused -> new TreeMap<>()).put(version.version(), version);
        schemas.put(version.id(), version.schema());
        ids.putIfAbsent(version.schema(), version.id());
        highestId = Math.max(highestId, version.id());
    }

    private void erase(SchemaRecord.Erased erased) {
        NavigableMap<Integer, Version> versions = subjects.get(erased.subject());
        Version gone = versions == null ? null : versions.remove(erased.version());
        if (versions != null && versions.isEmpty()) {
            subjects.remove(erased.subject());
        }
        if (gone != null && uses(gone.id(), true).isEmpty()) {
            schemas.remove(gone.id());
            ids.remove(gone.schema(), gone.id());
        }
    }
}
