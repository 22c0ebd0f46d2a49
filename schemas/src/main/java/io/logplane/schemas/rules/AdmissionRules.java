package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Rules;
import java.util.List;

/// What admission is told by objects of the API: replaced under its version only, and not named as what it is told by
/// files.
interface AdmissionRules extends Rules {
    String OF_FILES = ".static.k8s.io";

    @Override
    default boolean allowsUnconditionalUpdate() {
        return false;
    }

    @Override
    default List<String> warnings(ObjectNode object) {
        return Tree.text(object, "metadata.name").endsWith(OF_FILES)
                ? List.of("metadata.name: names ending with " + Problems.quoted(OF_FILES) + " are reserved for static "
                        + "manifest-based configurations and cannot be managed via the API")
                : List.of();
    }

    /// Whatever part of it is updated.
    @Override
    default List<String> warningsOnUpdate(String subresource, ObjectNode object, ObjectNode old) {
        return warnings(object);
    }
}
