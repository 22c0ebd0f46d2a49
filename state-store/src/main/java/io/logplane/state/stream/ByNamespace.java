package io.logplane.state.stream;

import io.logplane.schemas.model.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.processor.StreamPartitioner;

/// Objects of one namespace share a partition; watermarks go to all. Pure.
final class ByNamespace implements StreamPartitioner<byte[], byte[]> {

    @Override
    public Optional<Set<Integer>> partitions(String topic, byte[] key, byte[] value, int count) {
        return ObjectKey.tryParse(new String(key, StandardCharsets.UTF_8)).map(object -> Set.of(of(object, count)))
                .or(() -> Optional.of(IntStream.range(0, count).boxed().collect(Collectors.toSet())));
    }

    static int of(ObjectKey key, int count) {
        return Utils.toPositive(Utils.murmur2(key.namespace().getBytes(StandardCharsets.UTF_8))) % count;
    }
}
