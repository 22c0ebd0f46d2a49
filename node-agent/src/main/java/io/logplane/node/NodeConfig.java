package io.logplane.node;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/// All a node agent has to know; in a file, a Java properties file with one key per component.
///
/// | key | component | default | meaning |
/// |---|---|---|---|
/// | `node.name` | nodeName | – | name of the Node object |
/// | `node.ip` | nodeIp | – | its InternalIP; the kubelet API listens there |
/// | `port` | port | – | port of the kubelet API, 0: a free one |
/// | `root.dir` | root | – | pod volumes and logs |
/// | `gateway.url` | gateway | – | https URL of the gateway |
/// | `gateway.ca` | authority | – | PEM: CA of the gateway and of those who may call this node |
/// | `gateway.cert`, `gateway.key` | certificate, key | – | PEM: the node's client certificate |
/// | `serving.cert`, `serving.key` | servingCertificate, servingKey | – | PEM: certificate of the kubelet API |
/// | `kafka.properties` | kafka | – | file with bootstrap.servers and TLS settings of the component |
/// | `registry.url` | registry | – | https URL of the schema registry |
/// | `cri.socket` | criSocket | – | the runtime's unix socket |
/// | `api.host`, `api.port` | apiHost, apiPort | the gateway's | where pods find the Kubernetes API |
/// | `cluster.dns` | clusterDns | none | DNS servers of pods, separated by commas; none: the host's |
/// | `cluster.domain` | clusterDomain | `cluster.local` | |
///
/// Errors: IllegalArgumentException with one sentence for a file that lacks a key or holds something else than it
/// should; UncheckedIOException.
public record NodeConfig(String nodeName, String nodeIp, int port, Path root, URI gateway, Path authority,
        Path certificate, Path key, Path servingCertificate, Path servingKey, Path kafka, String registry,
        Path criSocket, String apiHost, int apiPort, List<String> clusterDns, String clusterDomain) {
    private static final int MAX_PORT = 65_535;

    public NodeConfig {
        clusterDns = List.copyOf(clusterDns);
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("port must be from 0 to " + MAX_PORT + ", not " + port);
        }
    }

    public static NodeConfig read(Path file) {
        Properties p = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            p.load(reader);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + file, unreadable);
        }
        URI gateway = URI.create(need(p, "gateway.url"));
        String dns = p.getProperty("cluster.dns", "");
        return new NodeConfig(need(p, "node.name"), need(p, "node.ip"), number(p, "port", 0), path(p, "root.dir"),
                gateway, path(p, "gateway.ca"), path(p, "gateway.cert"), path(p, "gateway.key"),
                path(p, "serving.cert"), path(p, "serving.key"), path(p, "kafka.properties"),
                need(p, "registry.url"), path(p, "cri.socket"), p.getProperty("api.host", gateway.getHost()),
                number(p, "api.port", gateway.getPort()),
                Stream.of(dns.split(",")).map(String::trim).filter(s -> !s.isEmpty()).toList(),
                p.getProperty("cluster.domain", "cluster.local"));
    }

    /// What [#read] understands, for whoever starts agents.
    public void write(Path file) {
        List<String> lines = new ArrayList<>();
        lines.add("# Written by the launcher; changes are lost.");
        Properties p = new Properties();
        p.setProperty("node.name", nodeName);
        p.setProperty("node.ip", nodeIp);
        p.setProperty("port", Integer.toString(port));
        p.setProperty("root.dir", root.toString());
        p.setProperty("gateway.url", gateway.toString());
        p.setProperty("gateway.ca", authority.toString());
        p.setProperty("gateway.cert", certificate.toString());
        p.setProperty("gateway.key", key.toString());
        p.setProperty("serving.cert", servingCertificate.toString());
        p.setProperty("serving.key", servingKey.toString());
        p.setProperty("kafka.properties", kafka.toString());
        p.setProperty("registry.url", registry);
        p.setProperty("cri.socket", criSocket.toString());
        p.setProperty("api.host", apiHost);
        p.setProperty("api.port", Integer.toString(apiPort));
        p.setProperty("cluster.dns", String.join(",", clusterDns));
        p.setProperty("cluster.domain", clusterDomain);
        try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            p.store(writer, lines.getFirst().substring(2));
        } catch (IOException refused) {
            throw new UncheckedIOException("cannot write " + file, refused);
        }
    }

    private static String need(Properties p, String key) {
        String value = p.getProperty(key, "").trim();
        if (value.isEmpty()) {
            throw new IllegalArgumentException("the node's configuration lacks " + key);
        }
        return value;
    }

    private static Path path(Properties p, String key) {
        return Path.of(need(p, key)).toAbsolutePath();
    }

    private static int number(Properties p, String key, int otherwise) {
        String value = p.getProperty(key, "").trim();
        try {
            return value.isEmpty() ? otherwise : Integer.parseInt(value);
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(key + " must be a number, not '" + value + "'");
        }
    }
}
