package io.logplane.state.rocks;

import io.logplane.schemas.model.ObjectKey;
import io.logplane.state.StoredObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Bytes in RocksDB. All numbers big-endian, texts UTF-8; object keys hold no control characters, so a zero byte ends
/// one.
///
/// | column family | key | value |
/// |---|---|---|
/// | `current` | object key | u64 revision, u64 created revision, object |
/// | `history` | object key, 0, u64 (2^63-1 - revision) | u8 kind (0 version, 1 removed), u64 created revision, object |
/// | `changes` | u64 revision | u8 kind (0 put, 1 remove), u64 previous revision (0 none), u64 append time, object key |
/// | `index` | `o` owner uid, 0, object key; `n` node name, 0, object key | empty |
/// | `counts` | prefix of a resource or of a resource in a namespace | u64 live objects |
/// | `verdicts` | u64 offset / 2048 | 256 bytes, bit (offset mod 2048) set when a change there was accepted |
/// | `default` | `position` | see [Position]; `floor`: u64 oldest revision that can be read; `verdicts-from`: u64 first offset of `verdicts` |
///
/// `history` holds what `current` held before; the newest version of a live object is only in `current`, that of a
/// removed one only in `history`.
final class Layout {
    static final int CURRENT_HEADER = 16;
    static final int HISTORY_HEADER = 9;
    static final byte VERSION = 0;
    static final byte REMOVED = 1;
    /// Offsets in one segment of `verdicts`: small, because the newest segment is written with every batch.
    static final int VERDICT_SEGMENT = 2048;
    static final byte[] POSITION = "position".getBytes(StandardCharsets.UTF_8);
    static final byte[] FLOOR = "floor".getBytes(StandardCharsets.UTF_8);

    static final byte[] VERDICTS_FROM = "verdicts-from".getBytes(StandardCharsets.UTF_8);

    private Layout() {
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] utf8, int from, int to) {
        return new String(utf8, from, to - from, StandardCharsets.UTF_8);
    }

    static byte[] u64(long value) {
        return ByteBuffer.allocate(8).putLong(value).array();
    }

    static long u64(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes, at, 8).getLong();
    }

    static byte[] current(StoredObject object) {
        return ByteBuffer.allocate(CURRENT_HEADER + object.json().length).putLong(object.revision())
                .putLong(object.createdRevision()).put(object.json()).array();
    }

    static StoredObject current(ObjectKey key, byte[] value) {
        return new StoredObject(key, u64(value, 0), u64(value, 8),
                Arrays.copyOfRange(value, CURRENT_HEADER, value.length));
    }

    static byte[] historyKey(byte[] key, long revision) {
        return ByteBuffer.allocate(key.length + 9).put(key).put((byte) 0).putLong(Long.MAX_VALUE - revision).array();
    }

    static long historyRevision(byte[] historyKey) {
        return Long.MAX_VALUE - u64(historyKey, historyKey.length - 8);
    }

    static byte[] history(byte kind, StoredObject object) {
        return ByteBuffer.allocate(HISTORY_HEADER + object.json().length).put(kind).putLong(object.createdRevision())
                .put(object.json()).array();
    }

    static StoredObject history(ObjectKey key, long revision, byte[] value) {
        return new StoredObject(key, revision, u64(value, 1), Arrays.copyOfRange(value, HISTORY_HEADER, value.length));
    }

    static byte[] change(Change change) {
        byte[] key = utf8(change.key);
        return ByteBuffer.allocate(17 + key.length).put(change.removed ? REMOVED : VERSION).putLong(change.previous)
                .putLong(change.appendTime).put(key).array();
    }

    static Change change(byte[] revision, byte[] value) {
        return new Change(u64(revision, 0), value[0] == REMOVED, u64(value, 1), u64(value, 9),
                text(value, 17, value.length));
    }

    /// An entry of `changes`: an accepted change without its object.
    record Change(long revision, boolean removed, long previous, long appendTime, String key) {
    }

    static byte[] ownerTerm(String uid) {
        return utf8("o" + uid + "\0");
    }

    static byte[] nodeTerm(String node) {
        return utf8("n" + node + "\0");
    }

    /// The first key behind every key that starts with `prefix`.
    static byte[] behind(byte[] prefix) {
        for (int i = prefix.length - 1; i >= 0; i--) {
            if (prefix[i] != (byte) 0xff) {
                byte[] end = Arrays.copyOf(prefix, i + 1);
                end[i]++;
                return end;
            }
        }
        throw new IllegalArgumentException("a prefix of 0xff bytes has no end");
    }

    static byte[] concat(byte[] a, byte[] b) {
        byte[] out = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, out, a.length, b.length);
        return out;
    }
}
