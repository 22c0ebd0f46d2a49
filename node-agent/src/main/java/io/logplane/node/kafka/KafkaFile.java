package io.logplane.node.kafka;

import io.logplane.schemas.topics.Component;
import io.logplane.schemas.wire.KafkaAccess;
import io.logplane.schemas.wire.RegistryClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// The node agent's access to Kafka from a file of Kafka client settings, for an agent in a process of its own.
///
/// Shape: `bootstrap.servers`, `security.protocol=SSL`, `ssl.keystore.*` and `ssl.truststore.*` of type PKCS12.
/// Errors: UncheckedIOException, IllegalArgumentException with one sentence.
public final class KafkaFile {

    private KafkaFile() {
    }

    /// The same certificate is shown to the schema registry at `registryUrl`.
    public static KafkaAccess read(Path file, String registryUrl) {
        Properties p = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            p.load(reader);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + file, unreadable);
        }
        Map<String, String> tls = new LinkedHashMap<>();
        p.stringPropertyNames().stream().sorted().filter(k -> !k.equals("bootstrap.servers"))
                .forEach(k -> tls.put(k, p.getProperty(k)));
        Optional<SSLContext> context = p.containsKey("ssl.keystore.location")
                ? Optional.of(context(p))
                : Optional.empty();
        return new KafkaAccess(Component.NODE_AGENT, p.getProperty("bootstrap.servers", ""), tls,
                RegistryClient.of(registryUrl, context));
    }

    /// What [#read] understands, for whoever starts agents. The file holds a password: keep it readable for its owner
    /// only.
    public static void write(KafkaAccess access, Path file) {
        try (var writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            access.clientProperties().store(writer, "Written by the launcher; changes are lost.");
        } catch (IOException refused) {
            throw new UncheckedIOException("cannot write " + file, refused);
        }
    }

    private static SSLContext context(Properties p) {
        try {
            String keyPassword = p.getProperty("ssl.key.password", p.getProperty("ssl.keystore.password", ""));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store(p, "ssl.keystore"), keyPassword.toCharArray());
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store(p, "ssl.truststore"));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException unusable) {
            throw new IllegalArgumentException("the Kafka key store or trust store cannot be used: "
                    + unusable.getMessage(), unusable);
        }
    }

    private static KeyStore store(Properties p, String prefix) throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(p.getProperty(prefix + ".type", "PKCS12"));
        try (InputStream in = Files.newInputStream(Path.of(p.getProperty(prefix + ".location", "")))) {
            store.load(in, p.getProperty(prefix + ".password", "").toCharArray());
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read the store named by " + prefix + ".location", unreadable);
        }
        return store;
    }
}
