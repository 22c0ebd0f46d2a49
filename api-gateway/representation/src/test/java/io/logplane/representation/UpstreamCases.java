package io.logplane.representation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.StructType.Gvk;
import io.logplane.schemas.model.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/// Random cases that Kubernetes' own libraries answered, kept as resources; how they are made says the README of
/// e2e/src/test/python/upstream.
public final class UpstreamCases {
    private UpstreamCases() {
    }

    /// Shape: `{"case": …, "answer": …}` each; `name` is merge, apply, decode or text.
    public static List<JsonNode> of(String name) {
        try (var packed = Objects.requireNonNull(UpstreamCases.class.getResourceAsStream(name + ".jsonl.gz"));
                var lines = new BufferedReader(new InputStreamReader(new GZIPInputStream(packed),
                        StandardCharsets.UTF_8))) {
            return lines.lines().map(UpstreamCases::parse).toList();
        } catch (IOException impossible) {
            throw new java.io.UncheckedIOException(impossible);
        }
    }

    private static JsonNode parse(String line) {
        try {
            return Json.MAPPER.readTree(line);
        } catch (IOException impossible) {
            throw new java.io.UncheckedIOException(impossible);
        }
    }

    public static Gvk kind(JsonNode kind) {
        return new Gvk(kind.get(0).asText(), kind.get(1).asText(), kind.get(2).asText());
    }

    public static StructType struct(Gvk kind) {
        return TypeSchemas.builtIn().ofKind(kind.group(), kind.version(), kind.kind()).orElseThrow();
    }

    /// Whether both say the same, whatever the order of members and the kind of numbers.
    public static boolean same(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue()) == 0;
        }
        if (one.size() != other.size() || one.getNodeType() != other.getNodeType()) {
            return false;
        }
        if (one instanceof ObjectNode) {
            return one.propertyStream().allMatch(member -> other.has(member.getKey()) && same(member.getValue(), other
                    .get(member.getKey())));
        }
        if (one.isArray()) {
            for (int i = 0; i < one.size(); i++) {
                if (!same(one.get(i), other.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return one.equals(other);
    }
}
