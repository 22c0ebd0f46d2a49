package io.logplane.schemas.topics;

import java.util.Map;
import java.util.Set;

/// One topic as it must exist.
///
/// Shape: `config` holds Kafka topic settings by their Kafka names; `defaultPartitions` may be raised at creation only
/// where `partitionsFixed` is false.
public record Topic(String name, int defaultPartitions, boolean partitionsFixed, Map<String, String> config,
        Set<Component> writers, Set<Component> readers) {
    public Topic {
        config = Map.copyOf(config);
        writers = Set.copyOf(writers);
        readers = Set.copyOf(readers);
    }
}
