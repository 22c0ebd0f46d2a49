package io.logplane.gateway.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Discovery of what is served here and of what others serve, in the order of [Priorities].
///
/// Shape: a guest hides the same group version here. Thread: any; immutable.
/// Source: kube-aggregator/pkg/apiserver/{handler_apis,handler_discovery}.go.
public final class MergedDiscovery {
    private final Discovery own;
    private final List<Guest> guests;
    private final Set<String> hidden = new HashSet<>();

    public MergedDiscovery(Discovery own, List<Guest> guests) {
        this.own = own;
        this.guests = List.copyOf(guests);
        guests.forEach(guest -> hidden.add(guest.group() + "/" + guest.version()));
    }

    /// One version of a group. Shape: `described` as in aggregated discovery.
    private record Version(String name, int priority, ObjectNode described) {
    }

    private static final class Group {
        private int priority;
        private final List<Version> versions = new ArrayList<>();
    }

    public boolean serves(String group) {
        return own.serves(group) || guests.stream().anyMatch(guest -> guest.group().equals(group));
    }

    public List<String> paths() {
        TreeSet<String> paths = new TreeSet<>(own.paths());
        for (Guest guest : guests) {
            paths.add("/apis/" + guest.group());
            paths.add("/apis/" + guest.group() + "/" + guest.version());
        }
        return List.copyOf(paths);
    }

    public ObjectNode legacyVersions(String address) {
        return own.legacyVersions(address);
    }

    /// `/apis`.
    public ObjectNode groupList() {
        ObjectNode out = own.groupList();
        if (guests.isEmpty()) {
            return out;
        }
        ArrayNode list = out.putArray("groups");
        groups(false).forEach((name, group) -> describe(list.addObject(), name, group));
        return out;
    }

    /// `/apis/<group>`; empty for a group not served.
    public Optional<ObjectNode> group(String name) {
        if (guests.stream().noneMatch(guest -> guest.group().equals(name))) {
            return own.group(name);
        }
        ObjectNode out = Json.newObject();
        out.put("kind", "APIGroup");
        out.put("apiVersion", "v1");
        describe(out, name, groups(false).getOrDefault(name, new Group()));
        return Optional.of(out);
    }

    /// Of what is served here.
    public Optional<ObjectNode> resources(String group, String version) {
        return own.resources(group, version);
    }

    /// Shape: `version` v2 or v2beta1.
    public ObjectNode aggregated(boolean core, String version) {
        ObjectNode out = own.aggregated(core, version);
        if (guests.isEmpty()) {
            return out;
        }
        ArrayNode items = out.putArray("items");
        groups(core).forEach((name, group) -> {
            ObjectNode item = items.addObject();
            ObjectNode metadata = item.putObject("metadata");
            if (!name.isEmpty()) {
                metadata.put("name", name);
            }
            ArrayNode versions = item.putArray("versions");
            group.versions.forEach(each -> versions.add(each.described));
        });
        return out;
    }

    /// In their order, by name.
    private Map<String, Group> groups(boolean core) {
        Map<String, Group> found = new LinkedHashMap<>();
        for (JsonNode item : own.aggregated(core, "v2").path("items")) {
            String name = item.path("metadata").path("name").asText();
            for (JsonNode version : item.path("versions")) {
                String of = version.path("version").asText();
                if (!hidden.contains(name + "/" + of)) {
                    add(found, name, Priorities.group(name), new Version(of, Priorities.version(name, of),
                            (ObjectNode) version));
                }
            }
        }
        for (Guest guest : guests) {
            if (guest.group().isEmpty() == core) {
                add(found, guest.group(), guest.groupPriority(), new Version(guest.version(), guest.versionPriority(),
                        guest.described()));
            }
        }
        found.values().forEach(group -> group.versions.sort(Comparator.comparingInt(Version::priority).reversed()));
        List<Map.Entry<String, Group>> sorted = new ArrayList<>(found.entrySet());
        sorted.sort(Comparator.comparingInt((Map.Entry<String, Group> entry) -> entry.getValue().priority).reversed());
        Map<String, Group> out = new LinkedHashMap<>();
        sorted.forEach(entry -> out.put(entry.getKey(), entry.getValue()));
        return out;
    }

    private static void add(Map<String, Group> to, String name, int priority, Version version) {
        Group group = to.computeIfAbsent(name, unused -> new Group());
        group.priority = Math.max(group.priority, priority);
        group.versions.add(version);
    }

    private static void describe(ObjectNode out, String name, Group group) {
        out.put("name", name);
        ArrayNode versions = out.putArray("versions");
        group.versions.forEach(version -> version(versions.addObject(), name, version.name));
        if (!group.versions.isEmpty()) {
            version(out.putObject("preferredVersion"), name, group.versions.getFirst().name);
        }
    }

    private static void version(ObjectNode out, String group, String version) {
        out.put("groupVersion", group + "/" + version);
        out.put("version", version);
    }
}
