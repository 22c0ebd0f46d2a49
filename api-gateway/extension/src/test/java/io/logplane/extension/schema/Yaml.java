package io.logplane.extension.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.decode.Decoder;
import io.logplane.representation.decode.FieldValidation;
import java.nio.charset.StandardCharsets;

/// Short texts of tests as trees.
final class Yaml {
    private Yaml() {
    }

    static ObjectNode object(String yaml) {
        return new Decoder().decodeApply(yaml.getBytes(StandardCharsets.UTF_8), FieldValidation.IGNORE).object();
    }

    static JsonNode value(String yaml) {
        return object("v: " + yaml).path("v");
    }
}
