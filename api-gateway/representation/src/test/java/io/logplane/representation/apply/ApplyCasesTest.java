package io.logplane.representation.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.StructType.Gvk;
import io.logplane.representation.UpstreamCases;
import io.logplane.representation.apply.ManagedFields.Writer;
import io.logplane.representation.decode.Malformed;
import io.logplane.representation.decode.StructReader;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.ResourceTypes;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/// Random applies and updates of three managers: objects, owners and conflicts are those of structured-merge-diff.
class ApplyCasesTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    /// Times of owners, and what defaults fill in before anybody owns it.
    private static final List<String> NOT_COMPARED = List.of("time", "f:targetPort", "targetPort");
    /// Kinds that nobody stores; stringData, which is data before owners are known; values of any form, which change
    /// hands upstream though they stay the same.
    private static final Pattern LEFT_OUT = Pattern.compile("no type found|\"stringData\"|\"parameters\"");

    @Test
    void ownersAndConflictsAreUpstreams() {
        SoftAssertions all = new SoftAssertions();
        for (JsonNode line : UpstreamCases.of("apply")) {
            Gvk kind = UpstreamCases.kind(line.at("/case/kind"));
            Optional<ResourceType> type = ResourceTypes.byKind(kind.group(), kind.version(), kind.kind());
            if (type.isPresent() && !LEFT_OUT.matcher(line.toString()).find()) {
                compare(line, kind, type.get(), all);
            }
        }
        all.assertAll();
    }

    private static void compare(JsonNode line, Gvk kind, ResourceType type, SoftAssertions all) {
        Optional<ObjectNode> live = Optional.empty();
        for (int i = 0; i < line.get("answer").size(); i++) {
            JsonNode step = line.at("/case/steps").get(i);
            JsonNode expected = comparable(line.get("answer").get(i));
            ObjectNode found = taken(live.map(ObjectNode::deepCopy), step, kind, type);
            JsonNode shown = comparable(found);
            boolean same = UpstreamCases.same(shown, expected);
            all.assertThat(same).as("step %d of %s\nexpected %s\nfound %s", i, line.get("case"), expected, shown)
                    .isTrue();
            if (!same) {
                return;
            }
            live = found.has("object") ? Optional.of((ObjectNode) found.get("object")) : live;
        }
    }

    private static ObjectNode taken(Optional<ObjectNode> live, JsonNode step, Gvk kind, ResourceType type) {
        Writer writer = new Writer(step.get("manager").asText(), step.get("force").asBoolean(), "", NOW);
        ObjectNode answer = Json.newObject();
        ObjectNode object = step.get("object").deepCopy();
        try {
            if (step.get("apply").asBoolean()) {
                answer.set("object", ServerSideApply.apply(live, object, writer, VersionedType.of(type)));
            } else {
                ObjectNode updated = StructReader.normalise(object, UpstreamCases.struct(kind));
                updated.put("kind", kind.kind()).put("apiVersion", kind.apiVersion());
                ManagedFields.update(live, updated, writer, VersionedType.of(type));
                answer.set("object", updated);
            }
        } catch (Refused refused) {
            answer.put("error", refused.refusal().message());
        } catch (Malformed malformed) {
            answer.put("error", malformed.text());
        }
        return answer;
    }

    /// Without nulls and what is not compared, owners in an order.
    private static JsonNode comparable(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode out = Json.newObject();
            object.properties().forEach(member -> {
                if (!NOT_COMPARED.contains(member.getKey()) && !member.getValue().isNull()) {
                    out.set(member.getKey(), member.getKey().equals("managedFields")
                            ? sorted(comparable(member.getValue()))
                            : comparable(member.getValue()));
                }
            });
            return out;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode out = Json.MAPPER.createArrayNode();
            array.forEach(element -> out.add(comparable(element)));
            return out;
        }
        return node;
    }

    private static JsonNode sorted(JsonNode owners) {
        ArrayNode out = Json.MAPPER.createArrayNode();
        StreamSupport.stream(owners.spliterator(), false).sorted(Comparator.comparing(owner -> owner.path("manager")
                .asText() + owner.path("operation").asText())).forEach(out::add);
        return out;
    }
}
