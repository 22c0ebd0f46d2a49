package io.logplane.gateway.auditlog;

import java.time.Duration;

/// How records are gathered into batches, and how fast batches are handed to a place.
///
/// | component | what | for a webhook, as upstream |
/// |---|---|---|
/// | buffer | records that wait; beyond, they are lost | 10,000 |
/// | batch | records handed over at once | 400 |
/// | patience | how long a batch is gathered when it does not become full | 30 s |
/// | rate | batches a second, 0 without limit | 10 |
/// | burst | batches above the rate, after a quiet time | 15 |
/// | parallel | batches on their way at once | 25: as many records as wait; upstream has no limit |
///
/// Source: kube-apiserver `--audit-webhook-batch-*`.
public record Pacing(int buffer, int batch, Duration patience, double rate, int burst, int parallel) {
    /// One after the other, as soon as there are any.
    public static final Pacing AT_ONCE = new Pacing(10_000, 400, Duration.ZERO, 0, 1, 1);
    public static final Pacing WEBHOOK = new Pacing(10_000, 400, Duration.ofSeconds(30), 10, 15, 25);

    public Pacing {
        if (buffer < 1 || batch < 1 || batch > buffer || burst < 1 || parallel < 1 || rate < 0
                || patience.isNegative()) {
            throw new IllegalArgumentException("audit batches need positive numbers, and a buffer no smaller than a"
                    + " batch: buffer " + buffer + ", batch " + batch + ", patience " + patience + ", rate " + rate
                    + ", burst " + burst);
        }
    }
}
