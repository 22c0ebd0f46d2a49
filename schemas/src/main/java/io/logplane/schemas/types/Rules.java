package io.logplane.schemas.types;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.NameFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What one type demands of its objects. Every function is pure: no clock, no other objects.
///
/// Order in the write pipeline: decode → defaults → prepare → admission (gateway) → validate → append. Only
/// `applyDefaults` and the `prepare` functions change their argument, in place. Common ObjectMeta rules are not here:
/// the
/// pipeline applies them to every type.
/// Before the `prepare` functions of a creation, name, namespace, uid and creationTimestamp are set: some types
/// select by
/// their own uid.
/// Source: upstream's registry strategies.
public interface Rules {
    /// What clients write of metadata.
    List<String> METADATA = List.of("labels", "annotations", "finalizers", "ownerReferences");

    /// Fills fields as upstream's defaulting does.
    default void applyDefaults(ObjectNode object) {
    }

    /// Create: drops what a client may not set (status of types with a status subresource, ...).
    default void prepareForCreate(ObjectNode object) {
    }

    /// Update of the main resource: keeps what only a subresource may change.
    default void prepareForUpdate(ObjectNode object, ObjectNode old) {
    }

    /// Update of a subresource: keeps everything that subresource does not own.
    default void prepareForSubresource(String subresource, ObjectNode object, ObjectNode old) {
    }

    /// The fields of metadata that a write to this subresource leaves as they were. Source: the status strategies of
    /// upstream's registries, ResetObjectMetaForStatus.
    default List<String> keepsOfMetadata(String subresource) {
        return List.of();
    }

    /// Puts in the time where something changed, after one of the prepare methods. Shape: `subresource` "" for the
    /// object itself, `old` empty for a new one.
    default void stamp(String subresource, ObjectNode object, ObjectNode old, String now) {
    }

    default List<FieldError> validate(ObjectNode object) {
        return List.of();
    }

    /// What only a new object must fulfil; `validate` has run before.
    default List<FieldError> validateCreate(ObjectNode object) {
        return List.of();
    }

    /// As [#validateCreate], for types that judge less of an object whose metadata is wrong. Shape: `metadata` is told
    /// elsewhere.
    default List<FieldError> validateCreate(ObjectNode object, List<FieldError> metadata) {
        return validateCreate(object);
    }

    /// Immutability and transitions; `validate` has run before.
    default List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        return List.of();
    }

    default List<FieldError> validateSubresource(String subresource, ObjectNode object, ObjectNode old) {
        return List.of();
    }

    /// What came of an update: reasons to refuse it, and `Warning` header texts for what is wrong but was so before.
    record Judgement(List<FieldError> errors, List<String> warnings) {
    }

    /// `validateUpdate`, or `validateSubresource` where a subresource is named, for types that warn as well or judge
    /// less of an object whose metadata is wrong. Shape: `metadata` is told elsewhere.
    default Judgement judgeUpdate(String subresource, ObjectNode object, ObjectNode old, List<FieldError> metadata) {
        return new Judgement(subresource.isEmpty()
                ? validateUpdate(object, old)
                : validateSubresource(subresource, object, old), List.of());
    }

    /// What is wrong with a stored object by today's rules: an update is not refused for what was so before. Types
    /// whose updates are judged that way already have nothing here.
    default List<FieldError> known(ObjectNode old) {
        return Stream.concat(validate(old).stream(), validateCreate(old).stream()).toList();
    }

    /// True when a change from `old` to `object` must raise metadata.generation.
    default boolean raisesGeneration(ObjectNode object, ObjectNode old) {
        return false;
    }

    /// True when the type has metadata.generation at all.
    default boolean hasGeneration() {
        return false;
    }

    /// True when a PUT without resourceVersion is allowed.
    default boolean allowsUnconditionalUpdate() {
        return true;
    }

    /// True when a PUT of a name that does not exist creates it.
    default boolean allowsCreateOnUpdate() {
        return false;
    }

    /// What names of this type may look like.
    default NameFormat nameFormat() {
        return NameFormat.SUBDOMAIN;
    }

    /// `Warning` header texts for an object that is created or updated, whatever it was before.
    default List<String> warnings(ObjectNode object) {
        return List.of();
    }

    /// As [#warnings], of a new object as its client sent it: before `prepareForCreate`.
    default List<String> warningsBeforeCreate(ObjectNode object) {
        return List.of();
    }

    default List<String> warningsOnCreate(ObjectNode object) {
        return warnings(object);
    }

    default List<String> warningsOnUpdate(String subresource, ObjectNode object, ObjectNode old) {
        return subresource.isEmpty() ? warnings(object) : List.of();
    }

    /// Seconds of graceful deletion for an object when DeleteOptions says nothing; 0: deleted at once.
    default long defaultGraceSeconds(ObjectNode object) {
        return 0;
    }

    /// How this version becomes the stored one and back; empty: it is the stored one. All other functions see objects
    /// in the stored form.
    default Optional<Conversion> conversion() {
        return Optional.empty();
    }

    /// True when columns, selectable fields and scale read the version asked for, not the stored one.
    default boolean readsServedForm() {
        return false;
    }

    /// The version that objects are stored in, of a custom type; else "".
    default String storageVersion() {
        return "";
    }

    /// True when the items of a list have kind and apiVersion each: those of custom types.
    default boolean itemsNameTheirKind() {
        return false;
    }

    /// The kind of lists where it is not the kind followed by `List`.
    default Optional<String> listKind() {
        return Optional.empty();
    }

    /// Where the subresource `scale` finds its numbers.
    default ScalePaths scale() {
        return ScalePaths.USUAL;
    }

    /// First deletion of an object: adds the finalizers of whoever must clean up behind it, and says so in the status.
    default void prepareForDelete(ObjectNode object, String now) {
    }

    /// True when the type is being taken away: what there is can be read, changed and deleted, nothing be created.
    default boolean closing() {
        return false;
    }

    /// What two snapshots of one type have equal as long as they read and write its objects alike.
    default Object edition() {
        return "";
    }

    /// What every client of a deprecated version is warned of.
    default Optional<String> deprecation() {
        return Optional.empty();
    }

    /// A type without rules of its own.
    Rules NONE = new Rules() {
    };
}
