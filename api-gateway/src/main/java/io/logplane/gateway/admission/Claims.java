package io.logplane.gateway.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.ObjectKey;

/// Things of which there is one each (addresses, ports), claimed by writing an object whose key is the thing.
///
/// The log decides: of two claims of one key, one is refused. Thread: any; blocks until the claim is replayed.
public interface Claims {

    /// False: somebody has it. Shape: `object` without metadata; the claim's name is the key's.
    boolean claim(ObjectKey key, String kind, String apiVersion, ObjectNode object);

    /// True: nobody has it, as far as this gateway knows.
    boolean free(ObjectKey key);

    /// Gives it back; nothing happens when nobody has it.
    void release(ObjectKey key);
}
