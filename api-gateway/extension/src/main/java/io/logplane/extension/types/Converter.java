package io.logplane.extension.types;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Turns objects of one version of a custom type into those of another.
///
/// Shape: same order and length; arguments stay as they are, results are new trees.
/// Errors: [io.logplane.schemas.model.Refused] when somebody else was asked and did not do it.
public interface Converter {

    /// Strategy None: all versions have the same fields.
    Converter RENAMING = (objects, apiVersion) -> objects.stream().map(object -> {
        ObjectNode copy = object.deepCopy();
        copy.put("apiVersion", apiVersion);
        return copy;
    }).toList();

    List<ObjectNode> convert(List<ObjectNode> objects, String apiVersion);
}
