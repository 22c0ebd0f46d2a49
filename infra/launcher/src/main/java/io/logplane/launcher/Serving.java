package io.logplane.launcher;

import io.logplane.broker.pki.ClusterPki;
import io.logplane.broker.pki.Kubeconfig;
import io.logplane.broker.pki.PemPair;
import io.logplane.gateway.AuditConfig;
import io.logplane.gateway.Gateway;
import io.logplane.gateway.GatewayConfig;
import io.logplane.node.NodeConfig;
import io.logplane.node.hollow.HollowNodes;
import io.logplane.node.http.GatewayClient;
import io.logplane.node.http.Pem;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.topics.Component;
import io.logplane.schemas.topics.Topics;
import io.logplane.state.Registry;
import io.logplane.state.StoredObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/// From replayed state to a cluster one can use: gateway, kubeconfig, streams, the node's files, hollow nodes, Ready.
final class Serving {
    private static final String HOST = "127.0.0.1";
    private static final String ADMIN = "logplane:admin";
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    /// Its controller makes it a second or two after the start.
    private static final Duration ACCOUNT_PATIENCE = Duration.ofSeconds(10);

    private Serving() {
    }

    static void start(Plane plane, Registry registry, Options options, Progress progress) throws Exception {
        Instant since = Instant.now();
        Ports ports = plane.ports();
        Path files = plane.data().path("pki");
        Gateway gateway = plane.owned(Gateway.start(GatewayConfig.of(HOST, ports.api(), files, registry,
                Optional.of(plane.access(Component.GATEWAY))).with(options.identity().config(files)).with(audit(
                        options))));
        ClusterPki pki = plane.clusterPki();
        Kubeconfig.write(plane.data().path("admin.kubeconfig"), "https://" + HOST + ":" + ports.api(),
                pki.authorityPem(),
                pki.admin().certificatePem(), pki.admin().keyPem(), ADMIN);
        if (options.containers()) {
            nodeFiles(plane, options.nodeName());
        }
        progress.step("gateway answers on https://" + HOST + ":" + ports.api());
        plane.streams();
        if (options.hollowNodes() > 0) {
            hollow(plane, options.hollowNodes());
        }
        awaitNode(registry, options.containers() ? options.nodeName() : HollowNodes.name(0), since);
        while (gateway.starting().isPresent()) {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
        progress.step("node is Ready");
        awaitAccount(registry);
        progress.ready();
    }

    private static AuditConfig audit(Options options) {
        try {
            AuditConfig config = options.audit().config();
            config.check();
            return config;
        } catch (IllegalArgumentException | UncheckedIOException unusable) {
            throw new CannotStart(String.valueOf(unusable.getMessage()));
        }
    }

    /// What the node-agent's process reads: its certificates, its Kafka access, its addresses.
    private static void nodeFiles(Plane plane, String name) throws IOException {
        ClusterPki pki = plane.clusterPki();
        PemPair client = pki.node(name);
        PemPair serving = pki.nodeServing(name, List.of(HOST));
        Path kafka = plane.data().path("node/kafka.properties");
        Properties access = new Properties();
        access.putAll(new TreeMap<>(plane.access(Component.NODE_AGENT).clientProperties()));
        Files.deleteIfExists(kafka);
        Files.createFile(kafka, PosixFilePermissions
                .asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (var out = Files.newOutputStream(kafka)) {
            access.store(out, "Written by the launcher; changes are lost.");
        }
        Ports ports = plane.ports();
        new NodeConfig(name, HOST, ports.kubelet(), plane.data().path("node"),
                URI.create("https://" + HOST + ":" + ports.api()),
                pki.authorityCertificate(), client.certificate(), client.key(), serving.certificate(), serving.key(),
                kafka,
                "https://" + HOST + ":" + ports.schemaRegistry(), plane.data().path("containerd/containerd.sock"), HOST,
                ports.api(),
                List.of(), "cluster.local").write(plane.data().path("node/node-agent.properties"));
    }

    /// Hollow nodes share one connection pool and certificate; each acts as itself by impersonation.
    private static void hollow(Plane plane, int count) throws IOException {
        ClusterPki pki = plane.clusterPki();
        plane.owned(HollowNodes
                .start(new HollowNodes.Config(count, URI.create("https://" + HOST + ":" + plane.ports().api()),
                        GatewayClient.http(
                                Pem.context(pki.authorityCertificate(), pki.admin().certificate(), pki.admin().key())),
                        name -> Map.of("Impersonate-User", "system:node:" + name, "Impersonate-Group", "system:nodes"),
                        plane.access(Component.NODE_AGENT))));
    }

    /// Ready in the state may be what a node said before the last stop; a lease renewed since then shows that it is
    /// there.
    private static void awaitNode(Registry registry, String name, Instant since) throws InterruptedException {
        ObjectKey node = ObjectKey.of("", "nodes", "", name);
        ObjectKey lease = ObjectKey.of("coordination.k8s.io", "leases", "kube-node-lease", name);
        while (registry.get(node).filter(Serving::isReady).isEmpty()
                || registry.get(lease).filter(held -> renewedSince(held, since)).isEmpty()) {
            registry.awaitRevision(Topics.REGISTRY_LEASES, registry.revision(Topics.REGISTRY_LEASES) + 1, LOOK_AGAIN);
        }
    }

    /// Pods are refused before their service account is there. Not for ever: nothing else needs it.
    private static void awaitAccount(Registry registry) {
        ObjectKey account = ObjectKey.of("", "serviceaccounts", "default", "default");
        Instant until = Instant.now().plus(ACCOUNT_PATIENCE);
        while (registry.get(account).isEmpty() && Instant.now().isBefore(until)) {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    private static boolean renewedSince(StoredObject lease, Instant since) {
        String renewed = Json.object(lease.json()).at("/spec/renewTime").asText();
        return !renewed.isEmpty() && !Instant.parse(renewed).isBefore(since);
    }

    private static boolean isReady(StoredObject node) {
        for (var condition : Json.object(node.json()).at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }
}
