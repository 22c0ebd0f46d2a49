package io.logplane.state.kafka;

import io.logplane.schemas.record.Barrier;
import io.logplane.schemas.record.Change;
import io.logplane.schemas.record.Genesis;
import io.logplane.schemas.record.Operation;
import io.logplane.schemas.record.ReadEntry;
import io.logplane.schemas.record.WriterHello;
import io.logplane.schemas.wire.RecordCodec;
import io.logplane.state.LogUnavailable;
import io.logplane.state.Proposal;
import io.logplane.state.Verdict;
import io.logplane.state.core.LogState;
import io.logplane.state.core.ReadLease;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/// Appends to one log under one writer id and epoch.
///
/// Numbers and sends under one lock, so that sequences rise in log order; many callers together fill the producer's
/// next batch
/// while the one before is written. Changes and barriers share one counter, so "my record after this number was
/// replayed" means the same for both.
/// Thread: any. Limits: [#MAX_WAITING] appends under way.
public final class LogWriter implements AutoCloseable {
    /// Beyond it callers are told at once to come back: more waiting would only age.
    static final int MAX_WAITING = 8_192;
    /// With fewer appends under way on average nobody waits for company: there would be little.
    private static final double COMPANY = 16;
    /// Weight of the newest append in that average: it follows within some tens of appends.
    private static final double NEWEST = 0.02;

    private final String log;
    private final String writer;
    private final String instance;
    private final RecordCodec codec;
    private final KafkaProducer<byte[], byte[]> producer;
    private final ReentrantLock order = new ReentrantLock();
    private final Semaphore room = new Semaphore(MAX_WAITING);
    private final ConcurrentMap<Long, Pending> waiting = new ConcurrentHashMap<>();
    private final ReadLease lease = new ReadLease();
    private volatile long epoch;
    private volatile long sequence;
    private volatile boolean closed;
    private volatile boolean hurried;
    private final Thread hurrying = Thread.ofVirtual().unstarted(this::hurryBatches);
    private double underWay;

    LogWriter(String log, String writer, String instance, RecordCodec codec, Properties access) {
        this.log = log;
        this.writer = writer;
        this.instance = instance;
        this.codec = codec;
        producer = ClientSettings.producer(access, writer + "-" + log);
        hurrying.start();
    }

    /// An append under way. Shape: `verdict` is completed by replay, or fails with [LogUnavailable]; `sentNanos` is a
    /// time before it was handed to the producer.
    record Pending(long sequence, CompletableFuture<Verdict> verdict, long sentNanos) {
    }

    /// Errors: [LogUnavailable] (outcome known: not sent).
    Pending append(Proposal proposal) {
        if (!room.tryAcquire()) {
            throw notSent("more than " + MAX_WAITING + " appends are under way", null);
        }
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        verdict.whenComplete((unused, failed) -> room.release());
        order.lock();
        try {
            Pending pending = new Pending(++sequence, verdict, System.nanoTime());
            send(proposal.key().text(), codec.encode(log, change(proposal, pending.sequence())), pending);
            return pending;
        } catch (RuntimeException failed) {
            verdict.completeExceptionally(failed);
            throw failed;
        } finally {
            order.unlock();
        }
    }

    /// Shape: the sequence of the barrier; `failed` completes when it certainly or probably never comes.
    Pending barrier() {
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        order.lock();
        try {
            Pending pending = new Pending(++sequence, verdict, System.nanoTime());
            send("~barrier", codec.encode(log, new Barrier(writer, epoch, pending.sequence())), pending);
            return pending;
        } finally {
            order.unlock();
        }
    }

    /// Appends the first record of a log; a second one is refused by replay, so racing is harmless. Thread: the
    /// reader's.
    void genesis(Genesis genesis) {
        await(producer.send(record("~genesis", codec.encode(log, genesis))));
    }

    /// Announces an epoch; it is in force when replay has accepted it, see [#adopt].
    void hello(long newEpoch, long timestamp) {
        WriterHello hello = new WriterHello(writer, newEpoch, instance, "", timestamp);
        await(producer.send(record("~writer/" + writer, codec.encode(log, hello))));
    }

    /// From here on appends carry this epoch. Thread: the reader's.
    void adopt(long newEpoch) {
        order.lock();
        try {
            epoch = newEpoch;
        } finally {
            order.unlock();
        }
    }

