package io.logplane.schemas.types;

import io.logplane.schemas.model.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The types a server knows at one moment: the built-in ones and those users have defined.
///
/// Shape: `all` are the served ones, in the order of discovery; a stored version that is not served is only found by
/// its resource. A built-in type wins over a defined one of the same names.
/// Thread: any; immutable. Whoever answers a request takes one catalogue and stays with it.
public final class TypeCatalogue {
    public static final TypeCatalogue BUILT_IN = new TypeCatalogue(0, ResourceTypes.ALL, List.of());

    private final long generation;
    private final List<ResourceType> all;
    private final Map<String, ResourceType> byPlural = new HashMap<>();
    private final Map<String, ResourceType> byKind = new HashMap<>();
    private final Map<String, ResourceType> byResource = new HashMap<>();

    private TypeCatalogue(long generation, List<ResourceType> served, List<ResourceType> hidden) {
        this.generation = generation;
        List<ResourceType> kept = new ArrayList<>();
        for (ResourceType type : served) {
            if (byPlural.putIfAbsent(type.apiVersion() + "/" + type.plural(), type) == null) {
                byKind.putIfAbsent(type.apiVersion() + "/" + type.kind(), type);
                kept.add(type);
                stored(type);
            }
        }
        hidden.forEach(this::stored);
        this.all = List.copyOf(kept);
    }

    private void stored(ResourceType type) {
        if (type.storage().version().equals(type.version()) && type.storage().group().equals(type.group())) {
            byResource.putIfAbsent(type.group() + "/" + type.plural(), type);
        }
    }

    /// Shape: `generation` differs from that of every catalogue with other types; `hidden` are stored versions that
    /// are not served.
    public static TypeCatalogue of(long generation, List<ResourceType> served, List<ResourceType> hidden) {
        return new TypeCatalogue(generation, served, hidden);
    }

    public long generation() {
        return generation;
    }

    public List<ResourceType> all() {
        return all;
    }

    /// Shape: group "" for core.
    public Optional<ResourceType> find(String group, String version, String plural) {
        return Optional.ofNullable(byPlural.get((group.isEmpty() ? version : group + "/" + version) + "/" + plural));
    }

    /// Shape: apiVersion as objects have it, `v1` or `apps/v1`.
    public Optional<ResourceType> byKind(String apiVersion, String kind) {
        return Optional.ofNullable(byKind.get(apiVersion + "/" + kind));
    }

    /// The stored version of a resource, whatever version somebody asks for.
    public Optional<ResourceType> ofResource(String group, String plural) {
        return Optional.ofNullable(byResource.get(group + "/" + plural));
    }

    public Optional<ResourceType> ofKey(ObjectKey key) {
        return ofResource(key.apiGroup(), key.resource());
    }
}
