package io.logplane.streaming;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The server's end of a WebSocket: messages as frames, both ways; pings are answered here.
///
/// | bytes | frame (RFC 6455 section 5.2) |
/// |---|---|
/// | 1 | 0x80 for the last of a message, and the opcode: 0 goes on, 1 text, 2 binary, 8 close, 9 ping, 10 pong |
/// | 1, 3 or 9 | 0x80 when masked, and the length: itself up to 125; 126 and two bytes; 127 and eight bytes |
/// | 0 or 4 | the mask, of a client only |
/// | rest | the message, or a part of it |
///
/// Thread: one reads, any sends. Errors: IOException when the client is gone. Limits: a message has none, it is handed
/// out in pieces.
final class WebSocketMessages {
    static final int TEXT = 1;
    static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int GOES_ON = 0;
    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final int SHORT = 125;
    private static final int TWO_BYTES = 126;
    private static final int EIGHT_BYTES = 127;
    private static final int MASK_BYTES = 4;
    private static final int PIECE = 32 * 1024;
    private static final byte[] NORMAL = {1000 >> 8, (byte) (1000 & 0xff)};
    /// How long the other side may take to say goodbye too.
    private static final int GOODBYE_SECONDS = 5;
    private static final String GONE = "the client has gone";
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final InputStream in;
    private final OutputStream out;
    private final CountDownLatch gone = new CountDownLatch(1);
    private final byte[] mask = new byte[MASK_BYTES];
    private long left;
    private int position;
    private boolean begins;
    private boolean parted;

    WebSocketMessages(InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    /// What proves that a handshake was understood. Source: RFC 6455 section 4.2.2.
    static String accept(String key) {
        try {
            return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest((key.strip() + MAGIC)
                    .getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// A part of a client's message. Shape: `first` when a message begins with it; may be empty.
    record Piece(boolean first, byte[] bytes) {
    }

    /// Empty: the client has said goodbye, or is gone.
    Optional<Piece> next() throws IOException {
        Optional<Piece> next = Optional.empty();
        try {
            next = read();
            return next;
        } finally {
            if (next.isEmpty()) {
                gone.countDown();
            }
        }
    }

    private Optional<Piece> read() throws IOException {
        while (left == 0) {
            int head = in.read();
            int opcode = head & 0x0f;
            if (head < 0) {
                return Optional.empty();
            }
            if (opcode == CLOSE) {
                goodbye(NORMAL);
                return Optional.empty();
            }
            length();
            if (opcode == PING || opcode == PONG) {
                control(opcode);
                continue;
            }
            begins = opcode != GOES_ON;
            if (left == 0) {
                return Optional.of(new Piece(begins, new byte[0]));
            }
        }
        byte[] bytes = new byte[(int) Math.min(left, PIECE)];
        int read = in.read(bytes);
        if (read < 0) {
            throw new EOFException(GONE);
        }
        Piece piece = new Piece(begins, plain(Arrays.copyOf(bytes, read)));
        begins = false;
        return Optional.of(piece);
    }

    private void control(int opcode) throws IOException {
        if (left > SHORT) {
            throw new IOException("a control frame of " + left + " bytes");
        }
        byte[] said = plain(in.readNBytes((int) left));
        if (opcode == PING) {
            send(PONG, said, 0, said.length);
        }
    }

    private void length() throws IOException {
        int second = octet();
        left = second & ~MASKED;
        int more = left == TWO_BYTES ? 2 : left == EIGHT_BYTES ? 8 : 0;
        left = more == 0 ? left : 0;
        for (int i = 0; i < more; i++) {
            left = left << 8 | octet();
        }
        if (left < 0) {
            throw new IOException("a frame longer than any");
        }
        position = 0;
        for (int i = 0; i < MASK_BYTES; i++) {
            mask[i] = (byte) ((second & MASKED) == 0 ? 0 : octet());
        }
    }

    private byte[] plain(byte[] bytes) {
        left -= bytes.length;
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= mask[position];
            position = (position + 1) % MASK_BYTES;
        }
        return bytes;
    }

    private int octet() throws IOException {
        int octet = in.read();
        if (octet < 0) {
            throw new EOFException(GONE);
        }
        return octet;
    }

    /// One message in one frame.
    synchronized void send(int opcode, byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(length + 10);
        frame.put((byte) (FINAL | opcode));
        if (length <= SHORT) {
            frame.put((byte) length);
        } else if (length <= 0xffff) {
            frame.put((byte) TWO_BYTES).putShort((short) length);
        } else {
            frame.put((byte) EIGHT_BYTES).putLong(length);
        }
        frame.put(bytes, offset, length);
        out.write(frame.array(), 0, frame.position());
    }

    /// Says that all is said, once. Shape: a code in two bytes, or nothing.
    synchronized void goodbye(byte[] code) throws IOException {
        if (!parted) {
            parted = true;
            send(CLOSE, code, 0, code.length);
        }
    }

    /// Says goodbye and waits until the client does so too or [#GOODBYE_SECONDS] have passed: a connection closed while
    /// the other side still sends may lose what it has not read yet.
    void part() throws IOException {
        goodbye(NORMAL);
        try {
            boolean unused = gone.await(GOODBYE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
