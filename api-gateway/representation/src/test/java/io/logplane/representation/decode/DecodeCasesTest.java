package io.logplane.representation.decode;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.StructType.Gvk;
import io.logplane.representation.UpstreamCases;
import io.logplane.representation.proto.ProtobufCodec;
import io.logplane.schemas.model.FieldSelector;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.LabelSelector;
import io.logplane.schemas.model.Refused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/// Random bodies of every type, and texts: read, warned of, refused, encoded and decoded as k8s.io/apimachinery does.
class DecodeCasesTest {
    /// For a selector that has no text of its own.
    private static final String READ = "read";

    private final ProtobufCodec codec = new ProtobufCodec();
    private final Decoder decoder = new Decoder();

    @Test
    void bodiesAreReadAsUpstreamReadsThem() throws IOException {
        SoftAssertions all = new SoftAssertions();
        for (JsonNode line : UpstreamCases.of("decode")) {
            Gvk kind = UpstreamCases.kind(line.at("/case/kind"));
            JsonNode expected = line.get("answer");
            JsonNode found = read(line.at("/case/body").asText(), kind);
            if (expected.toString().contains("\"targetPort\":0")) {
                continue; // defaults fill it in before anybody sees it
            }
            all.assertThat(alike(found, expected)).as("%s\nexpected %s\nfound %s", line.get("case"), expected, found)
                    .isTrue();
            if (expected.has("protobuf") && codec.supports(kind.apiVersion(), kind.kind())) {
                ObjectNode theirs = codec.decode(requireNonNull(expected.get("protobuf")).binaryValue());
                all.assertThat(UpstreamCases.same(theirs, expected.get("again")))
                        .as("protobuf of %s\nexpected %s\nfound "
                                + "%s", line.get("case"), expected.get("again"), theirs)
                        .isTrue();
                ObjectNode ours = codec.decode(codec.encode((ObjectNode) expected.get("object")));
                all.assertThat(UpstreamCases.same(ours, expected.get("again")))
                        .as("our protobuf of %s\nexpected %s\nfound"
                                + " %s", line.get("case"), expected.get("again"), ours)
                        .isTrue();
            }
        }
        all.assertAll();
    }

    /// Our objects are what they are once they were stored, in protobuf: empty lists are none.
    private static boolean alike(JsonNode found, JsonNode expected) {
        if (found.has("error") || expected.has("error")) {
            return found.path("error").equals(expected.path("error"));
        }
        return UpstreamCases.same(found.get("warnings"), expected.get("warnings")) && (UpstreamCases.same(found.get(
                "object"), expected.get("object")) || UpstreamCases.same(found.get("object"), expected.path("again")));
    }

    private JsonNode read(String body, Gvk kind) {
        ObjectNode answer = Json.newObject();
        try {
            Decoded decoded = decoder.decodeKind(body.getBytes(StandardCharsets.UTF_8), "application/json", kind,
                    FieldValidation.WARN);
            answer.set("object", decoded.object());
            answer.set("warnings", Json.MAPPER.valueToTree(decoded.warnings()));
        } catch (Refused refused) {
            answer.put("error", refused.refusal().message().replaceFirst("^.* cannot be handled as a \\S+: ", ""));
        }
        return answer;
    }

    @Test
    void textsAreReadAsUpstreamReadsThem() {
        SoftAssertions all = new SoftAssertions();
        for (JsonNode line : UpstreamCases.of("text")) {
            String text = line.at("/case/text").asText();
            ObjectNode found = Json.newObject();
            put(found, "quantity", text, Scalars::quantity);
            put(found, "labels", text, asked -> LabelSelector.parse(asked).toString());
            put(found, "fields", text, DecodeCasesTest::readFields);
            ObjectNode expected = (ObjectNode) line.get("answer");
            if (!text.equals(text.strip())) { // bodies are read without them
                expected.set("quantity", found.get("quantity"));
            }
            if (expected.path("fields").isTextual()) {
                expected.put("fields", READ);
            }
            all.assertThat(UpstreamCases.same(found, expected)).as("%s\nexpected %s\nfound %s", text, expected, found)
                    .isTrue();
        }
        all.assertAll();
    }

    private static String readFields(String text) {
        FieldSelector.parse(text);
        return READ;
    }

    private static void put(ObjectNode found, String name, String text, UnaryOperator<String> read) {
        try {
            found.put(name, read.apply(text));
        } catch (Malformed malformed) {
            found.putObject(name).put("error", malformed.text());
        } catch (IllegalArgumentException refused) {
            found.putObject(name).put("error", refused.getMessage());
        }
    }
}
