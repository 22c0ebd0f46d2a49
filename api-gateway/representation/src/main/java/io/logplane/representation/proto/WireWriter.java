package io.logplane.representation.proto;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// Writes protobuf fields.
///
/// | wire type | values |
/// |---|---|
/// | 0 | varints: integers and booleans |
/// | 1 | eight bytes: doubles |
/// | 2 | length and bytes: strings, bytes, messages |
///
/// Thread: one. Source: the protobuf encoding page.
public final class WireWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

    public byte[] bytes() {
        return out.toByteArray();
    }

    public void varint(int field, long value) {
        tag(field, 0);
        raw(value);
    }

    public void doubled(int field, double value) {
        tag(field, 1);
        long bits = Double.doubleToLongBits(value);
        for (int i = 0; i < 8; i++) {
            out.write((int) (bits >>> 8 * i));
        }
    }

    public void text(int field, String value) {
        bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    public void bytes(int field, byte[] value) {
        tag(field, 2);
        raw(value.length);
        out.write(value, 0, value.length);
    }

    public void message(int field, WireWriter message) {
        tag(field, 2);
        raw(message.out.size());
        try {
            message.out.writeTo(out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible); // both are memory
        }
    }

    /// The beginning of a field whose `length` bytes follow from elsewhere.
    void open(int field, long length) {
        tag(field, 2);
        raw(length);
    }

    /// Bytes that are no field.
    void plain(byte[] bytes) {
        out.writeBytes(bytes);
    }

    private void tag(int field, int wireType) {
        raw((long) field << 3 | wireType);
    }

    private void raw(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
