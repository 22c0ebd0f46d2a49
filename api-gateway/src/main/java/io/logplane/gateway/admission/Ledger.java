package io.logplane.gateway.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.state.Proposal;
import java.util.List;
import java.util.OptionalLong;

/// Writes of admission itself: accounts that must be right before the object they account for is written.
///
/// Thread: any; blocks until the write is replayed.
public interface Ledger {

    /// Empty: somebody was faster. Shape: `expected` 0 for a create; the answer is the revision written.
    OptionalLong write(ObjectKey key, ObjectNode object, long expected, List<Proposal.Read> reads);

    /// Makes the key's revision newer than everything before; gives the new one.
    long bump(ObjectKey key);

    /// The revision of a key as this gateway has it; 0: not there.
    long revision(ObjectKey key);

    void remove(ObjectKey key);
}
