package io.logplane.scheduler.stream;

import java.util.Collection;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.StateRestoreCallback;
import org.apache.kafka.streams.processor.internals.RecordBatchingStateRestoreCallback;

/// Feeds restored records of `state` to the store, with their offsets, which only this kind of callback is given.
final class Restore implements StateRestoreCallback, RecordBatchingStateRestoreCallback {
    private static final byte[] REMOVED = new byte[0];
    private final ClusterStore store;

    Restore(ClusterStore store) {
        this.store = store;
    }

    @Override
    public void restoreBatch(Collection<ConsumerRecord<byte[], byte[]>> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            store.take(record.key(), record.value() == null ? REMOVED : record.value(), record.offset());
        }
    }
}
