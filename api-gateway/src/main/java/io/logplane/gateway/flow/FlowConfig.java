package io.logplane.gateway.flow;

import io.logplane.gateway.authn.User;
import io.logplane.gateway.request.RequestInfo;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// All schemas, by precedence, and all levels.
///
/// Shape: of schemas with equal precedence the smaller name comes first; a schema whose level is missing is passed
/// over. Source: KEP-1040.
public final class FlowConfig {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final List<FlowSchema> schemas;
    private final Map<String, LevelConfig> levels;

    public FlowConfig(Collection<FlowSchema> schemas, Collection<LevelConfig> levels) {
        Map<String, LevelConfig> byName = new TreeMap<>();
        levels.forEach(level -> byName.put(level.name(), level));
        this.levels = byName;
        this.schemas = schemas.stream().filter(schema -> byName.containsKey(schema.level())).sorted(Comparator
                .comparingInt(FlowSchema::precedence).thenComparing(FlowSchema::name)).toList();
    }

    /// Where a request belongs. Shape: requests of one flow share `flow`, others hardly ever.
    public record Class(FlowSchema schema, LevelConfig level, long flow) {
    }

    /// Empty only without a schema that takes everything.
    public Optional<Class> classify(User user, RequestInfo info) {
        for (FlowSchema schema : schemas) {
            LevelConfig level = levels.get(schema.level());
            if (level != null && schema.covers(user, info)) {
                return Optional.of(new Class(schema, level, hash(schema.name(), schema.flow(user, info))));
            }
        }
        return Optional.empty();
    }

    public List<FlowSchema> schemas() {
        return schemas;
    }

    public Collection<LevelConfig> levels() {
        return levels.values();
    }

    /// Seats of each level when all are busy. Shape: rounded up, so that every level with a share has one.
    public Map<String, Integer> nominal(int total) {
        long sum = Math.max(1, levels.values().stream().mapToLong(LevelConfig::shares).sum());
        Map<String, Integer> seats = new TreeMap<>();
        levels.values().forEach(level -> seats.put(level.name(), (int) Math.ceilDiv((long) total * level.shares(),
                sum)));
        return seats;
    }

    private static long hash(String schema, String flow) {
        long hash = FNV_OFFSET;
        for (String text : List.of(schema, "\0", flow)) {
            for (int i = 0; i < text.length(); i++) {
                hash = (hash ^ text.charAt(i)) * FNV_PRIME;
            }
        }
        hash ^= hash >>> 32; // FNV leaves the upper bits of short texts poor, and dealing starts with them
        return (hash * 0x9e3779b97f4a7c15L) >>> 1;
    }
}
