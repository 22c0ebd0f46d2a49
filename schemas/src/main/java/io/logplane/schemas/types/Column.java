package io.logplane.schemas.types;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.function.BiFunction;

/// One Table column. `cell` gives a String, Long or Boolean from the object (with resourceVersion) and the present time
/// (ages are relative), or null-free placeholders such as `<none>`, exactly as upstream prints.
public record Column(String name, String type, String format, int priority,
        BiFunction<ObjectNode, Instant, Object> cell) {
}
