package io.logplane.gateway;

import io.logplane.broker.TestPlane;
import io.logplane.broker.pki.ClusterPki;
import io.logplane.broker.pki.Kubeconfig;
import io.logplane.schemas.topics.Component;
import io.logplane.state.RegistryConfig;
import io.logplane.state.RegistryStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A gateway with a real broker for trying things by hand: `DevPlane DIR PORT`; stops with the process.
public final class DevPlane implements AutoCloseable {
    private final TestPlane kafka;
    private final ClusterPki pki;
    private final RegistryStore registry;
    private final Gateway gateway;

    private DevPlane(TestPlane kafka, ClusterPki pki, RegistryStore registry, Gateway gateway) {
        this.kafka = kafka;
        this.pki = pki;
        this.registry = registry;
        this.gateway = gateway;
    }

    public static DevPlane start(Path directory, int port) throws InterruptedException {
        return start(directory, port, config -> config);
    }

    /// Shape: `settings` changes what a gateway has by default.
    static DevPlane start(Path directory, int port, UnaryOperator<GatewayConfig> settings)
            throws InterruptedException {
        TestPlane kafka = TestPlane.start(directory);
        ClusterPki pki = ClusterPki.ensure(directory.resolve("pki"), List.of("127.0.0.1"));
        RegistryStore registry = open(kafka, directory.resolve("state"), "gateway-1");
        Gateway gateway = Gateway.start(settings.apply(GatewayConfig.of("127.0.0.1", port, directory.resolve("pki"),
                registry, Optional.of(kafka.access(Component.GATEWAY)))));
        return new DevPlane(kafka, pki, registry, gateway);
    }

    /// Another gateway on the same log, with a state of its own.
    public DevPlane another(Path directory) throws InterruptedException {
        return another(directory, config -> config);
    }

    /// Shape: as [#start].
    DevPlane another(Path directory, UnaryOperator<GatewayConfig> settings) throws InterruptedException {
        RegistryStore second = open(kafka, directory.resolve("state"), "gateway-2");
        Gateway other = Gateway.start(settings.apply(GatewayConfig.of("127.0.0.1", 0, pki.authorityCertificate()
                .toAbsolutePath().getParent(), second, Optional.empty())));
        return new DevPlane(kafka, pki, second, other);
    }

    private static RegistryStore open(TestPlane kafka, Path directory, String writer) throws InterruptedException {
        RegistryStore registry = RegistryStore.open(RegistryConfig.of(directory, kafka.access(Component.GATEWAY),
                writer));
        if (!registry.awaitReady(Duration.ofSeconds(60))) {
            throw new IllegalStateException("not ready: " + registry.notReady());
        }
        return registry;
    }

    /// Stops the gateway and its registry, not the broker.
    public void closeGateway() {
        gateway.close();
        registry.close();
    }

    public int port() {
        return gateway.port();
    }

    public ClusterPki pki() {
        return pki;
    }

    public TestPlane kafka() {
        return kafka;
    }

    public RegistryStore registry() {
        return registry;
    }

    @Override
    public void close() {
        gateway.close();
        registry.close();
        kafka.close();
    }

    public static void main(String[] arguments) throws InterruptedException {
        Path directory = Path.of(arguments[0]);
        DevPlane plane = start(directory, Integer.parseInt(arguments[1]));
        Path kubeconfig = directory.resolve("admin.kubeconfig");
        Kubeconfig.write(kubeconfig, "https://127.0.0.1:" + plane.port(), plane.pki.authorityPem(), plane.pki.admin()
                .certificatePem(), plane.pki.admin().keyPem(), "logplane:admin");
        System.out.println("READY --server https://127.0.0.1:" + plane.port() + " --cert " + plane.pki.admin()
                .certificate() + " --key " + plane.pki.admin().key() + " KUBECONFIG=" + kubeconfig);
        Thread.currentThread().join();
    }
}
