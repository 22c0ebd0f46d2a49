package io.logplane.schemas.types;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// How a served version that is not the stored one becomes it, and back.
///
/// Everything between decoding and answering (defaults, admission, validation, selection, the log) knows the stored
/// form only. Built-in conversions are pure and total: what one form cannot say travels in annotations.
/// Shape: arguments stay as they are; results are new trees, with metadata.resourceVersion where the argument has it.
/// Errors: [io.logplane.schemas.model.Refused] where a conversion may fail (webhooks of custom resources).
/// Source: k8s.io/kubernetes/pkg/apis conversion functions.
public interface Conversion {

    /// The version whose form is stored.
    ResourceType storage();

    /// What was stored, in the form objects are stored in today; itself unless the stored version has changed since.
    default ObjectNode present(ObjectNode stored) {
        return stored;
    }

    ObjectNode toStorage(ObjectNode object);

    ObjectNode fromStorage(ObjectNode object);

    /// A whole list at once, for conversions that cost a round trip. Shape: same order and length.
    default List<ObjectNode> allFromStorage(List<ObjectNode> objects) {
        return objects.stream().map(this::fromStorage).toList();
    }
}
