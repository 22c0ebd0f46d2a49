package io.logplane.schemas.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Quantity;
import java.util.Collection;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// One ResourceQuota and what it says about an object. Shape: `json` is the quota as stored.
public record Quota(ObjectNode json) {

    /// What the quota limits. Shape: amounts by name.
    public SortedMap<String, Quantity> hard() {
        return amounts(json.path("spec").path("hard"));
    }

    public SortedMap<String, Quantity> used() {
        return amounts(json.path("status").path("used"));
    }

    /// True when status says something about everything that spec limits, under the same limits.
    public boolean counted() {
        return hard().equals(amounts(json.path("status").path("hard"))) && used().keySet().equals(hard().keySet());
    }

    /// What the object uses of what is limited here; empty when the quota is not about it.
    public SortedMap<String, Quantity> usage(String group, String plural, JsonNode object) {
        SortedMap<String, Quantity> mine = new TreeMap<>();
        if (!Scopes.match(json, group, plural, object)) {
            return mine;
        }
        SortedMap<String, Quantity> all = Usage.of(group, plural, object);
        for (String name : hard().keySet()) {
            Quantity amount = all.get(name);
            if (amount != null) {
                mine.put(name, amount);
            }
        }
        return mine;
    }

    /// Compute amounts the pod must name because they are limited here.
    public String unsaid(String group, String plural, JsonNode object) {
        boolean pod = group.isEmpty() && plural.equals("pods") && Scopes.match(json, group, plural, object);
        return pod ? Usage.unsaid(hard().keySet(), object) : "";
    }

    /// The status that says `used`. Shape: every name that is limited, zero included.
    public ObjectNode status(SortedMap<String, Quantity> used) {
        ObjectNode status = Json.newObject();
        status.set("hard", json.path("spec").path("hard").deepCopy());
        ObjectNode amounts = status.putObject("used");
        hard().forEach((name, limit) -> amounts.put(name, used.getOrDefault(name, zero(limit)).toString()));
        return status;
    }

    private static Quantity zero(Quantity like) {
        return like.minus(like);
    }

    /// The type a name is about. Shape: `pods`, `widgets.example.com`.
    public static String resource(String name) {
        if (name.startsWith("count/")) {
            return name.substring("count/".length());
        }
        if (name.startsWith("services.")) {
            return "services";
        }
        if (name.equals("requests.storage") || name.contains(".storageclass.storage.k8s.io/")) {
            return "persistentvolumeclaims";
        }
        return Usage.PLAIN.contains(name) ? name : "pods";
    }

    public static void add(SortedMap<String, Quantity> to, SortedMap<String, Quantity> more) {
        more.forEach((name, amount) -> PodAmounts.add(to, name, amount));
    }

    /// Equal amounts; what is not named is nothing.
    public static boolean same(SortedMap<String, Quantity> a, SortedMap<String, Quantity> b) {
        Set<String> names = new TreeSet<>(a.keySet());
        names.addAll(b.keySet());
        return names.stream().allMatch(name -> a.getOrDefault(name, Quantity.ZERO).equals(b.getOrDefault(name,
                Quantity.ZERO)));
    }

    /// `a` without `b`, only what is more than nothing.
    public static SortedMap<String, Quantity> growth(SortedMap<String, Quantity> a, SortedMap<String, Quantity> b) {
        SortedMap<String, Quantity> more = new TreeMap<>();
        a.forEach((name, amount) -> {
            Quantity rest = amount.minus(b.getOrDefault(name, Quantity.ZERO));
            if (rest.signum() > 0) {
                more.put(name, rest);
            }
        });
        return more;
    }

    /// Which of the names would be over their limit.
    public Set<String> exceeded(SortedMap<String, Quantity> delta) {
        Set<String> over = new TreeSet<>();
        SortedMap<String, Quantity> limits = hard();
        SortedMap<String, Quantity> present = used();
        delta.forEach((name, amount) -> {
            Quantity limit = limits.get(name);
            if (limit != null && present.getOrDefault(name, Quantity.ZERO).plus(amount).compareTo(limit) > 0) {
                over.add(name);
            }
        });
        return over;
    }

    /// `cpu=1,pods=2`: of the names given, in order.
    public static String text(SortedMap<String, Quantity> amounts, Collection<String> names) {
        return String.join(",", new TreeSet<>(names).stream().map(name -> name + "=" + amounts.getOrDefault(name,
                Quantity.ZERO)).toList());
    }

    private static SortedMap<String, Quantity> amounts(JsonNode list) {
        SortedMap<String, Quantity> all = new TreeMap<>();
        list.properties().forEach(entry -> all.put(entry.getKey(), PodAmounts.amount(entry.getValue())));
        return all;
    }
}
