package io.logplane.streaming;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// A connection to the server behind, on which an upgrade was asked for, with the answer's head.
///
/// Shape: header names as they came. Thread: one until the tunnel begins. Errors: IOException when the server cannot
/// be reached or does not speak HTTP/1.1.
public final class Backend implements Closeable {
    /// To connect, to shake hands and for the head of the answer.
    private static final int PATIENCE_MILLIS = 10_000;
    /// A head longer than this is no head.
    private static final int MAX_HEAD = 64 * 1024;
    /// Of a refusal's body, what is passed on.
    private static final int MAX_REFUSAL = 64 * 1024;
    private static final int SWITCHING = 101;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final int status;
    private final List<Map.Entry<String, String>> headers;

    private Backend(Socket socket, InputStream in, OutputStream out, int status,
            List<Map.Entry<String, String>> headers) {
        this.socket = socket;
        this.in = in;
        this.out = out;
        this.status = status;
        this.headers = headers;
    }

    /// Asks for an upgrade. Shape: `http` or `https`; `tls` also proves who asks.
    public static Backend ask(URI to, Optional<SSLContext> tls, String method,
            List<Map.Entry<String, String>> headers) throws IOException {
        Socket socket = connect(to, tls);
        try {
            StringBuilder head = new StringBuilder(method).append(' ').append(to.getRawPath()).append(
                    to.getRawQuery() == null ? "" : "?" + to.getRawQuery()).append(" HTTP/1.1\r\nHost: ").append(
                            to.getRawAuthority())
                    .append("\r\n");
            headers.forEach(header -> head.append(header.getKey()).append(": ").append(clean(header.getValue()))
                    .append("\r\n"));
            if (!method.equals("GET")) {
                head.append("Content-Length: 0\r\n");
            }
            OutputStream out = socket.getOutputStream();
            out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            InputStream in = new BufferedInputStream(socket.getInputStream());
            String[] first = line(in).split(" ", 3);
            if (first.length < 2 || !first[0].startsWith("HTTP/1.")) {
                throw new IOException("the server at " + to.getRawAuthority() + " does not speak HTTP/1.1");
            }
            Backend asked = new Backend(socket, in, out, Integer.parseInt(first[1]), fields(in));
            socket.setSoTimeout(asked.upgraded() ? 0 : PATIENCE_MILLIS);
            return asked;
        } catch (NumberFormatException noStatus) {
            socket.close();
            throw new IOException("the answer has no HTTP status", noStatus);
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }

    public boolean upgraded() {
        return status == SWITCHING;
    }

    public int status() {
        return status;
    }

    public List<Map.Entry<String, String>> headers() {
        return List.copyOf(headers);
    }

    /// What the server said instead of upgrading; cut when it is long.
    public String refusal() throws IOException {
        int length = headers.stream().filter(header -> header.getKey().equalsIgnoreCase("Content-Length")).findFirst()
                .map(header -> Integer.parseInt(header.getValue())).orElse(MAX_REFUSAL);
        try (this) {
            return new String(in.readNBytes(Math.clamp(length, 0, MAX_REFUSAL)), StandardCharsets.UTF_8);
        } catch (java.net.SocketTimeoutException kept) {
            return "";
        }
    }

    InputStream in() {
        return in;
    }

    OutputStream out() {
        return out;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static Socket connect(URI to, Optional<SSLContext> tls) throws IOException {
        boolean secure = to.getScheme().equals("https");
        int port = to.getPort() >= 0 ? to.getPort() : secure ? 443 : 80;
        Socket plain = new Socket();
        try {
            plain.connect(new InetSocketAddress(to.getHost(), port), PATIENCE_MILLIS);
            plain.setTcpNoDelay(true);
            plain.setSoTimeout(PATIENCE_MILLIS);
            if (!secure) {
                return plain;
            }
            SSLContext context = tls.orElseThrow(() -> new IOException("no TLS settings for " + to));
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, to.getHost(), port, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (IOException failed) {
            plain.close();
            throw failed;
        }
    }

    private static List<Map.Entry<String, String>> fields(InputStream in) throws IOException {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.add(Map.entry(line.substring(0, colon).strip(), line.substring(colon + 1).strip()));
            }
        }
        return fields;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection ended within the head of the answer");
            }
            if (line.length() > MAX_HEAD) {
                throw new IOException("the head of the answer is longer than " + MAX_HEAD + " bytes");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    /// A header value of the client's must not become a header of its own.
    private static String clean(String value) {
        return value.replaceAll("[\\r\\n]", " ");
    }
}
