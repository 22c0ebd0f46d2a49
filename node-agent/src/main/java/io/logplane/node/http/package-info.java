/// HTTP both ways: the client of the gateway and the kubelet API the gateway calls.
///
/// Here: requests, certificates, retries, the log endpoint. Not here: what is said (that is the core's or the agent's).
/// Read first: [io.logplane.node.http.GatewayClient], [io.logplane.node.http.KubeletServer]. Threads: callers block
/// on their own virtual threads; the server runs each request on one.
@NullMarked
package io.logplane.node.http;

import org.jspecify.annotations.NullMarked;
