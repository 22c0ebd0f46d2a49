/// The state: what replaying a prefix of the registry logs gives, kept in RocksDB, and the door through which gateways
/// append to the logs and read from it.
///
/// Hard state is the log. Soft state, rebuilt at any time, is RocksDB. A write may look at anything but is decided
/// only by
/// replay; a read sees only what has been replayed. One platform thread per log replays; everything else may be
/// called from
/// any thread.
/// Read first: [io.logplane.state.Registry], then the replay core in `io.logplane.state.core`.
@NullMarked
package io.logplane.state;

import org.jspecify.annotations.NullMarked;
