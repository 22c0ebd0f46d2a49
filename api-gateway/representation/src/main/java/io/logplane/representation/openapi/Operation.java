package io.logplane.representation.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.StructType.Gvk;
import java.util.List;
import java.util.Optional;

/// One operation on its way into a document.
///
/// Shape: `parameters` as [Parameters] names them, those of the path included; `body` the reference to its schema;
/// `sharedBody` the name by which v2 shares it or ""; `answer` the schema of success, `codes` under which it comes.
record Operation(String method, String action, String id, Gvk kind, List<String> parameters, Optional<ObjectNode> body,
        String sharedBody, ObjectNode answer, List<String> codes, List<String> produces, List<String> consumes) {

    Operation {
        parameters = List.copyOf(parameters);
        codes = List.copyOf(codes);
        produces = List.copyOf(produces);
        consumes = List.copyOf(consumes);
    }
}
