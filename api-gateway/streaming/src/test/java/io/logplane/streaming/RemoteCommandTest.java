package io.logplane.streaming;

import static io.logplane.streaming.WebSocketMessagesTest.frame;
import static io.logplane.streaming.WebSocketMessagesTest.together;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The translation against bytes of a server that does what runtimes do at their worst. Real ones: e2e's StreamsTest.
class RemoteCommandTest {
    private static final int MESSAGE = 0x82;
    private static final RemoteCommand.Streams ALL = new RemoteCommand.Streams(true, true, true, false);

    private final ByteArrayOutputStream toClient = new ByteArrayOutputStream();
    private final ByteArrayOutputStream toNode = new ByteArrayOutputStream();

    private void run(byte[] fromClient, byte[] fromNode, OutputStream node, RemoteCommand.Streams streams)
            throws IOException {
        RemoteCommand command = new RemoteCommand(new WebSocketMessages(new ByteArrayInputStream(fromClient),
                toClient), new Spdy(new ByteArrayInputStream(fromNode), node), streams);
        command.toBackend();
        command.toClient();
    }

    /// What the client is told: channel and text; the goodbye is left out.
    private List<String> told() {
        List<String> told = new ArrayList<>();
        ByteBuffer bytes = ByteBuffer.wrap(toClient.toByteArray());
        while (bytes.hasRemaining()) {
            int opcode = bytes.get() & 0x0f;
            int length = bytes.get();
            byte[] message = new byte[length == 126 ? bytes.getShort() : length];
            bytes.get(message);
            if (opcode == 2) {
                told.add(message[0] + new String(message, 1, message.length - 1, StandardCharsets.UTF_8));
            }
        }
        return told;
    }

    private static byte[] data(int stream, String text, boolean last) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + bytes.length).putInt(stream).putInt((last ? 1 << 24 : 0) | bytes.length).put(
                bytes).array();
    }

    private static byte[] control(int type, int... words) {
        ByteBuffer frame = ByteBuffer.allocate(8 + 4 * words.length).putInt(0x8003_0000 | type).putInt(4
                * words.length);
        for (int word : words) {
            frame.putInt(word);
        }
        return frame.array();
    }

    @Test
    void streamsBecomeChannelsUntilEachOfThemHasEndedAndAStatusOneMessage() throws IOException {
        run(new byte[0], together(data(5, "out", false), data(7, "err", true), control(3, 5, 5), data(1, "{", false),
                data(5, "late", false), data(1, "}", true)), toNode, ALL);

        assertThat(told()).containsExactly("1", "1out", "2err", "3{}");
    }

    @Test
    void aNodeThatGoesAwayWithoutAStatusIsAnInternalError() throws IOException {
        run(new byte[0], data(5, "half of the out", false), toNode, ALL);

        assertThat(told()).hasSize(3).startsWith("1", "1half of the out");
        assertThat(told().getLast()).startsWith("3{").contains("\"reason\":\"InternalError\"", "\"code\":500");
    }

    @Test
    void inputAndItsEndGoToTheStreamOfInput() throws IOException {
        run(together(frame(MESSAGE, "\u0000in"), frame(MESSAGE, "\u0001not mine to write"), frame(0x02, "\u0000pa"),
                frame(
                        0x80, "rts"),
                frame(MESSAGE, "\u00ff\u0000")), data(1, "{}", true), toNode, ALL);

        assertThat(ends(toNode.toByteArray(), together(data(3, "in", false), data(3, "pa", false), data(3, "rts",
                false), data(3, "", true)))).isTrue();
    }

    @Test
    void outputArrivesAlsoWhenTheCommandTakesNoMoreInput() throws IOException {
        OutputStream gone = new OutputStream() {
            private int written;

            @Override
            public void write(int single) throws IOException {
                throw new IOException("one at a time");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (++written > 4) { // as many streams are opened before
                    throw new IOException("gone");
                }
            }
        };
        run(frame(MESSAGE, "\u0000in"), together(data(5, "out", true), data(7, "", true), data(1, "{}", true)), gone,
                ALL);

        assertThat(told()).containsExactly("1", "1out", "3{}");
    }

    @Test
    void pingsOfTheServersAreAnsweredAndAnswersAreNot() throws IOException {
        run(new byte[0], together(control(6, 2), control(6, 1), control(4, 0), data(1, "{}", true), data(5, "", true)),
                toNode, new RemoteCommand.Streams(false, true, false, false));

        assertThat(ends(toNode.toByteArray(), control(6, 2))).isTrue();
    }

    private static boolean ends(byte[] all, byte[] end) {
        return all.length >= end.length && ByteBuffer.wrap(all, all.length - end.length, end.length).equals(ByteBuffer
                .wrap(end));
    }
}
