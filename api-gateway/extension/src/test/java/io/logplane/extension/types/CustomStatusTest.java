package io.logplane.extension.types;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.definitions.Definition;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.Rules;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CustomStatusTest {
    private static final Rules RULES = CustomTypes.of(new Definition(
            object("""
                    {"metadata": {"name": "things.example.com"}, "spec": {"group": "example.com", "scope": "Namespaced",
                      "names": {"plural": "things", "singular": "thing", "kind": "Thing", "listKind": "ThingList"},
                      "versions": [{"name": "v1", "served": true, "storage": true, "subresources": {"status": {}},
                        "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": {"type": "object"},
                          "status": {"type": "object", "default": {"phase": "New"}, "properties": {
                            "phase": {"type": "string"}, "at": {"type": "string"}}}}}}}]},
                      "status": {"storedVersions": ["v1"], "acceptedNames": {"plural": "things", "singular": "thing",
                        "kind": "Thing", "listKind": "ThingList"}, "conditions": [{"type": "Established", "status": "True"}]}}""")),
            Converter.RENAMING).served().getFirst().rules();

    private static ObjectNode object(String json) {
        return Json.object(json.getBytes(StandardCharsets.UTF_8));
    }

    /// Upstream's reading fills it in, so that every answer has it.
    @Test
    void an_object_without_a_status_of_its_own_has_the_default() {
        ObjectNode created = object("{\"spec\":{},\"status\":{\"phase\":\"Mine\"}}");
        RULES.prepareForCreate(created);
        assertThat(created).isEqualTo(object("{\"spec\":{},\"status\":{\"phase\":\"New\"}}"));

        ObjectNode next = object("{\"spec\":{\"a\":1},\"status\":{\"phase\":\"Mine\"}}");
        RULES.prepareForUpdate(next, object("{\"spec\":{}}"));
        assertThat(next.path("status")).isEqualTo(object("{\"phase\":\"New\"}"));
    }

    @Test
    void a_status_stays_through_updates() {
        ObjectNode next = object("{\"spec\":{},\"status\":{\"phase\":\"Mine\"}}");
        RULES.prepareForUpdate(next, object("{\"status\":{\"at\":\"x\"}}"));
        assertThat(next.path("status")).isEqualTo(object("{\"at\":\"x\"}"));
    }
}
