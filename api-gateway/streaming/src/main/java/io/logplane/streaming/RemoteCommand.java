package io.logplane.streaming;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// exec and attach: a client's WebSocket of `v5.channel.k8s.io` on one side, SPDY with `v4.channel.k8s.io` behind.
///
/// | first byte of a message | rest | SPDY stream, by its header `streamtype` |
/// |---|---|---|
/// | 0 | standard input | stdin |
/// | 1, 2 | standard output and error | stdout, stderr |
/// | 3 | a `metav1.Status`: how it ended | error |
/// | 4 | `{"Width":80,"Height":24}` | resize, with a terminal |
/// | 255 | a channel that ends, in one byte | the last frame of stdin |
///
/// Source: k8s.io/apiserver/pkg/util/proxy; k8s.io/kubelet/pkg/cri/streaming/remotecommand; KEP-4006.
final class RemoteCommand implements Conversation {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteCommand.class);
    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int ERROR = 3;
    private static final int RESIZE = 4;
    private static final int CLOSE = 255;
    private static final int NONE = -1;
    /// A status is a sentence or two.
    private static final int MAX_STATUS = 64 * 1024;
    private static final List<String> NAMES = List.of("stdin", "stdout", "stderr", "error", "resize");
    private static final byte[] NO_STATUS = ("{\"metadata\":{},\"status\":\"Failure\",\"reason\":\"InternalError\","
            + "\"message\":\"Internal error occurred: the node's connection ended before the command's status\","
            + "\"code\":500}").getBytes(StandardCharsets.UTF_8);

    /// Which streams a client asked for. With a terminal there is no stderr of its own.
    record Streams(boolean stdin, boolean stdout, boolean stderr, boolean tty) {
    }

    private final WebSocketMessages client;
    private final Spdy node;
    /// Channels, in the order in which their streams are opened: upstream's client's.
    private final List<Integer> channels;
    private boolean deaf;

    RemoteCommand(WebSocketMessages client, Spdy node, Streams streams) {
        this.client = client;
        this.node = node;
        List<Integer> wanted = new ArrayList<>(List.of(ERROR));
        if (streams.stdin()) {
            wanted.add(STDIN);
        }
        if (streams.stdout()) {
            wanted.add(STDOUT);
        }
        if (streams.stderr() && !streams.tty()) {
            wanted.add(STDERR);
        }
        if (streams.tty()) {
            wanted.add(RESIZE);
        }
        this.channels = List.copyOf(wanted);
    }

    @Override
    public void toBackend() throws IOException {
        node.open(channels.stream().map(channel -> Map.of("streamtype", NAMES.get(channel))).toList());
        int channel = NONE;
        for (Optional<WebSocketMessages.Piece> piece = client.next(); piece.isPresent(); piece = client.next()) {
            byte[] bytes = piece.get().bytes();
            channel = piece.get().first() ? NONE : channel;
            if (channel == NONE && bytes.length > 0) {
                channel = bytes[0] & 0xff;
                bytes = Arrays.copyOfRange(bytes, 1, bytes.length);
            }
            said(channel, bytes);
        }
    }

    private void said(int channel, byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        if (channel == CLOSE && bytes[0] == STDIN) {
            toStream(STDIN, new byte[0], true);
        } else if (channel == STDIN || channel == RESIZE) {
            toStream(channel, bytes, false);
        }
    }

    /// A command that has ended reads no more, and what it wrote is still on its way: the client may go on talking.
    private void toStream(int channel, byte[] bytes, boolean last) {
        int index = channels.indexOf(channel);
        if (deaf || index < 0) {
            return;
        }
        try {
            node.send(stream(index), bytes, last);
        } catch (IOException over) {
            deaf = true;
            LOG.debug("a command takes no more input", over);
        }
    }

    @Override
    public void toClient() throws IOException {
        Set<Integer> open = new HashSet<>();
        for (int channel : List.of(STDOUT, STDERR, ERROR)) {
            if (channels.contains(channel)) {
                open.add(channel);
            }
        }
        // Tells the client that everything is ready, as upstream does.
        toChannel(channels.contains(STDOUT) ? STDOUT : channels.contains(STDERR) ? STDERR : ERROR, new byte[0]);
        ByteArrayOutputStream status = new ByteArrayOutputStream();
        while (!open.isEmpty()) {
            Optional<Spdy.Data> data = heard();
            if (data.isEmpty()) {
                break;
            }
            int index = (data.get().stream() - 1) / 2;
            int channel = index >= 0 && index < channels.size() ? channels.get(index) : NONE;
            byte[] bytes = data.get().bytes();
            if (open.contains(channel) && channel == ERROR && status.size() + bytes.length <= MAX_STATUS) {
                status.writeBytes(bytes); // in one message: clients parse each of this channel's
            } else if (open.contains(channel) && channel != ERROR && bytes.length > 0) {
                toChannel(channel, bytes);
            }
            if (data.get().last()) {
                open.remove(channel);
            }
        }
        toChannel(ERROR, status.size() == 0 ? NO_STATUS : status.toByteArray());
        client.part();
    }

    private Optional<Spdy.Data> heard() {
        try {
            return node.next();
        } catch (IOException away) {
            LOG.debug("a node's connection broke", away);
            return Optional.empty();
        }
    }

    private static int stream(int index) {
        return 2 * index + 1;
    }

    private void toChannel(int channel, byte[] bytes) throws IOException {
        byte[] message = new byte[bytes.length + 1];
        message[0] = (byte) channel;
        System.arraycopy(bytes, 0, message, 1, bytes.length);
        client.send(WebSocketMessages.BINARY, message, 0, message.length);
    }
}
