package io.logplane.gateway;

import io.logplane.schemas.wire.KafkaAccess;
import io.logplane.state.Registry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Settings of a gateway.
///
/// | field | default | meaning |
/// |---|---|---|
/// | host | 127.0.0.1 | address to listen on |
/// | port | 6443 | HTTPS port; 0 takes a free one |
/// | pki | none | directory with `ca.crt`, `gateway.*`, `gateway-kubelet-client.*`, `service-account.key` and `.pub` |
/// | registry | none | the state and the door to the logs; closed by its owner, not by the gateway |
/// | kafka | none | access as GATEWAY, for `commands` and `outcomes`; empty: no commands are taken |
/// | serviceAddresses | 10.96.0.0/16 | addresses of Services |
/// | eventAge | 24 h | older Events are deleted |
/// | identity | what the pki directory gives | how users are recognised |
/// | audit | nothing | which requests are recorded, and where |
public record GatewayConfig(String host, int port, Path pki, Registry registry, Optional<KafkaAccess> kafka,
        String serviceAddresses, Duration eventAge, IdentityConfig identity, AuditConfig audit) {
    public static final String DEFAULT_SERVICE_ADDRESSES = "10.96.0.0/16";
    public static final Duration DEFAULT_EVENT_AGE = Duration.ofHours(24);

    public static GatewayConfig of(String host, int port, Path pki, Registry registry, Optional<KafkaAccess> kafka) {
        return new GatewayConfig(host, port, pki, registry, kafka, DEFAULT_SERVICE_ADDRESSES, DEFAULT_EVENT_AGE,
                IdentityConfig.of(pki), AuditConfig.NONE);
    }

    public GatewayConfig with(Registry other) {
        return new GatewayConfig(host, port, pki, other, kafka, serviceAddresses, eventAge, identity, audit);
    }

    public GatewayConfig with(IdentityConfig other) {
        return new GatewayConfig(host, port, pki, registry, kafka, serviceAddresses, eventAge, other, audit);
    }

    public GatewayConfig with(AuditConfig other) {
        return new GatewayConfig(host, port, pki, registry, kafka, serviceAddresses, eventAge, identity, other);
    }
}
