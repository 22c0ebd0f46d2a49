package io.logplane.gateway.aggregation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// OpenAPI documents of group versions that other servers answer.
///
/// Shape: paths as in the index, `apis/<group>/<version>`. Thread: any; a document is asked for at each request.
/// Source: KEP-2896; kube-aggregator/pkg/controllers/openapiv3.
public final class GuestDescriptions {
    private static final Logger LOG = LoggerFactory.getLogger(GuestDescriptions.class);
    private static final int OK = 200;

    private final ApiServices services;

    public GuestDescriptions(ApiServices services) {
        this.services = services;
    }

    /// Paths and where their documents are, as those servers say; "": the server has none.
    public Map<String, String> addresses() {
        Map<String, String> found = new TreeMap<>();
        for (ApiServices.Entry entry : services.all()) {
            if (entry.service().service().isPresent()) {
                found.put(entry.service().path().substring(1), entry.documents().openApi());
            }
        }
        return found;
    }

    /// Their parts of OpenAPI v2 by path, `/apis/<group>/<version>`; the same objects while they say the same.
    public Map<String, ObjectNode> parts() {
        Map<String, ObjectNode> found = new TreeMap<>();
        for (ApiServices.Entry entry : services.all()) {
            if (entry.service().service().isPresent()) {
                found.put(entry.service().path(), entry.documents().described().part());
            }
        }
        return found;
    }

    /// Empty: no such document, or nobody answers.
    public Optional<byte[]> document(String path) {
        for (ApiServices.Entry entry : services.all()) {
            if (entry.remote().isPresent() && entry.service().available()
                    && entry.service().path().equals("/" + path)) {
                return fetch(entry.remote().get(), path);
            }
        }
        return Optional.empty();
    }

    private static Optional<byte[]> fetch(Remote remote, String path) {
        try {
            Remote.Document found = remote.get("/openapi/v3/" + path, "application/json");
            return found.code() == OK ? Optional.of(found.body()) : Optional.empty();
        } catch (IOException away) {
            LOG.info("no description of {}: {}", path, away.getMessage());
            return Optional.empty();
        }
    }
}
