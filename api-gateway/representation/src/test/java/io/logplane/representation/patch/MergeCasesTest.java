package io.logplane.representation.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.UpstreamCases;
import io.logplane.schemas.model.Json;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/// Random objects and patches, merged as strategicpatch merges them.
class MergeCasesTest {
    /// What upstream cannot do and we can: an order for an empty list, maps of lists, members of what has any form.
    private static final Pattern LENIENT = Pattern.compile("no elements in any of the given slices"
            + "|merging an object in json but data type is not struct.*"
            + "|unable to find api field in struct RawExtension.*");

    @Test
    void patchesMergeAsUpstreamMergesThem() {
        SoftAssertions all = new SoftAssertions();
        for (JsonNode line : UpstreamCases.of("merge")) {
            JsonNode expected = line.get("answer");
            if (expected.has("panic") || LENIENT.matcher(expected.path("error").asText()).matches()) {
                continue;
            }
            JsonNode found = merged(line.get("case"));
            boolean same = expected.has("error") || found.has("error")
                    ? expected.has("error") && found.has("error") // which error depends on Go's order of maps
                    : UpstreamCases.same(found, expected);
            all.assertThat(same).as("%s\nexpected %s\nfound %s", line.get("case"), expected, found).isTrue();
        }
        all.assertAll();
    }

    private static ObjectNode merged(JsonNode asked) {
        ObjectNode answer = Json.newObject();
        try {
            answer.set("object", StrategicMerge.apply(asked.get("original").deepCopy(), asked.get("patch").deepCopy(),
                    UpstreamCases.struct(UpstreamCases.kind(asked.get("kind")))));
        } catch (PatchFailed failed) {
            answer.put("error", failed.text());
        }
        return answer;
    }
}
