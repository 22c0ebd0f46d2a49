package io.logplane.state.rocks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// The open database and its column families.
///
/// Without a write-ahead log: the Kafka log is one already. Atomic flush makes every column family durable at the
/// same position, so
/// a store found after a crash is a true prefix, and the rest is replayed. See docs/adr on the store.
final class Families implements AutoCloseable {
    /// Half of the write budget, so that one log's burst does not flush at every batch.
    private static final long MEMTABLE_BYTES = 16L << 20;
    private static final int BLOCK_BYTES = 16 * 1024;
    private static final int BLOOM_BITS = 10;
    /// Part of a memtable for its own filter: every create asks twice for a key that is not there.
    private static final double MEMTABLE_BLOOM = 0.02;
    /// Enough for ten million objects at 64 MiB a file; files beyond are reopened.
    private static final int MAX_OPEN_FILES = 512;
    private static final List<String> NAMES = List.of("default", "current", "history", "changes", "index", "counts",
            "verdicts");

    final RocksDB db;
    final ColumnFamilyHandle meta;
    final ColumnFamilyHandle current;
    final ColumnFamilyHandle history;
    final ColumnFamilyHandle changes;
    final ColumnFamilyHandle index;
    final ColumnFamilyHandle counts;
    final ColumnFamilyHandle verdicts;
    private final List<ColumnFamilyHandle> handles = new ArrayList<>();
    private final List<AutoCloseable> natives = new ArrayList<>();
    private final WriteOptions writes;

    Families(Path dir, StoreMemory memory) {
        BloomFilter bloom = owned(new BloomFilter(BLOOM_BITS));
        BlockBasedTableConfig table = new BlockBasedTableConfig().setBlockCache(memory.cache).setBlockSize(BLOCK_BYTES)
                .setFilterPolicy(bloom).setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true).setPinL0FilterAndIndexBlocksInCache(true);
        ColumnFamilyOptions family = owned(new ColumnFamilyOptions()).setTableFormatConfig(table)
                .setWriteBufferSize(MEMTABLE_BYTES).setMaxWriteBufferNumber(2)
                .setMemtablePrefixBloomSizeRatio(MEMTABLE_BLOOM).setMemtableWholeKeyFiltering(true)
                .setCompressionType(CompressionType.LZ4_COMPRESSION).setLevelCompactionDynamicLevelBytes(true);
        DBOptions options = owned(new DBOptions()).setCreateIfMissing(true).setCreateMissingColumnFamilies(true)
                .setAtomicFlush(true).setWriteBufferManager(memory.buffers).setMaxBackgroundJobs(2)
                .setMaxOpenFiles(MAX_OPEN_FILES).setKeepLogFileNum(2).setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setStatsDumpPeriodSec(0);
        writes = owned(new WriteOptions()).setDisableWAL(true);
        List<ColumnFamilyDescriptor> descriptors = NAMES.stream()
                .map(name -> new ColumnFamilyDescriptor(Layout.utf8(name), family)).toList();
        try {
            db = RocksDB.open(options, dir.toString(), descriptors, handles);
        } catch (RocksDBException failed) {
            closeNatives();
            throw new StoreFailed("cannot open the local state in " + dir + ": " + failed.getMessage(), failed);
        }
        meta = handles.get(0);
        current = handles.get(1);
        history = handles.get(2);
        changes = handles.get(3);
        index = handles.get(4);
        counts = handles.get(5);
        verdicts = handles.get(6);
    }

    byte @org.jspecify.annotations.Nullable [] get(ColumnFamilyHandle family, byte[] key) {
        try {
            return db.get(family, key);
        } catch (RocksDBException failed) {
            throw new StoreFailed("cannot read the local state: " + failed.getMessage(), failed);
        }
    }

    void write(WriteBatch batch) {
        try {
            db.write(writes, batch);
        } catch (RocksDBException failed) {
            throw new StoreFailed("cannot write the local state: " + failed.getMessage(), failed);
        }
    }

    void flush(boolean wait) {
        try (FlushOptions options = new FlushOptions().setWaitForFlush(wait)) {
            db.flush(options, handles);
        } catch (RocksDBException failed) {
            throw new StoreFailed("cannot flush the local state: " + failed.getMessage(), failed);
        }
    }

    void clear() {
        try (WriteBatch batch = new WriteBatch()) {
            for (ColumnFamilyHandle family : handles) {
                batch.deleteRange(family, new byte[0], new byte[]{(byte) 0xff});
            }
            write(batch);
        } catch (RocksDBException failed) {
            throw new StoreFailed("cannot clear the local state", failed);
        }
    }

    @Override
    public void close() {
        handles.forEach(ColumnFamilyHandle::close);
        db.close();
        closeNatives();
    }

    private <T extends AutoCloseable> T owned(T part) {
        natives.add(part);
        return part;
    }

    private void closeNatives() {
        for (AutoCloseable part : natives.reversed()) {
            try {
                part.close();
            } catch (Exception failed) {
                throw new StoreFailed("cannot free native memory", failed);
            }
        }
    }
}
