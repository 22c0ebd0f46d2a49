package io.logplane.schemas.wire;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/// Reads Avro's binary encoding from one byte array and believes no length that the array cannot hold.
///
/// Avro's own decoder allocates what a length promises, up to 2 GiB, before it looks for the bytes: ten damaged bytes
/// in a
/// log would end the process. Here every length and count is at most the number of bytes left.
/// Errors: EOFException when bytes are missing, AvroRuntimeException when a number cannot be. Thread: one.
/// Source: https://avro.apache.org/docs/1.12.0/specification/#binary-encoding
final class BoundedDecoder extends Decoder {
    private static final int INT_BITS = 32;
    private static final int LONG_BITS = 64;
    private static final int PAYLOAD_BITS = 7;
    private static final int PAYLOAD = 0x7f;
    private static final int MORE = 0x80;

    private final byte[] bytes;
    private int at;

    BoundedDecoder(byte[] bytes, int from) {
        this.bytes = bytes;
        this.at = from;
    }

    boolean isEnd() {
        return at == bytes.length;
    }

    @Override
    public void readNull() {
    }

    @Override
    public boolean readBoolean() throws IOException {
        return switch (next()) {
            case 0 -> false;
            case 1 -> true;
            default -> throw new AvroRuntimeException("a boolean is 0 or 1");
        };
    }

    @Override
    public int readInt() throws IOException {
        return (int) zigzag(INT_BITS);
    }

    @Override
    public long readLong() throws IOException {
        return zigzag(LONG_BITS);
    }

    @Override
    public float readFloat() throws IOException {
        return Float
                .intBitsToFloat(Integer.reverseBytes(ByteBuffer.wrap(bytes, take(Float.BYTES), Float.BYTES).getInt()));
    }

    @Override
    public double readDouble() throws IOException {
        return Double.longBitsToDouble(
                Long.reverseBytes(ByteBuffer.wrap(bytes, take(Double.BYTES), Double.BYTES).getLong()));
    }

    @Override
    public Utf8 readString(@Nullable Utf8 old) throws IOException {
        return new Utf8(readString());
    }

    @Override
    public String readString() throws IOException {
        int length = length();
        return new String(bytes, take(length), length, StandardCharsets.UTF_8);
    }

    @Override
    public void skipString() throws IOException {
        take(length());
    }

    @Override
    public ByteBuffer readBytes(@Nullable ByteBuffer old) throws IOException {
        int length = length();
        byte[] copy = new byte[length];
        System.arraycopy(bytes, take(length), copy, 0, length);
        return ByteBuffer.wrap(copy);
    }

    @Override
    public void skipBytes() throws IOException {
        take(length());
    }

    @Override
    public void readFixed(byte[] into, int start, int length) throws IOException {
        System.arraycopy(bytes, take(length), into, start, length);
    }

    @Override
    public void skipFixed(int length) throws IOException {
        take(length);
    }

    @Override
    public int readEnum() throws IOException {
        return readInt();
    }

    @Override
    public long readArrayStart() throws IOException {
        return block();
    }

    @Override
    public long arrayNext() throws IOException {
        return block();
    }

    @Override
    public long skipArray() throws IOException {
        return block();
    }

    @Override
    public long readMapStart() throws IOException {
        return block();
    }

    @Override
    public long mapNext() throws IOException {
        return block();
    }

    @Override
    public long skipMap() throws IOException {
        return block();
    }

    @Override
    public int readIndex() throws IOException {
        return readInt();
    }

    /// How many items follow; a negative count is followed by the size of the block, which nobody here needs.
    private long block() throws IOException {
        long count = readLong();
        if (count < 0) {
            readLong();
            count = -count;
        }
        // Every item of ours takes a byte at least, so a count beyond what is left is a lie.
        if (count < 0 || count > bytes.length - at) {
            throw new EOFException(count + " items are announced, " + (bytes.length - at) + " bytes are left");
        }
        return count;
    }

    private int length() throws IOException {
        long length = readLong();
        if (length < 0 || length > bytes.length - at) {
            throw new EOFException(length + " bytes are announced, " + (bytes.length - at) + " are left");
        }
        return (int) length;
    }

    private int take(int length) throws IOException {
        if (length > bytes.length - at) {
            throw new EOFException(length + " bytes are missing");
        }
        int from = at;
        at += length;
        return from;
    }

    private int next() throws IOException {
        return bytes[take(1)];
    }

    private long zigzag(int bits) throws IOException {
        long value = 0;
        for (int shift = 0; shift < bits; shift += PAYLOAD_BITS) {
            int octet = next();
            value |= (long) (octet & PAYLOAD) << shift;
            if ((octet & MORE) == 0) {
                return value >>> 1 ^ -(value & 1);
            }
        }
        throw new AvroRuntimeException("a number of more than " + bits + " bits");
    }
}
