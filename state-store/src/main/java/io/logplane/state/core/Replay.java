package io.logplane.state.core;

import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.record.Barrier;
import io.logplane.schemas.record.Change;
import io.logplane.schemas.record.FeatureLevel;
import io.logplane.schemas.record.Genesis;
import io.logplane.schemas.record.Operation;
import io.logplane.schemas.record.ReadEntry;
import io.logplane.schemas.record.WriterHello;
import io.logplane.state.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;

/// Replays one log: each record gives a verdict and at most one effect. Rules of feature level 1, in this order:
///
/// | record | verdict |
/// |---|---|
/// | anything before the genesis record; bytes or a type that do not belong here | Poison |
/// | genesis: the first | Accepted; a later one Duplicate; of another log or with a bad base Poison; newer format: halt |
/// | hello: epoch above every earlier one of this writer | Accepted, fences the older; else Fenced |
/// | barrier | Accepted |
/// | feature level: above the present one | Accepted; not above Duplicate; unknown to this build: halt |
/// | change, malformed (key, object, expectation) | Poison |
/// | change of an epoch that is not the writer's newest | Fenced |
/// | change whose sequence is not above the writer's last | Duplicate |
/// | (from here on the sequence counts as used) LogAppendTime after its deadline | Late |
/// | change with an entry of the read set, then its own key, not at the expected revision | Conflict |
/// | remove of a key that does not exist | Conflict (expected -1 where none was given) |
/// | put of exactly the bytes held | Unchanged: the revision does not move |
/// | else | Accepted at base + offset + 1 |
///
/// Every record, whatever its verdict, moves position, logical time and chain hash.
/// Errors: [ReplayHalted] before anything is changed. Thread: one.
/// Source: DESIGN D2-D4.
public final class Replay {
    /// Newest feature level this build replays.
    public static final int NEWEST_LEVEL = 1;
    /// Newest format of the genesis record this build replays.
    public static final int NEWEST_FORMAT = 1;

    private final String log;
    private String incarnation;
    private long base;
    private int featureLevel;
    private long position;
    private long logicalTime;
    private byte[] chainHash;
    private final StateDigest digest;
    private final TreeMap<String, WriterPosition> writers;
    private final long assumedBelow;

    public Replay(LogState start) {
        log = start.log();
        incarnation = start.incarnation();
        base = start.base();
        featureLevel = start.featureLevel();
        position = start.position();
        logicalTime = start.logicalTime();
        chainHash = start.chainHash();
        digest = new StateDigest(start.stateDigest());
        writers = new TreeMap<>(start.writers());
        assumedBelow = start.assumedBelow();
    }

    public LogState state() {
        return new LogState(log, incarnation, base, featureLevel, position, logicalTime, chainHash, digest.bytes(),
                writers, assumedBelow);
    }

    /// Offset of the next record; as in [#state], which is dearer.
    public long position() {
        return position;
    }

    /// The revision a record at this offset has.
    public long revisionOf(long offset) {
        return base + offset + 1;
    }

    /// Errors: IllegalArgumentException for an offset already replayed (a fault of the caller).
    public Step apply(LogEntry entry, StateView view) {
        if (entry.offset() < position) {
            throw new IllegalArgumentException(
                    log + ": offset " + entry.offset() + " again, the position is " + position);
        }
        Step step = switch (entry.content()) {
            case Content.Undecodable undecodable -> Step.of(new Verdict.Poison(undecodable.why()));
            case Content.Known known -> judge(entry, known.value(), view);
        };
        step.effect().ifPresent(effect -> count(effect, view));
        chainHash = ChainHash.next(chainHash, entry, step.verdict());
        logicalTime = Math.max(logicalTime, entry.appendTime());
        position = entry.offset() + 1;
        return step;
    }

    /// The consumer's position is past control records: nothing to replay, but the position moves.
    public void skipTo(long offset) {
        position = Math.max(position, offset);
    }

    private Step judge(LogEntry entry, SpecificRecord value, StateView view) {
        if (value instanceof Genesis genesis) {
            return Step.of(genesis(entry, genesis));
        }
        if (incarnation.isEmpty()) {
            return poison("the log has no genesis record yet");
        }
        return switch (value) {
            case Change change -> change(entry, change, view);
            case WriterHello hello -> Step.of(hello(entry, hello));
            case Barrier unused -> Step.of(new Verdict.Accepted(revisionOf(entry.offset())));
            case FeatureLevel level -> Step.of(featureLevel(entry, level));
            default -> poison("a " + value.getSchema().getName() + " does not belong into " + log);
        };
    }

    private Verdict genesis(LogEntry entry, Genesis genesis) {
        if (!incarnation.isEmpty()) {
            return new Verdict.Duplicate();
        }
        if (!genesis.getLog().equals(log) || genesis.getBase() < 0 || genesis.getIncarnation().isEmpty()) {
            return new Verdict.Poison("genesis of log '" + genesis.getLog() + "' with base " + genesis.getBase());
        }
        if (genesis.getFormatVersion() > NEWEST_FORMAT) {
            throw new ReplayHalted(log + ": format " + genesis.getFormatVersion() + " is newer than " + NEWEST_FORMAT
                    + ", the newest this build knows");
        }
        incarnation = genesis.getIncarnation();
        base = genesis.getBase();
        featureLevel = 1;
        return new Verdict.Accepted(revisionOf(entry.offset()));
    }

