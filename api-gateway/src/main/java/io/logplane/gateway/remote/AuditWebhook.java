package io.logplane.gateway.remote;

import io.logplane.gateway.auditlog.AuditBackend;
import io.logplane.gateway.auditlog.AuditMode;
import io.logplane.gateway.auditlog.Pacing;
import io.logplane.gateway.remote.WebhookServer.CallFailed;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// Audit records posted to the server a kubeconfig names: one EventList of audit.k8s.io/v1 for each batch.
///
/// Whatever goes wrong is tried again, [#ATTEMPTS] times in all, the first time after the initial backoff and then
/// ever more rarely. A batch that was received but not answered comes twice; batches overtake each other.
/// Source: k8s.io/apiserver/plugin/pkg/audit/webhook.
public final class AuditWebhook implements AuditBackend {
    private static final int ATTEMPTS = 5;
    private static final double GROWTH = 1.5;
    private static final double JITTER = 0.2;
    /// Upstream's, for one attempt.
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final byte[] HEAD = ascii(
            "{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"metadata\":{},\"items\":[");
    private static final byte[] COMMA = ascii(",");
    private static final byte[] TAIL = ascii("]}");

    private final WebhookServer server;
    private final Settings settings;

    /// Which webhook, and how it is called. Shape: `backoff` before the second attempt.
    public record Settings(Path kubeconfig, Duration backoff, Pacing pacing) {
        /// With upstream's defaults.
        public static Settings of(Path kubeconfig) {
            return new Settings(kubeconfig, Duration.ofSeconds(10), Pacing.WEBHOOK);
        }

        /// Errors: [io.logplane.gateway.identity.SettingsInvalid] for a kubeconfig that cannot be used.
        public void check() {
            new AuditWebhook(this).close();
        }
    }

    /// Errors: [io.logplane.gateway.identity.SettingsInvalid].
    public AuditWebhook(Settings settings) {
        this.settings = settings;
        this.server = new WebhookServer(Kubeconfig.readPlain(settings.kubeconfig()), TIMEOUT);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String name() {
        return "webhook";
    }

    @Override
    public Pacing pacing() {
        return settings.pacing();
    }

    @Override
    public boolean awaited(AuditMode mode) {
        return false;
    }

    @Override
    public void write(List<byte[]> records) throws IOException {
        double pause = settings.backoff().toNanos();
        for (int attempt = 1;; attempt++) {
            try {
                once(records);
                return;
            } catch (CallFailed failed) {
                if (attempt == ATTEMPTS || Thread.currentThread().isInterrupted()) {
                    throw new IOException(failed.getMessage(), failed);
                }
                rest((long) (pause * (1 + JITTER * ThreadLocalRandom.current().nextDouble())), failed);
                pause *= GROWTH;
            }
        }
    }

    private static void rest(long nanos, CallFailed why) throws IOException {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IOException("stopping, after " + why.getMessage(), stopping);
        }
    }

    private void once(List<byte[]> records) {
        List<byte[]> parts = new ArrayList<>(2 * records.size() + 1);
        for (byte[] record : records) {
            parts.add(parts.isEmpty() ? HEAD : COMMA);
            parts.add(record);
        }
        parts.add(TAIL);
        long length = parts.stream().mapToLong(part -> part.length).sum();
        server.post(BodyPublishers.fromPublisher(BodyPublishers.ofByteArrays(parts), length));
    }

    @Override
    public void close() {
        server.close();
    }
}
