package io.logplane.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.Map;

/// The ports of one instance, all derived from the API's port. See docs/contracts.md.
public record Ports(int api) {
    public static final int DEFAULT_API = 6443;

    public int kafka() {
        return api + 1;
    }

    public int controller() {
        return api + 2;
    }

    public int schemaRegistry() {
        return api + 3;
    }

    public int kubelet() {
        return api + 4;
    }

    /// Errors: [CannotStart] naming the first port somebody else listens on, and what it is for.
    public void requireFree() {
        Map<String, Integer> wanted = new LinkedHashMap<>();
        wanted.put("the Kubernetes API", api);
        wanted.put("Kafka", kafka());
        wanted.put("the Kafka controller", controller());
        wanted.put("the schema registry", schemaRegistry());
        wanted.forEach((what, port) -> {
            try (ServerSocket probe = new ServerSocket()) {
                probe.setReuseAddress(true);
                probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            } catch (IOException busy) {
                throw new CannotStart("port " + port + " (for " + what + ") is busy; choose another with --port");
            }
        });
    }
}
