/// Upgraded connections passed on: what exec, attach, port-forward and proxies need, at the gateway and at the node.
///
/// Here: the handshake with the server behind ([Backend]), the answer to the client ([Upgrades]) and the bytes between
/// them ([Tunnel]); messages of a WebSocket that this server writes itself ([WebSocketOut]). Not here: who may, and
/// where to: that is the caller's. SPDY and WebSocket frames of others are not read, so
/// whatever the two ends agree on works.
/// Read first: [Upgrades]. Threads: two virtual ones for each tunnel.
@NullMarked
package io.logplane.streaming;

import org.jspecify.annotations.NullMarked;
