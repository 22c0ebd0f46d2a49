package io.logplane.schemas.types;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiFunction;

/// One Table column. `cell` gives a String, Long or Boolean from the object (with resourceVersion) and the present time
/// (ages are relative), or null-free placeholders such as `<none>`, exactly as upstream prints.
///
/// `description` is what the definition says of the column; empty: the description of the field it shows.
public record Column(String name, String type, String format, int priority,
        BiFunction<ObjectNode, Instant, Object> cell, Optional<String> description) {

    public Column(String name, String type, String format, int priority,
            BiFunction<ObjectNode, Instant, Object> cell) {
        this(name, type, format, priority, cell, Optional.empty());
    }
}
