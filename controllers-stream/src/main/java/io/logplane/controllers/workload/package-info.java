/// Workload controllers: Deployment and ReplicaSet.
///
/// Here: pure functions from state to plans. Not here: who calls them (stream).
/// Read first: [io.logplane.controllers.workload.ReplicaSetController], then DeploymentController.
/// Threads: any; nothing is held.
@NullMarked
package io.logplane.controllers.workload;

import org.jspecify.annotations.NullMarked;
