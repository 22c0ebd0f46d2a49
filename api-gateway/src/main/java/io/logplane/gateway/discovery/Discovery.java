package io.logplane.gateway.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.Subresource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Discovery documents of a list of types.
///
/// Shape: order of groups and resources as in the list. Source: k8s.io/api/apidiscovery, metav1 APIGroupList,
/// APIResourceList.
public final class Discovery {
    private static final List<String> CUSTOM_VERBS = List.of("delete", "deletecollection", "get", "list", "patch",
            "create", "update", "watch");
    private static final int HASHED = 8;
    private static final Set<String> WRITES = Set.of("create", "patch", "update");
    /// group → version → types.
    private final Map<String, Map<String, List<ResourceType>>> groups = new LinkedHashMap<>();

    public Discovery(List<ResourceType> types) {
        for (ResourceType type : types) {
            groups.computeIfAbsent(type.group(), unused -> new LinkedHashMap<>()).computeIfAbsent(type.version(),
                    unused -> new ArrayList<>()).add(type);
        }
    }

    public boolean serves(String group) {
        return groups.containsKey(group);
    }

    /// Paths of every group and version, for `/`.
    public List<String> paths() {
        TreeSet<String> paths = new TreeSet<>(List.of("/api", "/apis", "/apis/"));
        groups.forEach((group, versions) -> {
            String base = group.isEmpty() ? "/api" : "/apis/" + group;
            paths.add(base);
            versions.keySet().forEach(version -> paths.add(base + "/" + version));
        });
        return List.copyOf(paths);
    }

    /// `/api`. Shape: `address` is what clients may use to reach the server.
    public ObjectNode legacyVersions(String address) {
        ObjectNode out = kind("APIVersions", "v1");
        out.remove("apiVersion");
        out.putArray("versions").add("v1");
        ObjectNode server = out.putArray("serverAddressByClientCIDRs").addObject();
        server.put("clientCIDR", "0.0.0.0/0");
        server.put("serverAddress", address);
        return out;
    }

    /// `/apis`.
    public ObjectNode groupList() {
        ObjectNode out = kind("APIGroupList", "v1");
        ArrayNode list = out.putArray("groups");
        groups.keySet().stream().filter(g -> !g.isEmpty()).forEach(g -> describe(list.addObject(), g));
        return out;
    }

