package io.logplane.schemas.model;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.Arrays;

/// Reads one value after the other from DER, and refuses in the words of Go's encoding/asn1; wraps values too.
///
/// Errors: [Malformed], where Go says that the bytes are not what was expected.
/// Source: ITU-T X.690.
public final class Der {
    public static final int INTEGER = 0x02;
    public static final int BIT_STRING = 0x03;
    public static final int OCTET_STRING = 0x04;
    public static final int OBJECT_IDENTIFIER = 0x06;
    public static final int SEQUENCE = 0x30;
    private static final int CONSTRUCTED = 0x20;
    private static final int NUMBER = 0x1f;
    private static final int CLASS_BITS = 6;
    private static final int LONG_LENGTH = 0x80;
    private static final int MOST_LENGTH_BYTES = 3;
    private static final int BYTE = 8;
    private final byte[] bytes;
    private int position;

    public Der(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    /// One value: its tag, what it holds, and both with the length between them.
    public record Value(int tag, byte[] content, byte[] whole) {
        public Der inside() {
            return new Der(content);
        }
    }

    /// Bytes that are no DER, or other DER than was expected.
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        private Malformed(String message) {
            super(message);
        }
    }

    public static byte[] sequence(byte[]... contents) {
        return of(SEQUENCE, contents);
    }

    /// One value that holds what is given, one after the other.
    public static byte[] of(int tag, byte[]... contents) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : contents) {
            content.writeBytes(part);
        }
        byte[] length = BigInteger.valueOf(content.size()).toByteArray();
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        value.write(tag);
        if (content.size() >= LONG_LENGTH) {
            int sign = length[0] == 0 ? 1 : 0;
            value.write(LONG_LENGTH + length.length - sign);
            value.write(length, sign, length.length - sign);
        } else {
            value.write(content.size());
        }
        value.writeBytes(content.toByteArray());
        return value.toByteArray();
    }

    public boolean atEnd() {
        return position == bytes.length;
    }

    /// Errors: when anything is left.
    public void end() throws Malformed {
        if (!atEnd()) {
            throw new Malformed("asn1: syntax error: trailing data");
        }
    }

    /// The next value, which must have this tag. `goType` is what Go calls that which it reads it into.
    public Value next(int tag, String goType) throws Malformed {
        int start = position;
        int found = header();
        int length = length();
        if (found != tag) {
            boolean compound = (found & CONSTRUCTED) != 0;
            throw new Malformed("asn1: structure error: tags don't match (" + (tag & NUMBER) + " vs {class:"
                    + (found >> CLASS_BITS) + " tag:" + (found & NUMBER) + " length:" + length + " isCompound:"
                    + compound + "}) {optional:false explicit:false application:false private:false defaultValue:<nil> "
                    + "tag:<nil> stringType:0 timeType:0 set:false omitEmpty:false} " + goType + " @" + position);
        }
        return value(start, found, length);
    }

    /// The next value, whatever it is.
    public Value any() throws Malformed {
        int start = position;
        int found = header();
        return value(start, found, length());
    }

    private Value value(int start, int tag, int length) throws Malformed {
        if (length > bytes.length - position) {
            throw new Malformed("asn1: syntax error: data truncated");
        }
        position += length;
        return new Value(tag, Arrays.copyOfRange(bytes, position - length, position),
                Arrays.copyOfRange(bytes, start, position));
    }

    private int header() throws Malformed {
        if (atEnd()) {
            throw new Malformed("asn1: syntax error: sequence truncated");
        }
        return octet();
    }

    private int length() throws Malformed {
        int first = octet();
        if (first < LONG_LENGTH) {
            return first;
        }
        int count = first - LONG_LENGTH;
        if (count == 0) {
            throw new Malformed("asn1: syntax error: indefinite length found (not DER)");
        }
        if (count > MOST_LENGTH_BYTES) {
            throw new Malformed("asn1: structure error: length too large");
        }
        int length = 0;
        for (int i = 0; i < count; i++) {
            length = length << BYTE | octet();
            if (length == 0) {
                throw new Malformed("asn1: structure error: superfluous leading zeros in length");
            }
        }
        if (length < LONG_LENGTH) {
            throw new Malformed("asn1: structure error: non-minimal length");
        }
        return length;
    }

    private int octet() throws Malformed {
        if (atEnd()) {
            throw new Malformed("asn1: syntax error: truncated tag or length");
        }
        return Byte.toUnsignedInt(bytes[position++]);
    }
}
