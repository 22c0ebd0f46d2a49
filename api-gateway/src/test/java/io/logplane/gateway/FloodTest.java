package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.gateway.http.Tls;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Abuse of connections, frame by frame over real sockets: the abuser's connection ends, others never notice.
class FloodTest {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int END_HEADERS_AND_STREAM = 5;
    private static final int FRAMES = 6_000;
    /// GET https / of authority x, from HPACK's static table.
    private static final byte[] GET = {(byte) 0x82, (byte) 0x87, (byte) 0x84, 0x41, 1, 'x'};

    @TempDir
    static Path directory;
    private static DevPlane plane;
    private static ApiClient admin;

    @BeforeAll
    static void start() throws Exception {
        plane = DevPlane.start(directory, 0);
        admin = new ApiClient(plane.port(), plane.pki().authorityCertificate(), plane.pki().admin());
        org.awaitility.Awaitility.await().atMost(java.time.Duration.ofSeconds(60))
                .until(() -> admin.get("/readyz").code() == 200);
    }

    @AfterAll
    static void stop() {
        plane.close();
    }

    private static SSLSocket connect(String protocol) throws IOException {
        var context = Tls.asking(plane.pki().admin().certificate(), plane.pki().admin().key(), Tls.certificates(plane
                .pki().authorityCertificate()));
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", plane.port());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[]{protocol});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static void frame(OutputStream out, int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.put((byte) 0).putShort((short) payload.length).put((byte) type).put((byte) flags).putInt(stream).put(
                payload);
        out.write(frame.array());
    }

    /// One frame of an attack. Shape: `n` counts.
    private interface Shot {
        void fire(OutputStream out, int n) throws IOException;
    }

    /// True: the server said good-bye before all frames were sent, or right after.
    private static boolean ended(Shot shot) throws IOException {
        try (SSLSocket socket = connect("h2")) {
            OutputStream out = new BufferedOutputStream(socket.getOutputStream());
            out.write(PREFACE);
            frame(out, SETTINGS, 0, 0, new byte[0]);
            try {
                for (int n = 0; n < FRAMES; n++) {
                    shot.fire(out, n);
                }
                out.flush();
            } catch (SocketException cut) {
                return true;
            }
            return goodbye(new DataInputStream(new BufferedInputStream(socket.getInputStream())));
        }
    }

    private static boolean goodbye(DataInputStream in) throws IOException {
        try {
            while (true) {
                int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                in.skipNBytes(5);
                in.skipNBytes(length);
                if (type == GOAWAY) {
                    return true;
                }
            }
        } catch (IOException cut) {
            return true;
        }
    }

    @Test
    void rapid_resets_settings_and_pings_end_the_connection_that_floods() throws IOException {
        assertThat(ended((out, n) -> {
            frame(out, HEADERS, END_HEADERS_AND_STREAM, 2 * n + 1, GET);
            frame(out, RST_STREAM, 0, 2 * n + 1, new byte[]{0, 0, 0, 8});
        })).as("rapid reset").isTrue();
        assertThat(admin.get("/readyz").code()).isEqualTo(200);
        assertThat(ended((out, n) -> frame(out, SETTINGS, 0, 0, new byte[]{0, 4, 0, 0, (byte) 0xff, (byte) 0xff})))
                .as("settings").isTrue();
        assertThat(ended((out, n) -> frame(out, PING, 0, 0, new byte[8]))).as("pings").isTrue();
        assertThat(admin.get("/readyz").code()).isEqualTo(200);
    }

    @Test
    void headers_and_bodies_that_never_end_do_not_keep_others_from_being_served() throws IOException {
        List<SSLSocket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 60; i++) {
                SSLSocket socket = connect("http/1.1");
                String start = i % 2 == 0
                        ? "GET /version HTTP/1.1\r\nHost: x\r\nX-Slow: "
                        : "POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\nHost: x\r\nContent-Type: "
                                + "application/json\r\nContent-Length: 1000\r\n\r\n{";
                socket.getOutputStream().write(start.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
                slow.add(socket);
            }
            assertThat(admin.get("/readyz").code()).isEqualTo(200);
            assertThat(admin.get("/api/v1/namespaces/default").code()).isEqualTo(200);
        } finally {
            for (SSLSocket socket : slow) {
                socket.close();
            }
        }
        assertThat(admin.get("/api/v1/namespaces/default/configmaps?limit=1").code()).isEqualTo(200);
    }
}
