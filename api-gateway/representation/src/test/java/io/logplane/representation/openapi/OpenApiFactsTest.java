package io.logplane.representation.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.ResourceTypes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The API description against the facts of kube-apiserver 1.36.2; what differs is a generated page.
///
/// `openapi-differences.txt` gives each difference its reason; a difference without one, or a reason without a
/// difference, fails.
class OpenApiFactsTest {
    private static final Path PAGE = Path.of("../../docs/api-differences.md");
    private static final int DIGITS = 12;
    private static final String HEAD = """
            # Where the published API differs from kube-apiserver 1.36.2

            Checked by `OpenApiFactsTest`, which compares `/openapi/v2` with recorded facts (%d definitions, paths and
            parameters; descriptions do not count). Discovery and Table columns have no differences: `ResourceTypesTest`
            compares them line by line.

            """;

    @Test
    void everyDifferenceHasAReasonAndTheRestIsEqual() throws Exception {
        ObjectNode document = Json.object(new OpenApi(ResourceTypes.ALL, "1.36").v2Json().bytes());
        Map<String, String> ours = hashes(document);
        Map<String, String> facts = table("openapi-facts.txt", " (?=[^ ]*$)");
        Map<String, String> reasons = table("openapi-differences.txt", " \\| ");

        TreeMap<String, String> differences = new TreeMap<>();
        TreeSet<String> names = new TreeSet<>(facts.keySet());
        names.addAll(ours.keySet());
        for (String name : names) {
            String state = !ours.containsKey(name) ? "missing" : !facts.containsKey(name) ? "additional" : "other";
            if (!facts.getOrDefault(name, "").equals(ours.getOrDefault(name, ""))) {
                differences.put(name, state);
            }
        }

        assertThat(differences.keySet()).isEqualTo(new TreeSet<>(reasons.keySet()));
        assertThat(Files.readString(PAGE)).as(PAGE.toString()).isEqualTo(page(facts.size(), differences, reasons));
    }

    private static String page(int facts, Map<String, String> differences, Map<String, String> reasons) {
        StringBuilder out = new StringBuilder(HEAD.formatted(facts));
        if (differences.isEmpty()) {
            return out.append("No differences.\n").toString();
        }
        out.append("| what | how | why |\n|---|---|---|\n");
        differences.forEach((name, state) -> out.append("| `").append(name).append("` | ").append(state).append(" | ")
                .append(reasons.get(name)).append(" |\n"));
        return out.toString();
    }

    private static Map<String, String> hashes(ObjectNode document) throws Exception {
        Map<String, String> all = new TreeMap<>();
        for (Map.Entry<String, String> part : Map.of("definitions", "definition ", "paths", "path ", "parameters",
                "parameter ").entrySet()) {
            for (Map.Entry<String, JsonNode> entry : document.path(part.getKey()).properties()) {
                all.put(part.getValue() + entry.getKey(), hash(entry.getValue()));
            }
        }
        for (String name : List.of("info", "security", "securityDefinitions", "swagger")) {
            all.put("document " + name, hash(document.path(name)));
        }
        return all;
    }

    private static String hash(JsonNode node) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Json.bytes(plain(node)));
        return HexFormat.of().formatHex(digest).substring(0, DIGITS);
    }

    private static JsonNode plain(JsonNode node) {
        if (node instanceof ArrayNode array) {
            ArrayNode out = Json.MAPPER.createArrayNode();
            array.forEach(item -> out.add(plain(item)));
            return out;
        }
        if (!node.isObject()) {
            return node;
        }
        ObjectNode out = Json.newObject();
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        names.stream().sorted().filter(name -> !name.equals("description") || !node.path(name).isTextual())
                .forEach(name -> out.set(name, plain(node.path(name))));
        return out;
    }

    private static Map<String, String> table(String resource, String separator) throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        try (InputStream in = OpenApiFactsTest.class.getResourceAsStream(resource)) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                if (!line.startsWith("#") && !line.isBlank()) {
                    String[] parts = line.split(separator, 2);
                    all.put(parts[0], parts[1]);
                }
            }
        }
        return all;
    }
}
