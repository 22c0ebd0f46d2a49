package io.logplane.gateway.podsecurity;

/// What a check has against a pod: `privileged (container "c" must not set securityContext.privileged=true)`.
public record Finding(String reason, String detail) {

    @Override
    public String toString() {
        return detail.isEmpty() ? reason : reason + " (" + detail + ")";
    }
}
