package io.logplane.launcher;

import io.logplane.gateway.AuditConfig;
import io.logplane.gateway.auditlog.Pacing;
import io.logplane.gateway.remote.AuditWebhook;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Who else is told of requests, and how fast: kube-apiserver's options under their names, always in its mode batch.
final class AuditWebhookOptions {
    @Option(names = "--audit-webhook-config-file", description = "kubeconfig of a server that is told, too")
    private String file = "";
    @Option(names = "--audit-webhook-initial-backoff", description = "before a second attempt (${DEFAULT-VALUE})")
    private String backoff = "10s";
    @Option(names = "--audit-webhook-batch-buffer-size", description = "records that may wait (${DEFAULT-VALUE})")
    private int buffer = Pacing.WEBHOOK.buffer();
    @Option(names = "--audit-webhook-batch-max-size", description = "records told at once (${DEFAULT-VALUE})")
    private int batch = Pacing.WEBHOOK.batch();
    @Option(names = "--audit-webhook-batch-max-wait", description = "until told at the latest (${DEFAULT-VALUE})")
    private String patience = "30s";
    @Option(names = "--audit-webhook-batch-throttle-enable", arity = "1", description = "limited (${DEFAULT-VALUE})")
    private boolean throttled = true;
    @Option(names = "--audit-webhook-batch-throttle-qps", description = "batches a second (${DEFAULT-VALUE})")
    private double rate = Pacing.WEBHOOK.rate();
    @Option(names = "--audit-webhook-batch-throttle-burst", description = "batches after a rest (${DEFAULT-VALUE})")
    private int burst = Pacing.WEBHOOK.burst();

    /// Errors: IllegalArgumentException for times and numbers that make no sense.
    Optional<AuditWebhook.Settings> settings() {
        if (file.isEmpty()) {
            return Optional.empty();
        }
        if (throttled && rate <= 0) {
            throw new IllegalArgumentException("--audit-webhook-batch-throttle-qps must be positive, not " + rate);
        }
        return Optional.of(new AuditWebhook.Settings(Path.of(file), AuditConfig.time("--audit-webhook-initial-backoff",
                backoff),
                new Pacing(buffer, batch, AuditConfig.time("--audit-webhook-batch-max-wait", patience),
                        throttled ? rate : 0, burst, Pacing.WEBHOOK.parallel())));
    }
}
