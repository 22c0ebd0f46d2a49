package io.logplane.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Raw HTTPS with the administrator's certificate out of the kubeconfig.
public final class Api {
    private final URI server;
    private final HttpClient client;

    public Api(Plane plane) {
        this.server = URI.create("https://127.0.0.1:" + plane.port());
        try {
            String config = Files.readString(plane.kubeconfig());
            this.client = HttpClient.newBuilder().sslContext(context(config)).connectTimeout(Duration.ofSeconds(2))
                    .build();
        } catch (IOException | GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /// Shape: the HTTP status, 0 when there was no answer.
    public int createConfigMap(String namespace, String name) {
        String body = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"" + name
                + "\"},\"data\":{\"a\":\"1\"}}";
        try {
            return send("POST", "/api/v1/namespaces/" + namespace + "/configmaps", "application/json", body)
                    .statusCode();
        } catch (UncheckedIOException noAnswer) {
            return 0;
        }
    }

    public HttpResponse<String> send(String method, String path, String contentType, String body) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path)).timeout(Duration.ofSeconds(10))
                    .method(method,
                            body.isEmpty()
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofString(body));
            if (!contentType.isEmpty()) {
                request.header("Content-Type", contentType);
            }
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(stopped));
        }
    }

    public JsonNode getJson(String path) {
        HttpResponse<String> response = send("GET", path, "", "");
        if (response.statusCode() != 200) {
            throw new AssertionError("GET " + path + " gave " + response.statusCode() + ": " + response.body());
        }
        return Json.object(response.body().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static SSLContext context(String kubeconfig) throws GeneralSecurityException, IOException {
        CertificateFactory certificates = CertificateFactory.getInstance("X.509");
        Certificate ca = certificates
                .generateCertificate(new ByteArrayInputStream(field(kubeconfig, "certificate-authority-data")));
        Certificate mine = certificates
                .generateCertificate(new ByteArrayInputStream(field(kubeconfig, "client-certificate-data")));
        String pem = new String(field(kubeconfig, "client-key-data"), java.nio.charset.StandardCharsets.US_ASCII);
        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", "").strip());
        PrivateKey key = KeyFactory.getInstance(mine.getPublicKey().getAlgorithm())
                .generatePrivate(new PKCS8EncodedKeySpec(der));
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry("me", key, new char[0], new Certificate[]{mine});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, new char[0]);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", ca);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static byte[] field(String kubeconfig, String name) {
        Matcher line = Pattern.compile(name + ":\\s*\"?([A-Za-z0-9+/=]+)").matcher(kubeconfig);
        if (!line.find()) {
            throw new IllegalStateException("no " + name + " in the kubeconfig");
        }
        return Base64.getDecoder().decode(line.group(1));
    }
}
