package io.logplane.state;

import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.topics.Topic;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;

/// A gateway's one door to the registry logs and to the state they replay to.
///
/// Every key belongs to one log (see Topics.logOf); positions and revisions are per log. Blocking calls are meant for
/// virtual
/// threads. Thread: any.
public interface Registry extends AutoCloseable {

    /// Appends and waits until this process has replayed the record itself: the verdict is never a guess.
    ///
    /// Errors: [LogUnavailable] when the broker does not answer within the proposal's deadline.
    Verdict append(Proposal proposal) throws InterruptedException;

    /// True when the same object, written again, would be stored in another form: its key of encryption has changed.
    default boolean wouldRewrite(ObjectKey key) {
        return false;
    }

    /// Waits until everything acknowledged anywhere before this call has been replayed here; gives the revision then
    /// reached.
    /// All callers waiting at one moment share one barrier record.
    ///
    /// Errors: [LogUnavailable].
    long barrier(Topic log, Duration patience) throws InterruptedException;

    /// Waits until `revision` has been replayed; false when it has not within `patience`.
    boolean awaitRevision(Topic log, long revision, Duration patience) throws InterruptedException;

    /// Everything up to this revision has been replayed here (the position minus one; refused changes count).
    long revision(Topic log);

    /// Oldest revision at which reads, and after which watches, can still be answered.
    long oldestRevision(Topic log);

    /// Newest state.
    Optional<StoredObject> get(ObjectKey key);

    /// State as of a revision. Errors: [RevisionGone].
    Optional<StoredObject> get(ObjectKey key, long revision);

    /// Objects whose key starts with `prefix`, as of `revision`, in key order, from `startKey` on (inclusive; empty
    /// text: from the
    /// first). The iterator reads a consistent snapshot and must be closed. Errors: [RevisionGone].
    Scan scan(String prefix, long revision, String startKey);

    /// Objects of one owner uid in one namespace-or-cluster, newest state: the owner index.
    Scan ownedBy(String ownerUid);

    /// Pods whose spec.nodeName is `node`, newest state: the node index.
    Scan podsOnNode(String node);

    /// Changes with a revision after `afterRevision`. Errors: [RevisionGone].
    Watch watch(String prefix, long afterRevision);

    /// How many live objects start with `prefix` (exact for a whole resource or resource and namespace).
    long count(String prefix);

    /// Empty: ready to serve. Otherwise why not, in one sentence (replaying, log unreachable, identity mismatch).
    Optional<String> notReady();

    @Override
    void close();

    /// An iterator over a RocksDB snapshot.
    interface Scan extends Iterator<StoredObject>, AutoCloseable {

        /// Hands over what is left as bytes: for long lists, which need neither keys nor a copy of each object.
        default <E extends Exception> void drain(JsonSink<E> sink) throws E {
            while (hasNext()) {
                StoredObject object = next();
                sink.json(object.revision(), object.json(), 0, object.json().length);
            }
        }

        @Override
        void close();
    }

    /// Takes the canonical JSON of one object. Shape: the bytes `from` (inclusive) to `to` (exclusive) of a buffer that
    /// is used again after the call.
    interface JsonSink<E extends Exception> {
        void json(long revision, byte[] buffer, int from, int to) throws E;
    }
}
