package io.logplane.gateway.audit;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What is gathered about one request for its audit record while it is answered.
///
/// Shape: an annotation once written stays; its keys are qualified names (`pod-security.kubernetes.io/audit`).
/// Limits: [#MAX_ANNOTATIONS] entries, each at most [#MAX_VALUE] characters; what is beyond is left out.
/// Thread: any; few write.
/// Source: k8s.io/apiserver/pkg/audit (AddAuditAnnotation).
public final class AuditTrail {
    /// A record is read by people; more comes only from a policy gone wild.
    private static final int MAX_ANNOTATIONS = 64;
    /// Upstream's limit of a policy's audit annotation, 10 KiB.
    private static final int MAX_VALUE = 10 * 1024;

    private final Map<String, String> annotations = new LinkedHashMap<>();

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
}
