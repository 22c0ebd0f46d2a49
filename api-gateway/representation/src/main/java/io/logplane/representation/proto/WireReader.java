package io.logplane.representation.proto;

import io.logplane.representation.decode.Malformed;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads protobuf fields from a slice of bytes.
///
/// Errors: [Malformed] for anything that is not protobuf. Thread: one.
final class WireReader {
    private static final String END = "unexpected EOF";

    private final byte[] in;
    private final int end;
    private int at;
    private int wireType;

    WireReader(byte[] in) {
        this(in, 0, in.length);
    }

    WireReader(byte[] in, int from, int end) {
        this.in = in;
        this.at = from;
        this.end = end;
    }

    /// The number of the next field, or 0 at the end.
    int next() {
        if (at == end) {
            return 0;
        }
        long tag = raw();
        wireType = (int) (tag & 7);
        long field = tag >>> 3;
        if (field <= 0 || field > 0x1fffffff) {
            throw new Malformed("proto: illegal tag " + field + " (wire type " + wireType + ")");
        }
        return (int) field;
    }

    long varint() {
        require(0);
        return raw();
    }

    double doubled() {
        require(1);
        if (end - at < 8) {
            throw new Malformed(END);
        }
        long bits = 0;
        for (int i = 0; i < 8; i++) {
            bits |= (in[at++] & 0xffL) << 8 * i;
        }
        return Double.longBitsToDouble(bits);
    }

    String text() {
        int length = length();
        String text = new String(in, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    byte[] bytes() {
        int length = length();
        byte[] bytes = Arrays.copyOfRange(in, at, at + length);
        at += length;
        return bytes;
    }

    WireReader message() {
        int length = length();
        WireReader message = new WireReader(in, at, at + length);
        at += length;
        return message;
    }

    boolean isEmpty() {
        return at == end;
    }

    /// True when the field just announced is written as one run of numbers.
    boolean packed() {
        return wireType == 2;
    }

    long packedVarint() {
        return raw();
    }

    private int length() {
        require(2);
        long length = raw();
        if (length < 0 || length > end - at) {
            throw new Malformed(END);
        }
        return (int) length;
    }

    void skip() {
        switch (wireType) {
            case 0 -> raw();
            case 1 -> advance(8);
            case 2 -> advance(length());
            case 5 -> advance(4);
            default -> throw new Malformed("proto: illegal wireType " + wireType);
        }
    }

    private void advance(int count) {
        if (end - at < count) {
            throw new Malformed(END);
        }
        at += count;
    }

    private void require(int wanted) {
        if (wireType != wanted) {
            throw new Malformed("proto: wrong wireType = " + wireType);
        }
    }

    private long raw() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at == end) {
                throw new Malformed(END);
            }
            byte b = in[at++];
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new Malformed("proto: integer overflow");
    }
}
