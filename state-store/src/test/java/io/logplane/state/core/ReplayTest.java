package io.logplane.state.core;

import static io.logplane.state.core.Logs.KEY;
import static io.logplane.state.core.Logs.OTHER;
import static io.logplane.state.core.Logs.born;
import static io.logplane.state.core.Logs.hello;
import static io.logplane.state.core.Logs.put;
import static io.logplane.state.core.Logs.remove;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.record.Barrier;
import io.logplane.schemas.record.Change;
import io.logplane.schemas.record.Checkpoint;
import io.logplane.schemas.record.FeatureLevel;
import io.logplane.schemas.record.Genesis;
import io.logplane.schemas.record.ReadEntry;
import io.logplane.state.Proposals;
import io.logplane.state.Verdict;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplayTest {
    private static final ObjectKey A = ObjectKey.parse(KEY);
    private static final ObjectKey B = ObjectKey.parse(OTHER);

    @Test
    void theFirstRecordMustBeGenesis() {
        assertThat(new Logs().add(hello("w", 1)).last()).isInstanceOf(Verdict.Poison.class);
        assertThat(new Logs().add(new Genesis("registry", "i", 0L, 1, 1L)).last()).isEqualTo(new Verdict.Accepted(1));
    }

    @Test
    void theBaseOfGenesisRaisesEveryRevision() {
        Logs logs = new Logs().add(new Genesis("registry", "i", 1_000_000_000L, 1, 1L)).add(hello("w", 1))
                .add(put(1, KEY, "1", 0L));
        assertThat(logs.last()).isEqualTo(new Verdict.Accepted(1_000_000_003L));
    }

    @Test
    void aSecondGenesisIsADuplicateAndThatOfAnotherLogPoison() {
        assertThat(born().add(new Genesis("registry", "other", 0L, 1, 1L)).last()).isEqualTo(new Verdict.Duplicate());
        assertThat(new Logs().add(new Genesis("else", "i", 0L, 1, 1L)).last()).isInstanceOf(Verdict.Poison.class);
    }

    @Test
    void aNewerFormatOrFeatureLevelHaltsReplayBeforeAnythingChanges() {
        Replay replay = new Replay(LogState.empty("registry"));
        Logs format = new Logs().add(new Genesis("registry", "i", 0L, 2, 1L));
        assertThatThrownBy(() -> replay.apply(format.entries.getFirst(), new MemoryView()))
                .isInstanceOf(ReplayHalted.class).hasMessageContaining("format 2");
        assertThat(replay.state().position()).isZero();
        assertThatThrownBy(() -> born().add(new FeatureLevel(2, Proposals.actor(), 1L)).last())
                .isInstanceOf(ReplayHalted.class);
        assertThat(born().add(new FeatureLevel(1, Proposals.actor(), 1L)).last()).isEqualTo(new Verdict.Duplicate());
    }

    @Test
    void aPutIsAcceptedAtItsPosition() {
        assertThat(born().add(put(1, KEY, "1", 0L)).last()).isEqualTo(new Verdict.Accepted(3));
    }

    @Test
    void anExpectationThatDoesNotHoldIsAConflictThatSaysWhatIs() {
        Logs logs = born().add(put(1, KEY, "1", 0L));
        assertThat(logs.add(put(2, KEY, "2", 0L)).last()).isEqualTo(new Verdict.Conflict(A, 0, 3));
        assertThat(logs.add(put(3, KEY, "2", 3L)).last()).isEqualTo(new Verdict.Accepted(5));
        assertThat(logs.add(put(4, KEY, "3", 3L)).last()).isEqualTo(new Verdict.Conflict(A, 3, 5));
        assertThat(logs.add(put(5, OTHER, "3", 3L)).last()).isEqualTo(new Verdict.Conflict(B, 3, 0));
    }

    @Test
    void theReadSetIsCheckedBeforeTheKeyItself() {
        Logs logs = born().add(put(1, KEY, "1", 0L));
        Change reads = put(2, OTHER, "1", 99L);
        reads.setReadSet(List.of(new ReadEntry(KEY, 4L)));
        assertThat(logs.add(reads).last()).isEqualTo(new Verdict.Conflict(A, 4, 3));
        Change absent = put(3, OTHER, "1", 0L);
        absent.setReadSet(List.of(new ReadEntry(KEY, 3L), new ReadEntry(OTHER, 0L)));
        assertThat(logs.add(absent).last()).isEqualTo(new Verdict.Accepted(5));
    }

    @Test
    void theSameBytesAreUnchangedAndKeepTheirRevision() {
        Logs logs = born().add(put(1, KEY, "1", 0L));
        assertThat(logs.add(put(2, KEY, "1", 3L)).last()).isEqualTo(new Verdict.Unchanged(3));
        assertThat(logs.add(put(3, KEY, "2", 3L)).last()).isEqualTo(new Verdict.Accepted(5));
    }

    @Test
    void aRepeatedOrOlderSequenceIsADuplicateWhateverBecameOfTheFirst() {
        Logs logs = born().add(put(5, KEY, "1", 77L));
        assertThat(logs.add(put(5, KEY, "1", 0L)).last()).isEqualTo(new Verdict.Duplicate());
        assertThat(logs.add(put(4, KEY, "1", 0L)).last()).isEqualTo(new Verdict.Duplicate());
        assertThat(logs.add(put(9, KEY, "1", 0L)).last()).isEqualTo(new Verdict.Accepted(6));
    }

    @Test
    void aNewEpochFencesTheOlderOneAndStartsItsOwnSequence() {
        Logs logs = born().add(put(7, KEY, "1", 0L)).add(hello("w", 2));
        assertThat(logs.add(put(8, KEY, "2", 3L)).last()).isEqualTo(new Verdict.Fenced());
        Change newer = put(1, KEY, "2", 3L);
        newer.setWriterEpoch(2L);
        assertThat(logs.add(newer).last()).isEqualTo(new Verdict.Accepted(6));
        assertThat(logs.add(hello("w", 2)).last()).isEqualTo(new Verdict.Fenced());
        Change unannounced = put(2, KEY, "2", 3L);
        unannounced.setWriterEpoch(3L);
        assertThat(logs.add(unannounced).last()).isEqualTo(new Verdict.Fenced());
        Change stranger = put(1, KEY, "2", 3L);
        stranger.setWriter("stranger");
        assertThat(logs.add(stranger).last()).isEqualTo(new Verdict.Fenced());
    }

    @Test
    void anAppendAfterTheDeadlineIsLateAndUsesUpItsSequence() {
        Logs logs = born();
        Change late = put(1, KEY, "1", 0L);
        late.setDeadline(logs.time() + 9);
        assertThat(logs.add(late).last()).isEqualTo(new Verdict.Late());
        assertThat(logs.add(put(1, KEY, "1", 0L)).last()).isEqualTo(new Verdict.Duplicate());
        Change justInTime = put(2, KEY, "1", 0L);
        justInTime.setDeadline(logs.time() + 10);
        assertThat(logs.add(justInTime).last()).isEqualTo(new Verdict.Accepted(5));
    }

    @Test
    void removingWhatDoesNotExistIsAConflict() {
        assertThat(born().add(remove(1, KEY, null)).last()).isEqualTo(new Verdict.Conflict(A, -1, 0));
        assertThat(born().add(remove(1, KEY, 9L)).last()).isEqualTo(new Verdict.Conflict(A, 9, 0));
        Logs logs = born().add(put(1, KEY, "1", 0L));
        assertThat(logs.add(remove(2, KEY, 3L)).last()).isEqualTo(new Verdict.Accepted(4));
        assertThat(logs.add(put(3, KEY, "1", 0L)).last()).isEqualTo(new Verdict.Accepted(5));
    }

    @Test
    void malformedRecordsArePoisonAndChangeNothing() {
        assertThat(born().raw("x", new byte[]{1}, new Content.Undecodable("?")).last())
                .isInstanceOf(Verdict.Poison.class);
        assertThat(born().add(Checkpoint.newBuilder().setLog("registry").setIncarnation("").setOffset(0)
                .setChainHash(ByteBuffer.allocate(0)).setStateDigest(ByteBuffer.allocate(0)).setWriter("")
                .setTimestamp(0).build()).last()).isInstanceOf(Verdict.Poison.class);
        Logs wrongKey = born();
        Change change = put(1, KEY, "1", 0L);
        wrongKey.raw(OTHER, wrongKey.codec.encode("registry", change), new Content.Known(change));
        assertThat(wrongKey.last()).isInstanceOf(Verdict.Poison.class);
        for (String object : List.of("", "[]", "{\"kind\":\"X\"}", "{\"apiVersion\":\"v1\"}")) {
            Change bad = put(1, KEY, "1", 0L);
            bad.setObject(ByteBuffer.wrap(object.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            assertThat(born().add(bad).last()).as(object).isInstanceOf(Verdict.Poison.class);
        }
        assertThat(born().add(put(0, KEY, "1", 0L)).last()).isInstanceOf(Verdict.Poison.class);
        assertThat(born().add(put(1, KEY, "1", -1L)).last()).isInstanceOf(Verdict.Poison.class);
        assertThat(born().add(remove(1, KEY, 0L)).last()).isInstanceOf(Verdict.Poison.class);
    }

    @Test
    void aBarrierIsAcceptedAndChangesNoState() {
        Logs logs = born().add(put(1, KEY, "1", 0L));
        byte[] before = digest(logs);
        assertThat(logs.add(new Barrier("anyone", 99L, 1L)).last()).isEqualTo(new Verdict.Accepted(4));
        assertThat(digest(logs)).isEqualTo(before);
    }

    @Test
    void theDigestOfAnEmptiedStateIsThatOfAnEmptyOne() {
        Logs logs = born().add(put(1, KEY, "1", 0L)).add(put(2, KEY, "2", 3L)).add(remove(3, KEY, 4L));
        assertThat(digest(logs)).isEqualTo(new byte[StateDigest.LENGTH]);
    }

    @Test
    void logicalTimeNeverGoesBack() {
        Replay replay = new Replay(LogState.empty("registry"));
        Logs logs = born();
        new MemoryView().replay(replay, logs.entries);
        LogEntry last = logs.entries.getLast();
        replay.apply(new LogEntry(last.offset() + 3, 1, last.key(), last.value(), last.content()), new MemoryView());
        assertThat(replay.state().logicalTime()).isEqualTo(last.appendTime());
        assertThat(replay.state().position()).isEqualTo(last.offset() + 4);
    }

    private static byte[] digest(Logs logs) {
        Replay replay = new Replay(LogState.empty("registry"));
        new MemoryView().replay(replay, logs.entries);
        return replay.state().stateDigest();
    }
}
