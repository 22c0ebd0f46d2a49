package io.logplane.representation.decode;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// An object as upstream would return it, and the texts for `Warning` headers (empty unless WARN).
public record Decoded(ObjectNode object, List<String> warnings) {
    public Decoded {
        warnings = List.copyOf(warnings);
    }
}
