package io.logplane.gateway.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// What is gathered about one request for its audit record while it is answered.
///
/// Shape: an annotation once written stays; its keys are qualified names (`pod-security.kubernetes.io/audit`). Bodies
/// are remembered as they are and read only when a record is made.
/// Limits: [#MAX_ANNOTATIONS] entries, each at most [#MAX_VALUE] characters; what is beyond is left out.
/// Thread: any; few write.
/// Source: k8s.io/apiserver/pkg/audit (AddAuditAnnotation).
public final class AuditTrail {
    /// A record is read by people; more comes only from a policy gone wild.
    private static final int MAX_ANNOTATIONS = 64;
    /// Upstream's limit of a policy's audit annotation, 10 KiB.
    private static final int MAX_VALUE = 10 * 1024;

    private final Map<String, String> annotations = new LinkedHashMap<>();
    private final Latencies latencies = new Latencies();
    private Optional<Supplier<JsonNode>> request = Optional.empty();
    private Optional<Supplier<JsonNode>> response = Optional.empty();
    private volatile AuditLevel level = AuditLevel.NONE;
    private volatile String impersonator = "";

    /// How much will be recorded; nothing until the policy has been asked.
    public void level(AuditLevel decided) {
        level = decided;
    }

    public AuditLevel level() {
        return level;
    }

    /// The request's own user acts as somebody else.
    public void impersonator(String name) {
        impersonator = name;
    }

    /// Who was authenticated, when he acts as somebody else; "" otherwise.
    public String impersonator() {
        return impersonator;
    }

    /// False: the key is there already, or there are too many.
    public synchronized boolean annotate(String key, String value) {
        if (annotations.containsKey(key) || annotations.size() >= MAX_ANNOTATIONS) {
            return false;
        }
        annotations.put(key, value.length() > MAX_VALUE ? value.substring(0, MAX_VALUE) : value);
        return true;
    }

    /// In the order they were written.
    public synchronized Map<String, String> annotations() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
    }

    public Latencies latencies() {
        return latencies;
    }

    /// The body of the request. The first one told stays.
    public synchronized void request(Supplier<JsonNode> body) {
        if (level != AuditLevel.NONE && request.isEmpty()) {
            request = Optional.of(body);
        }
    }

    /// The body turns out to be no object; or it will be told again, as what it was understood to be.
    public synchronized void forgetRequest() {
        request = Optional.empty();
    }

    public synchronized Optional<Supplier<JsonNode>> request() {
        return request;
    }

    /// The answer, before it is brought into the form the client wants. The first one told stays.
    public synchronized void response(Supplier<JsonNode> body) {
        if (level != AuditLevel.NONE && response.isEmpty()) {
            response = Optional.of(body);
        }
    }

    public synchronized Optional<Supplier<JsonNode>> response() {
        return response;
    }
}
