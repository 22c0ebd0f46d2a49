package io.logplane.gateway.auditlog;

/// What a request waits for.
///
/// | mode | waits | when a record cannot be stored |
/// |---|---|---|
/// | BATCH | for nothing | it is counted and lost |
/// | BLOCKING | until it is stored, at most [AuditQueue#PATIENCE] | it is counted and lost |
/// | BLOCKING_STRICT | the same | a request whose first record is not stored is refused with 500 |
///
/// Nobody ever waits for a webhook. Source: kube-apiserver `--audit-log-mode`.
public enum AuditMode {
    BATCH, BLOCKING, BLOCKING_STRICT
}
