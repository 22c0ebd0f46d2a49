package io.logplane.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.StructType.Gvk;
import io.logplane.representation.decode.Decoder;
import io.logplane.representation.decode.FieldValidation;
import io.logplane.representation.proto.ProtobufCodec;
import io.logplane.schemas.model.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// The golden objects of k8s.io/api, every field of every type filled, in JSON, YAML and protobuf: each form is read to
/// the same object, and written byte for byte.
///
/// They come with client-go's sources, which `./logplane test` fetches from Debian; without them this is skipped.
class GoldenObjectsTest {
    private static final Path GOLDEN = Path.of("../target/go/usr/share/gocode/src/k8s.io/api/testdata/HEAD");
    private static final int SERVED = 70;

    @Test
    void formsOfAnObjectAgree() throws IOException {
        Assumptions.assumeTrue(Files.isDirectory(GOLDEN), "no golden objects in " + GOLDEN);
        ProtobufCodec codec = new ProtobufCodec();
        SoftAssertions all = new SoftAssertions();
        int served = 0;
        for (Path json : names()) {
            ObjectNode tree = (ObjectNode) Json.MAPPER.readTree(json.toFile());
            if (codec.supports(tree.path("apiVersion").asText(), tree.path("kind").asText())) {
                compare(json, tree, codec, all);
                served++;
            }
        }
        all.assertAll();
        assertThat(served).isGreaterThanOrEqualTo(SERVED);
    }

    private static void compare(Path json, ObjectNode tree, ProtobufCodec codec, SoftAssertions all)
            throws IOException {
        String name = json.toString().replaceAll("json$", "");
        byte[] yaml = Files.readAllBytes(Path.of(name + "yaml"));
        byte[] proto = Files.readAllBytes(Path.of(name + "pb"));
        ObjectNode read = read(tree, Files.readAllBytes(json), "application/json");
        all.assertThat(read.toPrettyString()).as(name + "json").isEqualTo(tree.toPrettyString());
        all.assertThat(read(tree, yaml, "application/yaml").toPrettyString()).as(name + "yaml")
                .isEqualTo(tree.toPrettyString());
        all.assertThat(codec.decode(proto).toPrettyString()).as(name + "pb").isEqualTo(tree.toPrettyString());
        all.assertThat(HexFormat.of().formatHex(codec.encode(tree))).as(name + "pb written")
                .isEqualTo(HexFormat.of().formatHex(proto));
        all.assertThat(new String(Yaml.of(tree), StandardCharsets.UTF_8)).as(name + "yaml written")
                .isEqualTo(new String(yaml, StandardCharsets.UTF_8));
    }

    private static ObjectNode read(ObjectNode tree, byte[] body, String form) {
        String api = tree.path("apiVersion").asText();
        int slash = api.indexOf('/');
        Gvk kind = new Gvk(slash < 0 ? "" : api.substring(0, slash), api.substring(slash + 1), tree.path("kind")
                .asText());
        return new Decoder().decodeKind(body, form, kind, FieldValidation.STRICT).object();
    }

    private static List<Path> names() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
        }
    }
}