    /// Number of the newest record handed to the producer.
    long lastSequence() {
        return sequence;
    }

    long epoch() {
        return epoch;
    }

    boolean isMine(String otherWriter, long otherEpoch) {
        return otherEpoch == epoch && otherWriter.equals(writer);
    }

    boolean isMine(WriterHello hello) {
        return hello.getWriter().equals(writer) && hello.getInstance().equals(instance);
    }

    /// Everything up to this state was replayed, among it a record of this writer (0: none): reads may rely on it for
    /// a while. Before [#replayed], which lets go of the record. Thread: the reader's.
    void confirm(LogState state, long number) {
        if (!ReadLease.soleWriter(state, writer, epoch)) {
            lease.revoke();
            return;
        }
        Pending pending = waiting.get(number);
        if (pending != null) {
            lease.confirm(pending.sentNanos());
        }
    }

    ReadLease lease() {
        return lease;
    }

    /// Replay has come to a record of this writer.
    void replayed(long number, Verdict verdict) {
        Pending pending = waiting.remove(number);
        if (pending != null) {
            pending.verdict().complete(verdict);
        }
    }

    void forget(Pending pending, LogUnavailable why) {
        waiting.remove(pending.sequence());
        pending.verdict().completeExceptionally(why);
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(hurrying);
        producer.close(java.time.Duration.ofSeconds(1));
        LogUnavailable closing = new LogUnavailable("the registry is closing", true, null);
        waiting.forEach((number, pending) -> pending.verdict().completeExceptionally(closing));
        waiting.clear();
    }

    private void send(String key, byte[] value, Pending pending) {
        Future<RecordMetadata> sent;
        long number = pending.sequence();
        waiting.put(number, pending);
        try {
            sent = producer.send(record(key, value), (metadata, failed) -> {
                if (failed != null && waiting.remove(number) != null) {
                    pending.verdict().completeExceptionally(new LogUnavailable(
                            log + " did not acknowledge the append: " + failed, true, failed));
                }
            });
        } catch (KafkaException failed) {
            waiting.remove(number);
            throw notSent(failed.toString(), failed);
        }
        if (sent.isDone() && sent.state() == Future.State.FAILED) {
            waiting.remove(number);
            throw notSent(sent.exceptionNow().toString(), sent.exceptionNow());
        }
        underWay += NEWEST * (waiting.size() - underWay);
        if (underWay < COMPANY) {
            hurried = true;
            LockSupport.unpark(hurrying);
        }
    }

    /// While a flush is under way the producer sends everything at once; whoever asked for it need not wait for it.
    private void hurryBatches() {
        while (!closed) {
            if (!hurried) {
                LockSupport.park(this);
                continue;
            }
            hurried = false;
            producer.flush();
        }
    }

    private ProducerRecord<byte[], byte[]> record(String key, byte[] value) {
        return new ProducerRecord<>(log, 0, key.getBytes(StandardCharsets.UTF_8), value);
    }

    private void await(Future<RecordMetadata> sent) {
        try {
            sent.get();
        } catch (ExecutionException failed) {
            throw new KafkaException(log + " cannot be written: " + failed.getMessage(), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", interrupted);
        }
    }

    private LogUnavailable notSent(String why, @org.jspecify.annotations.Nullable Throwable cause) {
        return new LogUnavailable("nothing was appended to " + log + ": " + why, false, cause);
    }

    private SpecificRecord change(Proposal proposal, long number) {
        Change change = new Change();
        change.setKey(proposal.key().text());
        change.setOperation(proposal.remove() ? Operation.REMOVE : Operation.PUT);
        if (proposal.object().length > 0) {
            change.setObject(ByteBuffer.wrap(proposal.object()));
        }
        proposal.expectedRevision().ifPresent(change::setExpectedRevision);
        change.setReadSet(proposal.readSet().stream()
                .map(read -> new ReadEntry(read.key().text(), read.revision())).toList());
        change.setWriter(writer);
        change.setWriterEpoch(epoch);
        change.setSequence(number);
        change.setRequestId(proposal.requestId());
        proposal.deadlineMillis().ifPresent(change::setDeadline);
        change.setTimestamp(proposal.timestampMillis());
        change.setVerb(proposal.verb());
        change.setSubresource(proposal.subresource());
        change.setActor(proposal.actor());
        proposal.cause().ifPresent(change::setCause);
        return change;
    }
}
