package io.logplane.state.rocks;

import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/// Native memory shared by the stores of all logs of one process. Close it after them. Thread: any.
/// Limits: [#CACHE_BYTES] for blocks, indexes and filters, [#WRITE_BUFFER_BYTES] for what is not flushed yet,
/// whatever the
/// number of logs: so the whole control plane of a small cluster fits into 1 GiB.
public final class StoreMemory implements AutoCloseable {
    /// Holds the hot part of 50,000 objects of 1 KiB; larger clusters read from the page cache below it.
    public static final long CACHE_BYTES = 64L << 20;
    /// Also what has to be replayed from the log after a kill: a second or two.
    public static final long WRITE_BUFFER_BYTES = 32L << 20;

    final Cache cache;
    final WriteBufferManager buffers;

    public StoreMemory() {
        this(CACHE_BYTES, WRITE_BUFFER_BYTES);
    }

    public StoreMemory(long cacheBytes, long writeBufferBytes) {
        RocksDB.loadLibrary();
        cache = new LRUCache(cacheBytes + writeBufferBytes);
        buffers = new WriteBufferManager(writeBufferBytes, cache);
    }

    @Override
    public void close() {
        buffers.close();
        cache.close();
    }
}
