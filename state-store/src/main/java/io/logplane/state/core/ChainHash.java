package io.logplane.state.core;

import io.logplane.state.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The hash over a whole log prefix with its verdicts: H(n) = SHA-256 of
///
/// | part | bytes |
/// |---|---|
/// | before | H(n-1), 32 bytes; zeros before the first record |
/// | offset | u64 |
/// | append time | u64, milliseconds since 1970 |
/// | key | u32 length, bytes |
/// | value | u32 length, bytes |
/// | verdict | u8: 1 Accepted, 2 Unchanged, 3 Conflict, 4 Duplicate, 5 Late, 6 Fenced, 7 Poison |
/// | | Accepted, Unchanged: u64 revision; Conflict: u32 length, key UTF-8, u64 expected, u64 actual; else nothing |
///
/// All numbers big-endian. A Poison's reason is left out: its words may improve, the verdict may not.
public final class ChainHash {

    private ChainHash() {
    }

    public static byte[] next(byte[] before, LogEntry entry, Verdict verdict) {
        MessageDigest sha = sha256();
        sha.update(before);
        sha.update(ByteBuffer.allocate(20).putLong(entry.offset()).putLong(entry.appendTime())
                .putInt(entry.key().length).flip());
        sha.update(entry.key());
        sha.update(ByteBuffer.allocate(4).putInt(entry.value().length).flip());
        sha.update(entry.value());
        sha.update(encode(verdict));
        return sha.digest();
    }

    /// SHA-256(u32 key length, key, value, u64 append time): recognises one record without its history.
    public static byte[] fingerprint(byte[] key, byte[] value, long appendTime) {
        MessageDigest sha = sha256();
        sha.update(ByteBuffer.allocate(4).putInt(key.length).flip());
        sha.update(key);
        sha.update(value);
        sha.update(ByteBuffer.allocate(8).putLong(appendTime).flip());
        return sha.digest();
    }

    private static byte[] encode(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Accepted accepted -> tagged(1, accepted.revision());
            case Verdict.Unchanged unchanged -> tagged(2, unchanged.revision());
            case Verdict.Conflict conflict -> {
                byte[] key = conflict.key().text().getBytes(StandardCharsets.UTF_8);
                yield ByteBuffer.allocate(1 + 4 + key.length + 16).put((byte) 3).putInt(key.length).put(key)
                        .putLong(conflict.expected()).putLong(conflict.actual()).array();
            }
            case Verdict.Duplicate unused -> new byte[]{4};
            case Verdict.Late unused -> new byte[]{5};
            case Verdict.Fenced unused -> new byte[]{6};
            case Verdict.Poison unused -> new byte[]{7};
        };
    }

    private static byte[] tagged(int tag, long revision) {
        return ByteBuffer.allocate(9).put((byte) tag).putLong(revision).array();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
