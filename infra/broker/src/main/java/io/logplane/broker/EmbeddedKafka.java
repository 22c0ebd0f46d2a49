package io.logplane.broker;

import io.logplane.broker.pki.KafkaPki;
import io.logplane.schemas.topics.Component;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/// One Kafka broker and controller inside this process, reachable only with certificates of its [KafkaPki].
///
/// Shape: data directory of one cluster, formatted at the first start; later starts find the same cluster id.
/// Limits: refuses to start with less than [#LEAST_FREE_BYTES] of disk. When the disk fails while running, Kafka halts
/// the process, and the next start says why.
/// Errors: [BrokerStartFailed], one sentence.
/// Thread: `start` blocks until clients can connect; `close` until all files are closed.
public final class EmbeddedKafka implements AutoCloseable {
    /// A few segments and their indexes; below this a log would fail within minutes.
    private static final long LEAST_FREE_BYTES = 128L * 1024 * 1024;
    private static final String META = "meta.properties";

    private final BrokerConfig config;
    private final String clusterId;
    private final KafkaRaftServer server;
    private final DirectoryLock lock;

    private EmbeddedKafka(BrokerConfig config, String clusterId, KafkaRaftServer server, DirectoryLock lock) {
        this.config = config;
        this.clusterId = clusterId;
        this.server = server;
        this.lock = lock;
    }

    public static EmbeddedKafka start(BrokerConfig config, KafkaPki pki) {
        checkPort(config.host(), config.port());
        checkPort("127.0.0.1", config.controllerPort());
        checkDirectory(config.directory());
        Optional<String> found = clusterIdIn(config.directory());
        String clusterId = found.or(config::clusterId).orElseGet(() -> Uuid.randomUuid().toString());
        if (config.clusterId().isPresent() && !config.clusterId().get().equals(clusterId)) {
            throw new BrokerStartFailed("The Kafka data in " + config.directory() + " belongs to cluster " + clusterId
                    + ", not to " + config.clusterId().get() + ".");
        }
        DirectoryLock lock = DirectoryLock.take(config.directory());
        try {
            if (found.isEmpty()) {
                format(config, clusterId);
            }
            return new EmbeddedKafka(config, clusterId, run(config, pki.tls(Component.BROKER)), lock);
        } catch (RuntimeException failed) {
            lock.close();
            throw failed;
        }
    }

    public String bootstrapServers() {
        return config.host() + ":" + config.port();
    }

    public String clusterId() {
        return clusterId;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
        lock.close();
    }

    private static KafkaRaftServer run(BrokerConfig config, Map<String, String> tls) {
        Properties settings = BrokerSettings.of(config, tls);
        KafkaRaftServer server = new KafkaRaftServer(KafkaConfig.fromProps(settings, false), Time.SYSTEM);
        try {
            server.startup();
            return server;
        } catch (RuntimeException broken) {
            server.shutdown();
            throw new BrokerStartFailed("The Kafka broker on " + config.directory() + " did not start: "
                    + rootMessage(broken) + ".", broken);
        }
    }

    private static void format(BrokerConfig config, String clusterId) {
        try {
            String directory = config.directory().toString();
            new Formatter().setSupportedFeatures(Feature.PRODUCTION_FEATURES).setNodeId(BrokerSettings.NODE_ID)
                    .setClusterId(clusterId).addDirectory(directory).setMetadataLogDirectory(directory)
                    .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
                    .setReleaseVersion(MetadataVersion.latestProduction()).setIgnoreFormatted(true)
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream())).run();
        } catch (Exception broken) {
            throw new BrokerStartFailed("The Kafka data directory " + config.directory() + " cannot be formatted: "
                    + rootMessage(broken) + ".", broken);
        }
    }

    private static void checkPort(String host, int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (IOException busy) {
            throw new BrokerStartFailed("Port " + port + " on " + host + " cannot be used for Kafka: "
                    + busy.getMessage() + ".", busy);
        }
    }

    private static void checkDirectory(Path directory) {
        try {
            Files.createDirectories(directory);
            if (!Files.isWritable(directory)) {
                throw new BrokerStartFailed("The Kafka data directory " + directory + " is not writable.");
            }
            // Whoever could read the files would not need a certificate.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            FileStore store = Files.getFileStore(directory);
            if (store.getUsableSpace() < LEAST_FREE_BYTES) {
                throw new BrokerStartFailed("The disk of " + directory + " is full: " + store.getUsableSpace()
                        + " bytes are free, Kafka needs " + LEAST_FREE_BYTES + ".");
            }
        } catch (IOException broken) {
            throw new BrokerStartFailed("The Kafka data directory " + directory + " cannot be used: " + broken + ".",
                    broken);
        }
    }

    private static Optional<String> clusterIdIn(Path directory) {
        Path meta = directory.resolve(META);
        try (Stream<Path> entries = Files.list(directory)) {
            if (!Files.exists(meta)) {
                if (entries.anyMatch(entry -> !entry.endsWith(DirectoryLock.FILE))) {
                    throw new BrokerStartFailed(
                            "The directory " + directory + " is not empty and holds no Kafka data of Logplane.");
                }
                return Optional.empty();
            }
            Properties properties = new Properties();
            try (var in = Files.newInputStream(meta)) {
                properties.load(in);
            }
            return Optional.ofNullable(properties.getProperty("cluster.id"));
        } catch (IOException broken) {
            throw new BrokerStartFailed("The Kafka data in " + directory + " cannot be read: " + broken + ".", broken);
        }
    }

    private static String rootMessage(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }
}
