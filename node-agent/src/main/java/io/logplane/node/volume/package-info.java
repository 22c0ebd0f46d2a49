/// A pod's files on the node: volumes, hosts file, last words of containers.
///
/// Here: making and removing directories below the agent's own, atomic updates of config volumes, safe sub-paths. Not
/// here: what the files hold ([io.logplane.node.core.VolumeFiles]).
/// Read first: [io.logplane.node.volume.PodFiles]. Threads: one pass per pod at a time; different pods at once.
@NullMarked
package io.logplane.node.volume;

import org.jspecify.annotations.NullMarked;
