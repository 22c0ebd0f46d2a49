/// What the command line prints: differences between versions, lines of the log, filters. Pure: values in, text out.
///
/// Not here: Kafka, files, the terminal. Read first: [io.logplane.cli.core.LogFilter],
/// [io.logplane.cli.core.JsonDifference].
/// Threads: none of its own.
@NullMarked
package io.logplane.cli.core;

import org.jspecify.annotations.NullMarked;