    /// `/apis/<group>`; empty for a group not served.
    public Optional<ObjectNode> group(String group) {
        if (!groups.containsKey(group) || group.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode out = kind("APIGroup", "v1");
        describe(out, group);
        return Optional.of(out);
    }

    private void describe(ObjectNode out, String group) {
        out.put("name", group);
        ArrayNode versions = out.putArray("versions");
        for (String version : groups.getOrDefault(group, Map.of()).keySet()) {
            version(versions.addObject(), group, version);
        }
        version(out.putObject("preferredVersion"), group, groups.getOrDefault(group, Map.of()).keySet().iterator()
                .next());
    }

    private static void version(ObjectNode out, String group, String version) {
        out.put("groupVersion", group + "/" + version);
        out.put("version", version);
    }

    /// `/api/v1`, `/apis/<group>/<version>`; empty when not served.
    public Optional<ObjectNode> resources(String group, String version) {
        List<ResourceType> types = groups.getOrDefault(group, Map.of()).get(version);
        if (types == null) {
            return Optional.empty();
        }
        ObjectNode out = kind("APIResourceList", "v1");
        out.put("groupVersion", group.isEmpty() ? version : group + "/" + version);
        ArrayNode resources = out.putArray("resources");
        for (ResourceType type : types) {
            ObjectNode node = resources.addObject();
            node.put("name", type.plural());
            node.put("singularName", type.singular());
            node.put("namespaced", type.namespaced());
            node.put("kind", type.kind());
            texts(node, "verbs", verbs(type));
            texts(node, "shortNames", type.shortNames());
            texts(node, "categories", type.categories());
            node.put("storageVersionHash", storageHash(type));
            for (Subresource sub : type.subresources()) {
                ObjectNode child = resources.addObject();
                child.put("name", type.plural() + "/" + sub.name());
                child.put("singularName", "");
                child.put("namespaced", type.namespaced());
                if (!sub.kind().equals(type.kind()) && !sub.group().equals(type.group())) {
                    child.put("group", sub.group());
                    child.put("version", sub.version());
                }
                child.put("kind", sub.kind());
                texts(child, "verbs", sorted(sub.verbs()));
            }
        }
        return Optional.of(out);
    }

    /// The whole of `/api` or `/apis` in one document. Shape: `version` v2 or v2beta1.
    public ObjectNode aggregated(boolean core, String version) {
        ObjectNode out = kind("APIGroupDiscoveryList", "apidiscovery.k8s.io/" + version);
        out.putObject("metadata");
        ArrayNode items = out.putArray("items");
        groups.forEach((group, versions) -> {
            if (group.isEmpty() == core) {
                ObjectNode item = items.addObject();
                ObjectNode metadata = item.putObject("metadata");
                if (!group.isEmpty()) {
                    metadata.put("name", group);
                }
                ArrayNode list = item.putArray("versions");
                versions.forEach((v, types) -> aggregated(list.addObject(), v, types));
            }
        });
        return out;
    }

    private static void aggregated(ObjectNode out, String version, List<ResourceType> types) {
        out.put("version", version);
        ArrayNode resources = out.putArray("resources");
        for (ResourceType type : types) {
            ObjectNode node = resources.addObject();
            node.put("resource", type.plural());
            boolean custom = type.rules().itemsNameTheirKind();
            responseKind(node, type.kind(), custom ? type.group() : "", custom ? type.version() : "");
            node.put("scope", type.namespaced() ? "Namespaced" : "Cluster");
            node.put("singularResource", type.singular());
            texts(node, "verbs", verbs(type));
            texts(node, "shortNames", type.shortNames());
            texts(node, "categories", type.categories());
            if (!type.subresources().isEmpty()) {
                ArrayNode subs = node.putArray("subresources");
                for (Subresource sub : type.subresources()) {
                    ObjectNode child = subs.addObject();
                    child.put("subresource", sub.name());
                    boolean own = !custom && sub.group().equals(type.group());
                    responseKind(child, sub.kind(), own ? "" : sub.group(), own ? "" : sub.version());
                    texts(child, "verbs", sorted(sub.verbs()));
                }
            }
        }
        out.put("freshness", "Current");
    }

    private static void responseKind(ObjectNode node, String kind, String group, String version) {
        ObjectNode response = node.putObject("responseKind");
        response.put("group", group);
        response.put("version", version);
        response.put("kind", kind);
    }

    /// By it clients see that objects come to be stored in another version.
    /// Source: k8s.io/apiserver/pkg/endpoints/discovery (storageversionhash).
    private String storageHash(ResourceType type) {
        String version = type.rules().storageVersion();
        if (version.isEmpty()) {
            version = groups.getOrDefault(type.group(), Map.of()).entrySet().stream().filter(known -> known.getValue()
                    .stream().anyMatch(other -> other.plural().equals(type.plural()))).map(Map.Entry::getKey)
                    .findFirst().orElse(type.version());
        }
        String group = type.group().equals("events.k8s.io") ? "" : type.group();
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest((group + "/" + version + "/" + type.kind())
                    .getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(Arrays.copyOf(hash, HASHED));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// What the objects of a definition that goes still take: nothing new comes, nothing changes.
    /// Shape: those of custom types stand in an order of upstream's own.
    private static List<String> verbs(ResourceType type) {
        List<String> all = type.rules().itemsNameTheirKind()
                ? CUSTOM_VERBS.stream().filter(type.verbs()::contains).toList()
                : sorted(type.verbs());
        return type.rules().closing() ? all.stream().filter(verb -> !WRITES.contains(verb)).toList() : all;
    }

    private static List<String> sorted(Collection<String> texts) {
        return texts.stream().sorted().toList();
    }

    private static void texts(ObjectNode node, String field, List<String> values) {
        if (!values.isEmpty()) {
            ArrayNode array = node.putArray(field);
            values.forEach(array::add);
        }
    }

    private static ObjectNode kind(String kind, String apiVersion) {
        ObjectNode out = Json.newObject();
        out.put("kind", kind);
        out.put("apiVersion", apiVersion);
        return out;
    }
}
