package io.logplane.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WebSocketMessagesTest {
    private static final int FINAL = 0x80;
    private static final int GOES_ON = 0;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /// A masked frame, as clients send them.
    static byte[] frame(int head, String text) {
        byte[] mask = {1, 2, 3, 4};
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer frame = ByteBuffer.allocate(bytes.length + 14).put((byte) head);
        if (bytes.length <= 125) {
            frame.put((byte) (0x80 | bytes.length));
        } else if (bytes.length <= 0xffff) {
            frame.put((byte) 0xfe).putShort((short) bytes.length);
        } else {
            frame.put((byte) 0xff).putLong(bytes.length);
        }
        frame.put(mask);
        for (int i = 0; i < bytes.length; i++) {
            frame.put((byte) (bytes[i] ^ mask[i % 4]));
        }
        return java.util.Arrays.copyOf(frame.array(), frame.position());
    }

    static byte[] together(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private WebSocketMessages messages(byte[]... frames) {
        return new WebSocketMessages(new ByteArrayInputStream(together(frames)), out);
    }

    /// Whole messages, put together from their pieces.
    private static List<String> read(WebSocketMessages messages) throws IOException {
        List<String> read = new ArrayList<>();
        for (Optional<WebSocketMessages.Piece> piece = messages.next(); piece.isPresent(); piece = messages.next()) {
            String text = new String(piece.get().bytes(), StandardCharsets.ISO_8859_1);
            if (piece.get().first()) {
                read.add(text);
            } else {
                read.add(read.removeLast() + text);
            }
        }
        return read;
    }

    @Test
    void messagesOfEveryLengthArriveWhole() throws IOException {
        List<String> sent = List.of("", "short", "m".repeat(126), "l".repeat(70_000));
        byte[][] frames = sent.stream().map(text -> frame(FINAL | BINARY, text)).toArray(byte[][]::new);

        assertThat(read(messages(frames))).isEqualTo(sent);
    }

    @Test
    void aPingBetweenThePartsOfAMessageIsAnsweredAndPartOfNone() throws IOException {
        WebSocketMessages messages = messages(frame(BINARY, "one "), frame(FINAL | PING, "still there?"), frame(GOES_ON,
                "two "), frame(FINAL | GOES_ON, "three"), frame(FINAL | BINARY, "next"));

        assertThat(read(messages)).containsExactly("one two three", "next");
        assertThat(out.toByteArray()).isEqualTo(together(new byte[]{(byte) (FINAL | PONG), 12}, "still there?".getBytes(
                StandardCharsets.US_ASCII)));
    }

    @Test
    void aGoodbyeIsAnsweredOnceAndWhatFollowsIsNotRead() throws IOException {
        WebSocketMessages messages = messages(frame(FINAL | CLOSE, ""), frame(FINAL | BINARY, "late"));

        assertThat(read(messages)).isEmpty();
        messages.part();
        assertThat(out.toByteArray()).isEqualTo(new byte[]{(byte) (FINAL | CLOSE), 2, 3, (byte) 0xe8});
    }

    @Test
    void aClientThatBreaksOffOrPingsWithoutEndIsAFailure() {
        byte[] whole = frame(FINAL | BINARY, "text");
        assertThatThrownBy(() -> read(messages(java.util.Arrays.copyOf(whole, 7)))).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> read(messages(frame(FINAL | PING, "p".repeat(126))))).isInstanceOf(IOException.class);
    }
}