    private Verdict hello(LogEntry entry, WriterHello hello) {
        WriterPosition known = writers.get(hello.getWriter());
        if (known != null && hello.getEpoch() <= known.epoch()) {
            return new Verdict.Fenced();
        }
        writers.put(hello.getWriter(), new WriterPosition(hello.getEpoch(), 0));
        return new Verdict.Accepted(revisionOf(entry.offset()));
    }

    private Verdict featureLevel(LogEntry entry, FeatureLevel level) {
        if (level.getLevel() > NEWEST_LEVEL) {
            throw new ReplayHalted(log + ": offset " + entry.offset() + " raises the feature level to "
                    + level.getLevel() + ", this build knows up to " + NEWEST_LEVEL);
        }
        if (level.getLevel() <= featureLevel) {
            return new Verdict.Duplicate();
        }
        featureLevel = level.getLevel();
        return new Verdict.Accepted(revisionOf(entry.offset()));
    }

    private Step change(LogEntry entry, Change change, StateView view) {
        Optional<ObjectKey> key = ObjectKey.tryParse(change.getKey());
        Optional<String> malformed = malformed(entry, change);
        if (key.isEmpty() || malformed.isPresent()) {
            return poison(malformed.orElse("not an object key"));
        }
        WriterPosition known = writers.get(change.getWriter());
        if (known == null && assumedBelow > 0) {
            known = new WriterPosition(change.getWriterEpoch(), 0);
        }
        if (known == null || known.epoch() != change.getWriterEpoch()) {
            return Step.of(new Verdict.Fenced());
        }
        if (change.getSequence() <= known.sequence()) {
            return Step.of(new Verdict.Duplicate());
        }
        writers.put(change.getWriter(), new WriterPosition(known.epoch(), change.getSequence()));
        if (change.getDeadline() != null && entry.appendTime() > change.getDeadline()) {
            return Step.of(new Verdict.Late());
        }
        return decide(revisionOf(entry.offset()), change, key.get(), view);
    }

    private Step decide(long revision, Change change, ObjectKey key, StateView view) {
        for (ReadEntry read : change.getReadSet()) {
            long actual = view.held(read.getKey()).map(StateView.Held::revision).orElse(0L);
            if (differs(read.getRevision(), actual)) {
                return Step.of(new Verdict.Conflict(ObjectKey.parse(read.getKey()), read.getRevision(), actual));
            }
        }
        Optional<StateView.Held> held = view.held(change.getKey());
        long actual = held.map(StateView.Held::revision).orElse(0L);
        if (change.getExpectedRevision() != null && differs(change.getExpectedRevision(), actual)) {
            return Step.of(new Verdict.Conflict(key, change.getExpectedRevision(), actual));
        }
        byte[] object = objectOf(change);
        if (change.getOperation() == Operation.REMOVE) {
            if (held.isEmpty() && assumedBelow == 0) {
                return Step.of(new Verdict.Conflict(key, -1, 0));
            }
            return accepted(revision, new Effect.Remove(key, revision, object));
        }
        if (held.isPresent() && held.get().sameBytes(object)) {
            return Step.of(new Verdict.Unchanged(actual));
        }
        long created = held.map(StateView.Held::createdRevision).orElse(revision);
        return accepted(revision, new Effect.Put(key, revision, created, object));
    }

    /// In an adopted log an expectation about a time nobody can see any more counts as met.
    private boolean differs(long expected, long actual) {
        return expected != actual && !(actual == 0 && expected > 0 && expected <= assumedBelow);
    }

    private void count(Effect effect, StateView view) {
        String key = effect.key().text();
        view.held(key).ifPresent(held -> digest.subtract(held.leaf()));
        if (effect instanceof Effect.Put put) {
            digest.add(StateDigest.leaf(key, put.revision(), put.createdRevision(), put.object()));
        }
    }

    private static Optional<String> malformed(LogEntry entry, Change change) {
        if (!Arrays.equals(change.getKey().getBytes(StandardCharsets.UTF_8), entry.key())) {
            return Optional.of("the record key is not the change's key");
        }
        if (change.getSequence() < 1 || change.getWriterEpoch() < 1) {
            return Optional.of("sequence and writer epoch start at 1");
        }
        boolean remove = change.getOperation() == Operation.REMOVE;
        Long expected = change.getExpectedRevision();
        if (expected != null && (expected < 0 || remove && expected == 0)) {
            return Optional.of("expected revision " + expected);
        }
        if (change.getObject() == null ? !remove : !Canonical.looksSo(objectOf(change))) {
            return Optional.of("the object is not in canonical form");
        }
        boolean badRead = change.getReadSet().stream()
                .anyMatch(read -> read.getRevision() < 0 || ObjectKey.tryParse(read.getKey()).isEmpty());
        return badRead ? Optional.of("an entry of the read set is not a key at a revision") : Optional.empty();
    }

    private static byte[] objectOf(Change change) {
        ByteBuffer object = change.getObject();
        if (object == null) {
            return new byte[0];
        }
        if (object.hasArray() && object.arrayOffset() == 0 && object.remaining() == object.array().length) {
            return object.array();
        }
        byte[] copy = new byte[object.remaining()];
        object.duplicate().get(copy);
        return copy;
    }

    private static Step accepted(long revision, Effect effect) {
        return new Step(new Verdict.Accepted(revision), Optional.of(effect));
    }

    private static Step poison(String why) {
        return Step.of(new Verdict.Poison(why));
    }
}
