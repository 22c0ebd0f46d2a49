package io.logplane.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/// An HTTPS server of the user's, with a certificate of its own, made by the tool of the JDK.
final class OwnServer implements AutoCloseable {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final HttpsServer server;
    private final String bundle;

    private OwnServer(HttpsServer server, String bundle) {
        this.server = server;
        this.bundle = bundle;
    }

    /// Shape: `name` is in the certificate beside localhost; `clients` the PEM of the authority whose certificates
    /// clients must show, "" when they need none.
    static OwnServer start(Path folder, String name, String clients, HttpHandler handler)
            throws GeneralSecurityException, IOException {
        KeyStore keys = keys(folder.resolve(name + ".p12"), name);
        SSLContext tls = context(keys, clients);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters settings = tls.getDefaultSSLParameters();
                settings.setNeedClientAuth(!clients.isEmpty());
                parameters.setSSLParameters(settings);
            }
        });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", handler);
        server.start();
        String pem = "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(keys.getCertificate(
                "server").getEncoded()) + "\n-----END CERTIFICATE-----\n";
        return new OwnServer(server, Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8)));
    }

    private static KeyStore keys(Path store, String name) throws GeneralSecurityException, IOException {
        String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Shell.Result made = Shell.run(Duration.ofSeconds(60), Map.of(), "", List.of(tool, "-genkeypair", "-keyalg",
                "EC", "-alias", "server", "-dname", "CN=own", "-ext", "san=dns:" + name + ",dns:localhost,ip:127.0.0.1",
                "-ext", "bc=ca:true", "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", new String(
                        PASSWORD)));
        assertThat(made.code()).as(made.all()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        return keys;
    }

    private static SSLContext context(KeyStore keys, String clients) throws GeneralSecurityException, IOException {
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, PASSWORD);
        if (!clients.isEmpty()) {
            trusted.setCertificateEntry("clients", CertificateFactory.getInstance("X.509").generateCertificate(
                    new ByteArrayInputStream(clients.getBytes(StandardCharsets.US_ASCII))));
        }
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), clients.isEmpty() ? null : trust.getTrustManagers(), null);
        return context;
    }

    int port() {
        return server.getAddress().getPort();
    }

    /// Its certificate as a field `caBundle` wants it.
    String bundle() {
        return bundle;
    }

    /// Answers with JSON.
    static void send(HttpExchange exchange, int code, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
