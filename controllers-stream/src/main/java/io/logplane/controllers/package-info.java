/// The controllers of Logplane: a Kafka Streams application from `state` to `commands`.
///
/// Here: the list of controllers, the configuration, starting and closing. Not here: what a controller is (core), the
/// controllers (workload, cluster, node, network), Kafka (stream).
/// Read first: [io.logplane.controllers.Controllers], then [io.logplane.controllers.core.Controller].
/// Threads: one stream thread runs every controller.
@NullMarked
package io.logplane.controllers;

import org.jspecify.annotations.NullMarked;
