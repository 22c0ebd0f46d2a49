package io.logplane.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.gateway.audit.AuditPolicy;
import io.logplane.gateway.audit.AuditRecord;
import io.logplane.gateway.audit.Stage;
import io.logplane.gateway.auditlog.AuditLog;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.schemas.model.IpAddresses;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.topics.Topics;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the audit records of a request as it goes through its stages.
///
/// A request whose credentials are not good has one record, in the stage ResponseStarted, as upstream.
/// Thread: that of the request; of a tunnel's last record, the tunnel's.
/// Source: k8s.io/apiserver/pkg/endpoints/filters/audit.go.
final class Auditing {
    private static final Logger LOG = LoggerFactory.getLogger(Auditing.class);
    private static final User NOBODY = new User("", "", List.of(), Map.of());
    /// Addresses a client may claim to have come through; more is an attempt to fill the log.
    private static final int MAX_SOURCES = 16;
    /// A larger record loses its bodies; the topic takes no more, and upstream's truncating backend does the same.
    private static final int MAX_RECORD = Topics.MAX_OBJECT_BYTES;

    private static final int FAULT = 500;
    /// How long the threads of connections that were cut may take to say so themselves.
    private static final Duration GOODBYE = Duration.ofSeconds(2);
    private static final Duration MOMENT = Duration.ofMillis(10);

    private final AuditLog log;
    private final InstantSource clock;
    /// Requests that take as long as their client likes, until their last record.
    private final Set<Running> lasting = ConcurrentHashMap.newKeySet();

    Auditing(AuditLog log, InstantSource clock) {
        this.log = log;
        this.clock = clock;
    }

    /// The records of one request. Shape: `last` is the stage its last one is in.
    ///
    /// A tunnel outlives its request: whoever ends it makes the last record, from what was known when it began.
    private final class Running implements Exchange.Audited {
        private final Exchange exchange;
        private final AuditRecord record;
        private final Stage last;
        private final boolean lasting;
        private final boolean watches;
        private final AtomicBoolean over = new AtomicBoolean();
        private boolean started;
        private volatile Optional<AuditRecord.Answer> begun = Optional.empty();
        private volatile Optional<AuditRecord.Answer> tunnel = Optional.empty();

        Running(Exchange exchange, AuditRecord record, Stage last, RequestInfo info) {
            this.exchange = exchange;
            this.record = record;
            this.last = last;
            this.lasting = Deadline.lasting(info);
            this.watches = info.verb().equals("watch");
        }

        @Override
        public void impersonates(User user, String constraint) {
            record.impersonates(user, constraint);
        }

        @Override
        public void started() {
            if (!started && lasting) {
                started = true;
                AuditRecord.Answer head = answer(exchange);
                begun = Optional.of(head);
                boolean unused = emit(exchange, record, Stage.RESPONSE_STARTED, Optional.of(head));
            }
        }

        @Override
        public void begins() {
            tunnel = Optional.of(answer(exchange));
            started();
        }

        @Override
        public void ended() {
            tunnel.ifPresent(answer -> over(last, answer));
        }

        /// The connection is gone, and nobody has said so.
        void cut() {
            tunnel.or(() -> begun).ifPresent(answer -> over(last, answer));
        }

        /// The request has been handled.
        void handled(Optional<RuntimeException> fault) {
            if (fault.isPresent()) {
                over(Stage.PANIC, panicked(exchange, fault.get()));
            } else if (tunnel.isEmpty()) {
                if (last != Stage.RESPONSE_STARTED) {
                    started();
                }
                over(last, answer(exchange));
            }
        }

        private void over(Stage stage, AuditRecord.Answer answer) {
            if (over.compareAndSet(false, true)) {
                if (stage == Stage.RESPONSE_COMPLETE && !watches) {
                    Duration total = Duration.between(exchange.received(), clock.instant());
                    exchange.trail().latencies().annotations(total).forEach(exchange.trail()::annotate);
                }
                boolean unused = emit(exchange, record, stage, Optional.of(answer));
                boolean known = Auditing.this.lasting.remove(this);
            }
        }
    }

    /// Errors: 500 when the record cannot be stored and the mode is strict.
    void received(Exchange exchange, User user, RequestInfo info) {
        if (log.idle()) {
            return;
        }
        Optional<Running> running = begin(exchange, user, info, Stage.RESPONSE_COMPLETE);
        if (running.isPresent() && !emit(exchange, running.get().record, Stage.REQUEST_RECEIVED, Optional.empty())) {
            exchange.audited(Optional.empty());
            throw Refusals.internal("failed to store audit event");
        }
    }

