/// Upgraded connections passed on: what exec, attach, port-forward and proxies need, at the gateway and at the node.
///
/// Here: the handshake with the server behind ([Backend]), the answer to the client ([Upgrades]) and what goes between
/// them ([Tunnel]): bytes, unread, or a WebSocket translated to SPDY ([Translation], [RemoteCommand]); messages of a
/// WebSocket that this server writes itself ([WebSocketOut]). Not here: who may, and where to: that is the caller's.
/// Read first: [Upgrades]. Threads: two virtual ones for each tunnel.
@NullMarked
package io.logplane.streaming;

import org.jspecify.annotations.NullMarked;
