package io.logplane.state.core;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// Everything replay remembers besides the objects: an immutable picture taken between two records.
///
/// Shape: `incarnation` is empty before the genesis record; `position` is the offset of the next record to replay;
/// `logicalTime` is the largest LogAppendTime so far; `assumedBelow` is 0 for an exact replay, else the revision up
/// to which this
/// replayer has not seen the log (see [#adopted]).
/// Units: times in milliseconds since 1970; `revision = base + offset + 1`.
public record LogState(String log, String incarnation, long base, int featureLevel, long position, long logicalTime,
        byte[] chainHash, byte[] stateDigest, SortedMap<String, WriterPosition> writers, long assumedBelow) {

    public LogState {
        writers = Collections.unmodifiableSortedMap(new TreeMap<>(writers));
    }

    /// Before the first record.
    public static LogState empty(String log) {
        return new LogState(log, "", 0, 0, 0, 0, new byte[StateDigest.LENGTH], new byte[StateDigest.LENGTH],
                new TreeMap<>(), 0);
    }

    /// For a log whose head is past retention and whose state was never published: preconditions on revisions that
    /// nobody can look up any more are taken as held, and unknown writers as announced. Only Events and Leases are
    /// ever read so.
    public static LogState adopted(String log, String incarnation, long base, long startOffset) {
        return new LogState(log, incarnation, base, Replay.NEWEST_LEVEL, startOffset, 0, new byte[StateDigest.LENGTH],
                new byte[StateDigest.LENGTH], new TreeMap<>(), base + startOffset);
    }

    /// Everything up to this revision has been replayed; 0 before the first record of the first incarnation.
    public long revision() {
        return base + position;
    }

    public boolean born() {
        return !incarnation.isEmpty();
    }
}
