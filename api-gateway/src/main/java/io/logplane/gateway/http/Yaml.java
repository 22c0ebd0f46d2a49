package io.logplane.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.StreamDataWriter;
import org.snakeyaml.engine.v2.api.lowlevel.Serialize;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.emitter.Emitter;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// JSON trees as YAML, written as upstream's library writes them: keys sorted with numbers by value, texts quoted that
/// YAML 1.1 reads as something else, texts of several lines in blocks, long lines folded.
///
/// Source: sigs.k8s.io/yaml, go.yaml.in/yaml/v2 (encode, sorter).
final class Yaml {
    private static final Pattern NO_TEXT = Pattern.compile("|~|null|Null|NULL|<<|y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON"
            + "|off|Off|OFF|true|True|TRUE|false|False|FALSE|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)"
            + "|[-+]?[0-9][0-9_]*|[-+]?0x[0-9a-fA-F_]+|[-+]?0o?[0-7_]+|[-+]?0b[01_]+"
            + "|[-+]?(\\.[0-9]+|[0-9][0-9_]*(\\.[0-9_]*)?)([eE][-+]?[0-9]+)?"
            + "|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\\.[0-9_]*)?"
            + "|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ]+[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(\\.[0-9]+)?( ?[Zz]| ?[-+]"
            + "[0-9]{1,2}(:?[0-9]{2})?)?)?");
    /// Line breaks of YAML 1.1 that are none in 1.2: plain, they would be lost.
    private static final Pattern OTHER_BREAKS = Pattern.compile("[\\u0085\\u2028\\u2029]");
    private static final DumpSettings SETTINGS = DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK)
            .setIndent(2).setWidth(80).setMaxSimpleKeyLength(128).build();

    private Yaml() {
    }

    static byte[] of(JsonNode tree) {
        StringBuilder out = new StringBuilder();
        Emitter emitter = new Emitter(SETTINGS, new StreamDataWriter() {
            @Override
            public void write(String text) {
                out.append(text);
            }

            @Override
            public void write(String text, int off, int len) {
                out.append(text, off, off + len);
            }
        });
        new Serialize(SETTINGS).serializeOne(node(tree)).forEach(emitter::emit);
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static Node node(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> {
                Map<String, JsonNode> members = new TreeMap<>(Yaml::compare);
                value.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
                List<NodeTuple> tuples = new ArrayList<>();
                members.forEach((key, member) -> tuples.add(new NodeTuple(text(key), node(member))));
                yield new MappingNode(Tag.MAP, tuples, tuples.isEmpty() ? FlowStyle.FLOW : FlowStyle.BLOCK);
            }
            case ARRAY -> {
                List<Node> elements = new ArrayList<>();
                value.forEach(element -> elements.add(node(element)));
                yield new SequenceNode(Tag.SEQ, elements, elements.isEmpty() ? FlowStyle.FLOW : FlowStyle.BLOCK);
            }
            case STRING -> text(value.textValue());
            case BOOLEAN -> new ScalarNode(Tag.BOOL, value.asText(), ScalarStyle.PLAIN);
            case NUMBER -> new ScalarNode(value.isIntegralNumber() ? Tag.INT : Tag.FLOAT, number(value),
                    ScalarStyle.PLAIN);
            default -> new ScalarNode(Tag.NULL, "null", ScalarStyle.PLAIN);
        };
    }

    private static String number(JsonNode value) {
        String text = value.asText();
        return Optional.of(text).filter(t -> t.endsWith(".0")).map(t -> t.substring(0, t.length() - 2)).orElse(text);
    }

    private static ScalarNode text(String text) {
        ScalarStyle style = text.contains("\n")
                ? ScalarStyle.LITERAL
                : NO_TEXT.matcher(text).matches() || OTHER_BREAKS.matcher(text).find()
                        ? ScalarStyle.DOUBLE_QUOTED
                        : ScalarStyle.PLAIN;
        return new ScalarNode(Tag.STR, text, style);
    }

    /// Letters after other characters, runs of digits by value.
    private static int compare(String one, String other) {
        int[] a = one.codePoints().toArray();
        int[] b = other.codePoints().toArray();
        for (int i = 0; i < a.length && i < b.length; i++) {
            if (a[i] != b[i]) {
                return differing(a, b, i);
            }
        }
        return Integer.compare(a.length, b.length);
    }

    private static int differing(int[] a, int[] b, int at) {
        boolean aLetter = Character.isLetter(a[at]);
        boolean bLetter = Character.isLetter(b[at]);
        if (aLetter && bLetter) {
            return Integer.compare(a[at], b[at]);
        }
        if (aLetter || bLetter) {
            return bLetter ? -1 : 1;
        }
        String aDigits = digits(a, at);
        String bDigits = digits(b, at);
        boolean counted = (a[at] == '0' || b[at] == '0') && digitsBefore(a, at);
        int byValue = new java.math.BigInteger((counted ? "1" : "0") + aDigits).compareTo(new java.math.BigInteger(
                (counted ? "1" : "0") + bDigits));
        if (byValue != 0) {
            return byValue;
        }
        int byLength = Integer.compare(aDigits.length(), bDigits.length());
        return byLength == 0 ? Integer.compare(a[at], b[at]) : byLength;
    }

    private static boolean digitsBefore(int[] text, int at) {
        for (int i = at - 1; i >= 0 && Character.isDigit(text[i]); i--) {
            if (text[i] != '0') {
                return true;
            }
        }
        return false;
    }

    private static String digits(int[] text, int from) {
        StringBuilder digits = new StringBuilder();
        for (int i = from; i < text.length && text[i] >= '0' && text[i] <= '9'; i++) {
            digits.appendCodePoint(text[i]);
        }
        return digits.toString();
    }
}
