package io.logplane.gateway.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.types.ResourceType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The pipeline's door to decoding, patching and field ownership.
///
/// Errors: everything refuses with [io.logplane.schemas.model.Refused] in upstream's words. Thread: any.
public interface Representations {

    /// How unknown and duplicate fields are treated.
    enum Validation {
        IGNORE, WARN, STRICT
    }

    record Decoded(ObjectNode object, List<String> warnings) {
    }

    /// A body as an object of the type, in the stored version; the object to be applied stays in the version it came.
    Decoded decode(byte[] body, String contentType, ResourceType type, Validation validation);

    /// A body as an object of another kind (DeleteOptions, Binding, Scale, TokenRequest, ...).
    ObjectNode decodeKind(byte[] body, String contentType, String group, String version, String kind);

    /// The object after a JSON, merge or strategic patch in the type's version. Shape: `original` and result in the
    /// stored version, with resourceVersion.
    Decoded patch(String contentType, ObjectNode original, byte[] patch, ResourceType type, Validation validation);

    /// True when the content type is that of server-side apply.
    boolean isApply(String contentType);

    /// True when the content type is that of any patch.
    boolean isPatch(String contentType);

    /// The object after server-side apply, with its managedFields.
    ObjectNode apply(Optional<ObjectNode> live, ObjectNode applied, Writer writer, ResourceType type);

    /// Brings metadata.managedFields of `updated` up to date, in place. Shape: `live` empty for a create.
    void manage(Optional<ObjectNode> live, ObjectNode updated, Writer writer, ResourceType type);

    /// Writes into a Scale who owns the replicas of its object.
    void showOwners(ObjectNode object, ObjectNode scale, ResourceType type);

    /// Writes into the object who owns its replicas after a change of its Scale.
    void settleOwners(ObjectNode scale, ObjectNode object, ResourceType type);

    /// Who owns the fields that a write sets.
    record Writer(String manager, boolean force, String subresource, Instant now) {
    }
}
