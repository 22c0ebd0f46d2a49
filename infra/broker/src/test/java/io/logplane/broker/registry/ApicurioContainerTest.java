package io.logplane.broker.registry;

import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;

/// The contract against a registry other people wrote and published. Skipped where no Docker engine answers.
@Testcontainers(disabledWithoutDocker = true)
class ApicurioContainerTest extends RegistryContract {
    private static final int PORT = 8080;

    @Container
    static final GenericContainer<?> APICURIO = new GenericContainer<>("quay.io/apicurio/apicurio-registry:3.3.3")
            .withExposedPorts(PORT).waitingFor(Wait.forHttp("/health/ready").forPort(PORT));

    @Override
    String url() {
        return "http://" + APICURIO.getHost() + ":" + APICURIO.getMappedPort(PORT) + "/apis/ccompat/v7";
    }

    @Override
    Optional<SSLContext> tls() {
        return Optional.empty();
    }
}
