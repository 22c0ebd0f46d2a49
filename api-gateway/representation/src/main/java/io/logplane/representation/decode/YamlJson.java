package io.logplane.representation.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.logplane.schemas.model.GoText;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ScannerException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// The first document of a YAML stream as JSON, as upstream converts it: YAML 1.1 words (`yes`, `on`, `y` are true),
/// merge keys, keys made strings.
///
/// Shape: `duplicates` is empty or holds one text for strict decoding.
/// Limits: nesting as JSON's; [#MAX_NODES] values after aliases are expanded; [Topics#MAX_OBJECT_BYTES] code points.
/// Errors: [Malformed].
public record YamlJson(byte[] json, List<String> duplicates) {
    /// More values than any object of the largest size can hold at three bytes a value.
    static final int MAX_NODES = 1_000_000;
    private static final String ERRORS = "yaml: unmarshal errors:\n";

    /// Texts of strict decoding as warnings: a line each.
    static List<String> lines(List<String> texts) {
        return texts.stream().flatMap(text -> text.startsWith(ERRORS)
                ? text.substring(ERRORS.length()).lines().map(String::strip)
                : Stream.of(text)).toList();
    }

    public static YamlJson convert(byte[] yaml) {
        Conversion conversion = new Conversion(yaml);
        JsonNode node = conversion.document();
        List<String> duplicates = conversion.duplicates.isEmpty()
                ? List.of()
                : List.of(ERRORS + String.join("\n", conversion.duplicates));
        return new YamlJson(Json.bytes(node), duplicates);
    }

    private static final class Conversion {
        private final Iterator<Event> events;
        private final Map<String, JsonNode> anchors = new HashMap<>();
        private final List<String> duplicates = new ArrayList<>();
        private int nodes;
        private int depth;

        Conversion(byte[] yaml) {
            LoadSettings settings = LoadSettings.builder().setCodePointLimit(Topics.MAX_OBJECT_BYTES)
                    .setAllowDuplicateKeys(true).build();
            events = new Parse(settings).parseString(new String(yaml, StandardCharsets.UTF_8)).iterator();
        }

        JsonNode document() {
            try {
                while (events.hasNext()) {
                    Event event = events.next();
                    if (event instanceof NodeEvent) {
                        return value(event);
                    }
                }
                return NullNode.instance;
            } catch (MarkedYamlEngineException malformed) {
                throw new Malformed("yaml: " + line(malformed) + YamlProblems.text(malformed));
            } catch (YamlEngineException malformed) {
                throw new Malformed("yaml: " + malformed.getMessage());
            }
        }

        /// Upstream's scanner does not name the first line.
        private static String line(MarkedYamlEngineException malformed) {
            boolean unsaid = malformed instanceof ScannerException;
            return malformed.getProblemMark().filter(mark -> !unsaid || mark.getLine() > 0).map(mark -> "line " + (mark
                    .getLine() + 1) + ": ").orElse("");
        }

        private JsonNode value(Event event) {
            count(1);
            if (event instanceof AliasEvent alias) {
                return aliased(alias.getAlias().getValue());
            }
            if (++depth > Json.MAX_NESTING) {
                throw new Malformed("yaml: exceeded max depth of " + Json.MAX_NESTING);
            }
            JsonNode node = switch (event) {
                case ScalarEvent scalar -> YamlScalars.value(scalar);
                case SequenceStartEvent start -> list();
                case MappingStartEvent start -> map();
                default -> throw new Malformed("yaml: did not find expected node content");
            };
            depth--;
            if (event instanceof NodeEvent anchored) {
                anchored.getAnchor().ifPresent(anchor -> anchors.put(anchor.getValue(), node));
            }
            return node;
        }

        private JsonNode aliased(String name) {
            JsonNode anchored = anchors.get(name);
            if (anchored == null) {
                throw new Malformed("yaml: unknown anchor '" + name + "' referenced");
            }
            count(size(anchored));
            return anchored.deepCopy();
        }

        private void count(int more) {
            nodes += more;
            if (nodes > MAX_NODES) {
                throw new Malformed("yaml: document contains excessive aliasing");
            }
        }

        private static int size(JsonNode node) {
            int size = 1;
            for (JsonNode child : node) {
                size += size(child);
            }
            return size;
        }

        private ArrayNode list() {
            ArrayNode out = Json.MAPPER.createArrayNode();
            Event event;
            while (!((event = events.next()) instanceof SequenceEndEvent)) {
                out.add(value(event));
            }
            return out;
        }

        private ObjectNode map() {
            ObjectNode out = Json.newObject();
            List<JsonNode> merged = new ArrayList<>();
            Event event;
            while (!((event = events.next()) instanceof MappingEndEvent)) {
                boolean merge = event instanceof ScalarEvent scalar && scalar.isPlain()
                        && scalar.getValue().equals("<<");
                Optional<Integer> line = event.getStartMark().map(mark -> mark.getLine() + 1);
                String key = key(value(event));
                JsonNode value = value(events.next());
                if (merge) {
                    merged.add(value);
                } else if (out.replace(key, value) != null) {
                    duplicates.add("  line " + line.orElse(0) + ": key " + GoText.quote(key) + " already set in map");
                }
            }
            merged.forEach(source -> merge(out, source));
            return out;
        }

        private static void merge(ObjectNode out, JsonNode source) {
            switch (source) {
                case ObjectNode object -> object.properties()
                        .forEach(member -> out.putIfAbsent(member.getKey(), member.getValue()));
                case ArrayNode list -> list.forEach(element -> merge(out, element));
                default -> throw new Malformed("yaml: map merge requires map or sequence of maps as the value");
            }
        }

        private static String key(JsonNode key) {
            if (key.isContainerNode() || key.isNull()) {
                throw new Malformed("yaml: unsupported map key of type: " + (key.isNull() ? "nil" : "map") + ", key: "
                        + key);
            }
            return key instanceof TextNode text ? text.textValue() : key.asText();
        }
    }
}
