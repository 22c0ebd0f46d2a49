package io.logplane.schemas.types;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.Samples;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Tree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What kube-apiserver 1.36 answered to each object of a table: the object with its defaults, or the causes of refusal.
/// What admission and address allocation add is left out on both sides.
class CreateAnswersTest {
    private static final List<String> ADMISSION = List.of("tolerations", "priority", "preemptionPolicy",
            "serviceAccount", "serviceAccountName", "volumes");
    private static final List<String> ALLOCATION = List.of("clusterIP", "clusterIPs");

    static Stream<JsonNode> answers() throws IOException {
        try (InputStream in = CreateAnswersTest.class.getResourceAsStream("/io/logplane/schemas/creates.jsonl")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .map(line -> (JsonNode) Json.object(line.getBytes(StandardCharsets.UTF_8))).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("answers")
    void answersAsUpstream(JsonNode row) {
        ResourceType type = ResourceTypes.ALL.stream().filter(t -> t.plural().equals(row.path("type").asText()))
                .findFirst().orElseThrow();
        ObjectNode object = created(type, row.path("send").deepCopy());
        List<FieldError> problems = type.problems(object);
        if (row.has("causes")) {
            List<List<String>> expected = Json.MAPPER.convertValue(row.get("causes"),
                    Json.MAPPER.getTypeFactory().constructCollectionType(List.class, List.class));
            assertThat(problems.stream()
                    .map(p -> List.of(p.field(), p.message().replace("10.9.8.7", "<ip>"), p.type().reason())))
                    .containsExactlyInAnyOrderElementsOf(expected);
        } else {
            assertThat(problems).isEmpty();
            assertThat(stripped(object, row.path("drop")))
                    .isEqualTo(stripped(row.path("answer").deepCopy(), row.path("drop")));
        }
    }

    private static ObjectNode created(ResourceType type, ObjectNode object) {
        Tree.object(object, "metadata").put("uid", "u-1");
        if (type.namespaced()) {
            Tree.object(object, "metadata").put("namespace", "ns");
        }
        object.put("kind", type.kind()).put("apiVersion", type.apiVersion());
        type.rules().applyDefaults(object);
        type.rules().prepareForCreate(object);
        if (type.rules().hasGeneration()) {
            Tree.object(object, "metadata").put("generation", 1);
        }
        return object;
    }

    private static ObjectNode stripped(ObjectNode object, JsonNode drop) {
        Tree.object(object, "metadata").remove(List.of("creationTimestamp", "resourceVersion"));
        if (object.get("spec") instanceof ObjectNode spec) {
            spec.remove(ALLOCATION);
            if (object.path("kind").asText().equals("Pod")) {
                spec.remove(ADMISSION);
                Tree.objects(spec, "containers").forEach(c -> c.remove("volumeMounts"));
            }
        }
        for (JsonNode path : drop) {
            String text = path.asText();
            int dot = text.lastIndexOf('.');
            if (dot < 0) {
                object.remove(text);
            } else if (Tree.at(object, text.substring(0, dot)) instanceof ObjectNode parent) {
                parent.remove(text.substring(dot + 1));
            }
        }
        return object;
    }
}
