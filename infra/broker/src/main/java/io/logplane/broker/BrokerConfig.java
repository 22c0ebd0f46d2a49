package io.logplane.broker;

import java.nio.file.Path;
import java.util.Optional;

/// Where an embedded broker lives.
///
/// Shape: `directory` holds its logs (made when missing); `host` is the address its component listener binds to and
/// tells clients; `clusterId`, when given, must be that of the data found.
public record BrokerConfig(Path directory, String host, int port, int controllerPort, Optional<String> clusterId) {
}
