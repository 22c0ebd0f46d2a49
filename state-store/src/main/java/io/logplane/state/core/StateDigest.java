package io.logplane.state.core;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// An order-independent digest of all live objects.
///
/// | part | bytes |
/// |---|---|
/// | leaf | SHA-256(u32 key length, key UTF-8, u64 revision, u64 created revision, object bytes) |
/// | digest | the sum of all leaves, as four unsigned big-endian 64-bit lanes, each modulo 2^64 |
///
/// The empty state is 32 zero bytes. Adding and removing leaves commute, so the digest of a state read in any order
/// equals that
/// of the same state built by replay.
public final class StateDigest {
    /// Length of digest, leaf and chain hash.
    public static final int LENGTH = 32;
    private final long[] lanes = new long[4];

    public StateDigest(byte[] start) {
        ByteBuffer in = ByteBuffer.wrap(start);
        for (int i = 0; i < lanes.length; i++) {
            lanes[i] = in.getLong();
        }
    }

    public static byte[] leaf(String key, long revision, long createdRevision, byte[] object) {
        MessageDigest sha = ChainHash.sha256();
        byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
        sha.update(ByteBuffer.allocate(4 + keyBytes.length + 16).putInt(keyBytes.length).put(keyBytes).putLong(revision)
                .putLong(createdRevision).flip());
        sha.update(object);
        return sha.digest();
    }

    public void add(byte[] leaf) {
        ByteBuffer in = ByteBuffer.wrap(leaf);
        for (int i = 0; i < lanes.length; i++) {
            lanes[i] += in.getLong();
        }
    }

    public void subtract(byte[] leaf) {
        ByteBuffer in = ByteBuffer.wrap(leaf);
        for (int i = 0; i < lanes.length; i++) {
            lanes[i] -= in.getLong();
        }
    }

    public byte[] bytes() {
        ByteBuffer out = ByteBuffer.allocate(LENGTH);
        for (long lane : lanes) {
            out.putLong(lane);
        }
        return out.array();
    }
}
