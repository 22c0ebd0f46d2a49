package io.logplane.node.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The downward API: what a pod can learn about itself, by field path or resource name. Pure.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/pods/downward-api/
public final class Fields {
    private static final Pattern KEYED = Pattern.compile("metadata\\.(labels|annotations)\\['([^']+)'\\]");

    private Fields() {
    }

    /// Errors: [CannotStart] for a path that is not known.
    public static String field(Pod pod, String path, Facts facts, List<String> podIps) {
        Matcher keyed = KEYED.matcher(path);
        if (keyed.matches()) {
            return pod.metadata().path(keyed.group(1)).path(keyed.group(2)).asText();
        }
        return switch (path) {
            case "metadata.name" -> pod.name();
            case "metadata.namespace" -> pod.namespace();
            case "metadata.uid" -> pod.uid();
            case "metadata.labels" -> lines(pod.metadata().path("labels"));
            case "metadata.annotations" -> lines(pod.metadata().path("annotations"));
            case "spec.nodeName" -> facts.nodeName();
            case "spec.serviceAccountName" -> pod.spec().path("serviceAccountName").asText("default");
            case "status.hostIP" -> facts.hostIps().isEmpty() ? "" : facts.hostIps().getFirst();
            case "status.hostIPs" -> String.join(",", facts.hostIps());
            case "status.podIP" -> podIps.isEmpty() ? "" : podIps.getFirst();
            case "status.podIPs" -> String.join(",", podIps);
            default -> throw CannotStart.config("unsupported fieldPath: " + path);
        };
    }

    /// Shape: `key="value"` per line in key order, quoted as upstream does.
    private static String lines(JsonNode map) {
        SortedMap<String, String> sorted = new TreeMap<>();
        map.properties().forEach(e -> sorted.put(e.getKey(), e.getValue().asText()));
        StringBuilder text = new StringBuilder();
        sorted.forEach((k, v) -> text.append(text.isEmpty() ? "" : "\n").append(k).append("=\"")
                .append(v.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n")).append('"'));
        return text.toString();
    }

    /// Shape: a whole number of divisors, rounded up. A limit that is not set is the node's whole amount.
    public static String resource(Pod pod, ObjectNode container, JsonNode ref, Facts facts) {
        ObjectNode subject = Optional.of(ref.path("containerName").asText()).filter(n -> !n.isEmpty())
                .flatMap(pod::member).map(Pod.Member::json).orElse(container);
        String[] parts = ref.path("resource").asText().split("\\.", 2);
        if (parts.length != 2) {
            throw CannotStart.config("unsupported resource: " + ref.path("resource").asText());
        }
        Optional<Quantity> amount = Qos.amount(subject, parts[0], parts[1]);
        BigDecimal milli = amount.map(q -> BigDecimal.valueOf(q.milliValue()))
                .orElseGet(() -> BigDecimal.valueOf(parts[0].equals("limits") ? whole(parts[1], facts) : 0));
        String divisorText = ref.path("divisor").asText();
        BigDecimal divisor = divisorText.isEmpty() || divisorText.equals("0")
                ? BigDecimal.valueOf(1000)
                : BigDecimal.valueOf(Quantity.parse(divisorText).milliValue());
        return milli.divide(divisor, 0, RoundingMode.CEILING).toPlainString();
    }

    private static long whole(String resource, Facts facts) {
        return switch (resource) {
            case "cpu" -> facts.milliCpu();
            case "memory" -> Math.multiplyExact(facts.memory(), 1000L);
            case "ephemeral-storage" -> Math.multiplyExact(facts.storage(), 1000L);
            default -> 0;
        };
    }
}
