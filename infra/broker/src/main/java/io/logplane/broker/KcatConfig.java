package io.logplane.broker;

import io.logplane.broker.pki.KafkaPki;
import io.logplane.schemas.topics.Component;
import io.logplane.schemas.topics.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// Settings with which the administrator reads any topic: for kcat (librdkafka) and for Kafka's own console consumer.
///
/// Shape: `kcat -F FILE -t registry -C -e`; `kafka-console-consumer --consumer.config FILE --topic registry`.
/// Mode 0600. Thread: any.
public final class KcatConfig {
    private KcatConfig() {
    }

    public static void write(Path file, KafkaPki pki, String bootstrapServers) {
        Path pem = pki.directory().toAbsolutePath();
        String name = Component.ADMIN.commonName();
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("security.protocol", "ssl");
        settings.put("ssl.ca.location", pem.resolve("ca.crt").toString());
        settings.put("ssl.certificate.location", pem.resolve(name + ".crt").toString());
        settings.put("ssl.key.location", pem.resolve(name + ".key").toString());
        settings.put("fetch.message.max.bytes", Integer.toString(Topics.MAX_RECORD_BYTES));
        write(file, settings);
    }

    public static void writeForConsoleConsumer(Path file, KafkaPki pki, String bootstrapServers) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("bootstrap.servers", bootstrapServers);
        settings.putAll(pki.tls(Component.ADMIN));
        settings.put("group.id", Component.ADMIN.commonName() + "-console");
        settings.put("max.partition.fetch.bytes", Integer.toString(Topics.MAX_RECORD_BYTES));
        write(file, settings);
    }

    private static void write(Path file, Map<String, String> settings) {
        String text = settings.entrySet().stream().map(each -> each.getKey() + "=" + each.getValue() + "\n")
                .collect(Collectors.joining());
        try {
            if (!Files.exists(file)) {
                Files.createFile(file,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(file, text);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
