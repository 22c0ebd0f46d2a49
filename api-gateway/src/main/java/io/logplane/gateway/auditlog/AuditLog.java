package io.logplane.gateway.auditlog;

import io.logplane.gateway.audit.AuditPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// The policy of a gateway and everywhere its audit records go.
///
/// Thread: any; close from the owner, which waits until what was taken is written.
public final class AuditLog implements AutoCloseable {
    private final AuditPolicy policy;
    private final boolean strict;
    private final boolean idle;
    private final List<AuditQueue> queues = new ArrayList<>();
    private final LongAdder events = new LongAdder();
    private final LongAdder rejected = new LongAdder();

    public AuditLog(AuditPolicy policy, AuditMode mode, List<AuditBackend> backends) {
        this.policy = policy;
        this.strict = mode == AuditMode.BLOCKING_STRICT;
        this.idle = backends.isEmpty() || policy.recordsNothing();
        backends.forEach(backend -> queues.add(new AuditQueue(backend, backend.awaited(mode))));
    }

    /// Records nothing.
    public static AuditLog none() {
        return new AuditLog(AuditPolicy.none(), AuditMode.BATCH, List.of());
    }

    /// True: no request leaves a record, so nothing needs to be gathered.
    public boolean idle() {
        return idle;
    }

    public AuditPolicy policy() {
        return policy;
    }

    /// False: the request must be refused, because it would go unrecorded. Shape: `first` of a request's records.
    public boolean record(byte[] line, boolean first) {
        events.increment();
        boolean stored = true;
        for (AuditQueue queue : queues) {
            stored &= queue.add(line);
        }
        if (!stored && strict && first) {
            rejected.increment();
            return false;
        }
        return true;
    }

    public long events() {
        return events.sum();
    }

    public long rejected() {
        return rejected.sum();
    }

    /// Records lost per place.
    public Map<String, Long> lost() {
        Map<String, Long> lost = new LinkedHashMap<>();
        queues.forEach(queue -> lost.put(queue.name(), queue.lost()));
        return lost;
    }

    @Override
    public void close() {
        queues.forEach(AuditQueue::close);
    }
}
