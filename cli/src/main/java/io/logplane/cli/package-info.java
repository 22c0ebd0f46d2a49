/// The command line tools that read the registry log straight from Kafka: `log`, `history`, `verify`.
///
/// Here: parsing of options, the connection, printing. Not here: what is printed (`core`).
/// Read first: [io.logplane.cli.Logplane]. Threads: main only.
@NullMarked
package io.logplane.cli;

import org.jspecify.annotations.NullMarked;
