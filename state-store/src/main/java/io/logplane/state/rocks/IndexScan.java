package io.logplane.state.rocks;

import io.logplane.schemas.model.ObjectKey;
import io.logplane.state.Registry;
import io.logplane.state.StoredObject;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/// Objects an index term points to, newest state, in key order. Thread: one.
final class IndexScan implements Registry.Scan {
    private final LogStore store;
    private final int termLength;
    private final Slice end;
    private final ReadOptions options;
    private final RocksIterator at;
    private Optional<StoredObject> next = Optional.empty();
    private boolean open = true;

    IndexScan(LogStore store, Families families, byte[] term) {
        store.acquire();
        this.store = store;
        termLength = term.length;
        end = new Slice(Layout.behind(term));
        options = new ReadOptions().setIterateUpperBound(end);
        at = families.db.newIterator(families.index, options);
        at.seek(term);
        advance();
    }

    @Override
    public boolean hasNext() {
        return next.isPresent();
    }

    @Override
    public StoredObject next() {
        StoredObject result = next.orElseThrow(NoSuchElementException::new);
        advance();
        return result;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            at.close();
            options.close();
            end.close();
            store.release();
        }
    }

    private void advance() {
        next = Optional.empty();
        while (next.isEmpty() && at.isValid()) {
            byte[] entry = at.key();
            next = store.get(ObjectKey.parse(Layout.text(entry, termLength, entry.length)));
            at.next();
        }
    }
}
