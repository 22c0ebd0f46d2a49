package io.logplane.schemas.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Quantity;
import io.logplane.schemas.model.Tree;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a pod asks for as a whole: its containers together, or the most any step of its initialisation needs.
///
/// Source: k8s.io/component-helpers/resource (PodRequests, PodLimits); sidecars run on beside what follows them.
public final class PodAmounts {
    private PodAmounts() {
    }

    /// Shape: `list` is `requests` or `limits`; overhead included.
    public static SortedMap<String, Quantity> withOverhead(JsonNode spec, String list) {
        SortedMap<String, Quantity> sum = of(spec, list);
        spec.path("overhead").properties().forEach(entry -> {
            if (list.equals("requests") || sum.containsKey(entry.getKey())) {
                add(sum, entry.getKey(), amount(entry.getValue()));
            }
        });
        return sum;
    }

    /// Shape: without overhead.
    public static SortedMap<String, Quantity> of(JsonNode spec, String list) {
        SortedMap<String, Quantity> running = new TreeMap<>();
        for (ObjectNode container : Tree.objects(spec, "containers")) {
            addAll(running, amounts(container, list));
        }
        SortedMap<String, Quantity> sidecars = new TreeMap<>();
        SortedMap<String, Quantity> most = new TreeMap<>();
        for (ObjectNode container : Tree.objects(spec, "initContainers")) {
            SortedMap<String, Quantity> mine = amounts(container, list);
            if (Tree.text(container, "restartPolicy").equals("Always")) {
                addAll(running, mine);
                addAll(sidecars, mine);
                max(most, sidecars);
            } else {
                addAll(mine, sidecars);
                max(most, mine);
            }
        }
        max(running, most);
        amounts(spec, list).forEach(running::put); // what the pod itself says counts
        return running;
    }

    public static ObjectNode json(SortedMap<String, Quantity> amounts) {
        ObjectNode json = Json.newObject();
        amounts.forEach((name, amount) -> json.put(name, amount.toString()));
        return json;
    }

    static Quantity amount(JsonNode text) {
        return Quantity.tryParse(text.asText()).orElse(Quantity.ZERO);
    }

    static void add(SortedMap<String, Quantity> to, String name, Quantity amount) {
        Quantity before = to.get(name);
        to.put(name, before == null ? amount : before.plus(amount));
    }

    private static SortedMap<String, Quantity> amounts(JsonNode container, String list) {
        SortedMap<String, Quantity> all = new TreeMap<>();
        container.path("resources").path(list).properties().forEach(e -> all.put(e.getKey(), amount(e.getValue())));
        return all;
    }

    private static void addAll(SortedMap<String, Quantity> to, SortedMap<String, Quantity> more) {
        more.forEach((name, amount) -> add(to, name, amount));
    }

    private static void max(SortedMap<String, Quantity> of, SortedMap<String, Quantity> other) {
        other.forEach((name, amount) -> {
            Quantity mine = of.get(name);
            if (mine == null || mine.compareTo(amount) < 0) {
                of.put(name, amount);
            }
        });
    }
}
