package io.logplane.gateway.fairness;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Flow schemas and priority levels a cluster has from its first moment, as kube-apiserver 1.36 publishes them.
public final class FlowDefaults {
    /// Names of the schemas and levels without which there is no order; nobody may change them.
    public static final Set<String> MANDATORY = Set.of("exempt", "catch-all");
    private static final String FILE = "bootstrap-flowcontrol.json";

    private FlowDefaults() {
    }

    /// Levels first, so that no schema points at nothing.
    public static List<JsonNode> all() {
        try (InputStream in = FlowDefaults.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is missing from the build");
            }
            List<JsonNode> all = new ArrayList<>();
            Json.MAPPER.readTree(in).forEach(all::add);
            return all;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
