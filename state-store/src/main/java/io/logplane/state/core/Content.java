package io.logplane.state.core;

import org.apache.avro.specific.SpecificRecord;

/// What a record's value says, after decoding.
public sealed interface Content {

    /// One of the classes generated in `schemas`.
    record Known(SpecificRecord value) implements Content {
    }

    /// The bytes will never be a record of ours; `why` is for people and takes no part in any hash.
    record Undecodable(String why) implements Content {
    }
}