    /// Credentials were shown that are not good, or a time that is none.
    void unknown(Exchange exchange, RequestInfo info) {
        if (!log.idle()) {
            begin(exchange, NOBODY, info, Stage.RESPONSE_STARTED);
        }
    }

    private Optional<Running> begin(Exchange exchange, User user, RequestInfo info, Stage last) {
        AuditPolicy.Decision decision = log.policy().decide(user, info);
        AuditRecord record = new AuditRecord(decision, new AuditRecord.Arrival(exchange.auditId(), exchange.received(),
                exchange.uri(), user, info, sources(exchange), exchange.userAgent()));
        if (record.omits(last) && record.omits(Stage.REQUEST_RECEIVED) && record.omits(Stage.RESPONSE_STARTED)
                && record.omits(Stage.PANIC)) {
            return Optional.empty();
        }
        exchange.trail().level(decision.level());
        Running running = new Running(exchange, record, last, info);
        exchange.audited(Optional.of(running));
        if (running.lasting) {
            boolean unused = lasting.add(running);
        }
        return Optional.of(running);
    }

    /// The server has stopped, and with it every connection: whoever is still talking is cut off and recorded so.
    void stopped() {
        long end = System.nanoTime() + GOODBYE.toNanos();
        while (!lasting.isEmpty() && System.nanoTime() < end && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(MOMENT.toNanos());
        }
        lasting.forEach(Running::cut);
    }

    /// The answer has been given, or its client is gone, or a tunnel begins. Shape: `fault` is ours.
    void complete(Exchange exchange, Optional<RuntimeException> fault) {
        if (exchange.audited() instanceof Running running) {
            running.handled(fault);
        }
    }

    /// Whatever part of an answer has gone out already: it was none.
    private static AuditRecord.Answer panicked(Exchange exchange, RuntimeException fault) {
        JsonNode status = Statuses.failure(Refusals.internal(fault.getClass().getSimpleName()).refusal());
        return new AuditRecord.Answer(FAULT, Optional.of(status), exchange.trail().request().flatMap(Auditing::read),
                Optional.empty());
    }

    private static AuditRecord.Answer answer(Exchange exchange) {
        Optional<JsonNode> response = exchange.trail().response().flatMap(Auditing::read);
        Optional<JsonNode> status = response.filter(body -> body.path("kind").asText().equals("Status"));
        return new AuditRecord.Answer(exchange.response().getStatus(), status, exchange.trail().request().flatMap(
                Auditing::read), status.isPresent() ? Optional.empty() : response);
    }

    /// Empty: not JSON. The client has heard of that already.
    private static Optional<JsonNode> read(Supplier<JsonNode> body) {
        try {
            return Optional.of(body.get()).filter(JsonNode::isContainerNode);
        } catch (IllegalArgumentException | UncheckedIOException notJson) {
            LOG.debug("a body that is not JSON is left out of the audit record", notJson);
            return Optional.empty();
        }
    }

    private boolean emit(Exchange exchange, AuditRecord record, Stage stage, Optional<AuditRecord.Answer> answer) {
        if (record.omits(stage)) {
            return true;
        }
        Instant now = stage == Stage.REQUEST_RECEIVED ? exchange.received() : clock.instant();
        byte[] line = Json.bytes(record.event(stage, now, answer, exchange.trail().annotations()));
        if (line.length > MAX_RECORD) {
            Map<String, String> notes = new LinkedHashMap<>(exchange.trail().annotations());
            notes.put("audit.k8s.io/truncated", "true");
            line = Json.bytes(record.event(stage, now, answer.map(AuditRecord.Answer::withoutBodies), notes));
        }
        return log.record(line, stage == Stage.REQUEST_RECEIVED);
    }

    /// One address, one spelling.
    private static String written(String address) {
        return IpAddresses.preferred(address).orElse(address);
    }

    private static List<String> sources(Exchange exchange) {
        List<String> sources = new ArrayList<>();
        for (String claimed : exchange.header("X-Forwarded-For").split(",", MAX_SOURCES)) {
            if (IpAddresses.isAddress(claimed.strip())) {
                sources.add(written(claimed.strip()));
            }
        }
        String real = written(exchange.header("X-Real-Ip").strip());
        if (IpAddresses.isAddress(real) && !sources.contains(real)) {
            sources.add(real);
        }
        String peer = exchange.address();
        if (!peer.isEmpty() && (sources.isEmpty() || !sources.getLast().equals(peer))) {
            sources.add(peer);
        }
        return sources;
    }
}
