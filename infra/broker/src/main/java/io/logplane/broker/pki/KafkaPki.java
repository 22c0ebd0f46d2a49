package io.logplane.broker.pki;

import io.logplane.schemas.topics.Component;
import io.logplane.schemas.wire.KafkaAccess;
import io.logplane.schemas.wire.RegistryClient;
import io.logplane.schemas.wire.SchemaIds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Kafka's own certificates: a root that signs nothing else, and one PKCS #12 file per [Component] (DESIGN D12).
///
/// | file | holds |
/// |---|---|
/// | `ca.crt`, `ca.key` | the root |
/// | `password` | the password of all PKCS #12 files here |
/// | `truststore.p12` | the root's certificate alone |
/// | `<common name>.p12` | key and certificate of a component; subject is exactly `CN=<common name>` |
/// | `logplane-admin.crt`, `.key` | the administrator's once more as PEM, for kcat |
///
/// Limits: broker and schema registry only may serve TLS; every other certificate is a client's.
/// Errors: UncheckedIOException; IllegalStateException for a file that is not what it should be.
/// Thread: any, after `ensure`.
public final class KafkaPki {
    private static final int PASSWORD_BYTES = 32;
    private static final String ALIAS = "logplane";

    private final Path directory;

    private KafkaPki(Path directory) {
        this.directory = directory;
    }

    /// Makes what is missing, renews what is near its end or lacks a host name, leaves the rest alone.
    public static KafkaPki ensure(Path directory, List<String> hosts) {
        PemFiles.directory(directory);
        KafkaPki pki = new KafkaPki(directory);
        Path passwordFile = directory.resolve("password");
        if (!Files.exists(passwordFile)) {
            byte[] random = new byte[PASSWORD_BYTES];
            new SecureRandom().nextBytes(random);
            PemFiles.writeSecret(passwordFile, HexFormat.of().formatHex(random).getBytes(StandardCharsets.US_ASCII));
        }
        CertificateAuthority authority = CertificateAuthority.ensure(directory.resolve("ca.crt"),
                directory.resolve("ca.key"), "logplane-kafka-ca");
        for (Component component : Component.values()) {
            pki.ensureComponent(authority, component, hosts);
        }
        Path trust = directory.resolve("truststore.p12");
        if (!Files.exists(trust) || !pki.trusts(authority.certificate())) {
            pki.writeTrust(trust, authority.certificate());
        }
        return pki;
    }

    /// Files made elsewhere by [#ensure]; a process that is only a client needs its own PKCS #12, the trust and the
    /// password.
    public static KafkaPki at(Path directory) {
        return new KafkaPki(directory);
    }

    public Path directory() {
        return directory;
    }

    public KafkaAccess access(Component component, String bootstrapServers, SchemaIds schemaIds) {
        return new KafkaAccess(component, bootstrapServers, tls(component), schemaIds);
    }

    /// For a process of its own: schema ids come from the registry at `registryUrl`.
    public KafkaAccess access(Component component, String bootstrapServers, String registryUrl) {
        return access(component, bootstrapServers, RegistryClient.of(registryUrl, Optional.of(sslContext(component))));
    }

    /// TLS settings of a Kafka client or listener by their Kafka names.
    public Map<String, String> tls(Component component) {
        String password = password();
        Map<String, String> tls = new LinkedHashMap<>();
        tls.put("security.protocol", "SSL");
        tls.put("ssl.enabled.protocols", "TLSv1.3");
        tls.put("ssl.protocol", "TLSv1.3");
        tls.put("ssl.keystore.type", "PKCS12");
        tls.put("ssl.keystore.location", keyFile(component).toAbsolutePath().toString());
        tls.put("ssl.keystore.password", password);
        tls.put("ssl.key.password", password);
        tls.put("ssl.truststore.type", "PKCS12");
        tls.put("ssl.truststore.location", directory.resolve("truststore.p12").toAbsolutePath().toString());
        tls.put("ssl.truststore.password", password);
        return tls;
    }

    /// For HTTPS between the same parties: the component's key, trusting only Kafka's root.
    public SSLContext sslContext(Component component) {
        try {
            char[] password = password().toCharArray();
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(load(keyFile(component)), password);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(load(directory.resolve("truststore.p12")));
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("cannot use " + keyFile(component), broken);
        }
    }

    Path keyFile(Component component) {
        return directory.resolve(component.commonName() + ".p12");
    }

    private void ensureComponent(CertificateAuthority authority, Component component, List<String> hosts) {
        Purpose purpose = switch (component) {
            case BROKER, SCHEMA_REGISTRY -> Purpose.both(component.commonName(), "", hosts);
            case GATEWAY, MATERIALISER, SCHEDULER, CONTROLLERS, NODE_AGENT, ADMIN ->
                Purpose.client(component.commonName(), "");
        };
        Path file = keyFile(component);
        if (Files.exists(file) && authority.fits(certificateIn(file), purpose)) {
            return;
        }
        Identity identity = authority.issue(purpose);
        try {
            KeyStore store = empty();
            store.setKeyEntry(ALIAS, identity.key(), password().toCharArray(),
                    new Certificate[]{identity.certificate(), authority.certificate()});
            save(file, store);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("cannot write " + file, broken);
        }
        if (component == Component.ADMIN) {
            PemFiles.writeKey(directory.resolve(component.commonName() + ".key"), identity.key());
            PemFiles.writeCertificate(directory.resolve(component.commonName() + ".crt"), identity.certificate());
        }
    }

    private boolean trusts(X509Certificate root) {
        return root.equals(certificateIn(directory.resolve("truststore.p12")));
    }

    private void writeTrust(Path file, X509Certificate root) {
        try {
            KeyStore store = empty();
            store.setCertificateEntry(ALIAS, root);
            save(file, store);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("cannot write " + file, broken);
        }
    }

    private X509Certificate certificateIn(Path file) {
        try {
            if (load(file).getCertificate(ALIAS) instanceof X509Certificate certificate) {
                return certificate;
            }
            throw new IllegalStateException(file + " holds no certificate " + ALIAS);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("cannot read " + file, broken);
        }
    }

    private String password() {
        try {
            return Files.readString(directory.resolve("password")).strip();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private KeyStore load(Path file) throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password().toCharArray());
            return store;
        } catch (IOException broken) {
            throw new IllegalStateException(file + " cannot be opened with the password beside it", broken);
        }
    }

    private static KeyStore empty() throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            return store;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private void save(Path file, KeyStore store) throws GeneralSecurityException {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            store.store(out, password().toCharArray());
            PemFiles.writeSecret(file, out.toByteArray());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
