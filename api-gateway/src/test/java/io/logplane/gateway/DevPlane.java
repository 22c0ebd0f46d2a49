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
        TestPlane kafka = TestPlane.start(directory);
        ClusterPki pki = ClusterPki.ensure(directory.resolve("pki"), List.of("127.0.0.1"));
        RegistryStore registry = RegistryStore.open(RegistryConfig.of(directory.resolve("state"), kafka.access(
                Component.GATEWAY), "gateway-1"));
        if (!registry.awaitReady(Duration.ofSeconds(30))) {
            throw new IllegalStateException("not ready: " + registry.notReady());
        }
        Gateway gateway = Gateway.start(GatewayConfig.of("127.0.0.1", port, directory.resolve("pki"), registry, Optional
                .of(kafka.access(Component.GATEWAY))));
        return new DevPlane(kafka, pki, registry, gateway);
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
