package io.logplane.schemas.types;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Function;

/// A field usable in `fieldSelector`: its path as clients write it and its value in an object ("" when absent).
public record SelectableField(String path, Function<ObjectNode, String> value) {
}
