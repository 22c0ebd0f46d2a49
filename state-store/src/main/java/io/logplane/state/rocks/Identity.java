package io.logplane.state.rocks;

import java.util.Arrays;
import java.util.Optional;

/// Which Kafka log a store was replayed from, besides what [io.logplane.state.core.LogState] says.
///
/// Shape: `leaderEpoch` is that of the last record (-1: unknown); `lastRecord` the SHA-256 of its key, value and time
/// (empty: no
/// record yet), which shows at the next start whether the end of the log was replaced.
public record Identity(String clusterId, String topicId, int leaderEpoch, byte[] lastRecord) {

    /// Why a store of this identity must not be used with that log, in one sentence; empty: it may.
    public Optional<String> refuses(String log, String otherClusterId, String otherTopicId) {
        if (!clusterId.equals(otherClusterId)) {
            return Optional.of("the local state of " + log + " was replayed from Kafka cluster " + clusterId
                    + ", this is cluster " + otherClusterId);
        }
        if (!topicId.equals(otherTopicId)) {
            return Optional.of("the local state of " + log + " was replayed from topic id " + topicId
                    + ", the topic now has id " + otherTopicId + ": it was deleted and created again");
        }
        return Optional.empty();
    }

    public Identity at(int newLeaderEpoch, byte[] newLastRecord) {
        return new Identity(clusterId, topicId, newLeaderEpoch, newLastRecord);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Identity that && clusterId.equals(that.clusterId) && topicId.equals(that.topicId)
                && leaderEpoch == that.leaderEpoch && Arrays.equals(lastRecord, that.lastRecord);
    }

    @Override
    public int hashCode() {
        return topicId.hashCode() * 31 + leaderEpoch;
    }
}
