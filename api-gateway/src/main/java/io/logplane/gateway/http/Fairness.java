package io.logplane.gateway.http;

import io.logplane.gateway.authn.User;
import io.logplane.gateway.fairness.FlowControl;
import io.logplane.gateway.request.RequestInfo;
import java.util.Optional;
import java.util.Set;

/// The gate of priority and fairness: a request has a seat while it is answered, a watch until it has caught up.
///
/// Streams to and from pods hold no seat, as upstream. Thread: that of the request.
/// Source: k8s.io/apiserver/pkg/server/filters/priority-and-fairness.go.
final class Fairness {
    static final String REFUSAL = "Too many requests, please try again later.\n";
    private static final Set<String> STREAMS = Set.of("attach", "exec", "proxy", "log", "portforward");
    /// Seats of a list: one for so many objects asked for.
    private static final int OBJECTS_A_SEAT = 100;
    /// Upstream's most for one request.
    private static final int MAX_WIDTH = 10;
    /// Of a list without a limit: nobody counts beforehand what it holds.
    private static final int UNLIMITED_WIDTH = 2;
    private static final Pass FREE = new Pass(Optional.empty());

    private final FlowControl flow;

    Fairness(FlowControl flow) {
        this.flow = flow;
    }

    /// Leave to go on. Closing gives the seat back.
    static final class Pass implements AutoCloseable {
        private final Optional<FlowControl.Seat> seat;

        private Pass(Optional<FlowControl.Seat> seat) {
            this.seat = seat;
        }

        boolean granted() {
            return seat.isEmpty() || seat.get().granted();
        }

        @Override
        public void close() {
            seat.ifPresent(FlowControl.Seat::close);
        }
    }

    /// Blocks while all seats of the request's level are taken. A refused pass has told the client when to come again.
    Pass enter(Exchange exchange, User user, RequestInfo info) {
        if (info.resourceRequest() && STREAMS.contains(info.subresource())) {
            return FREE;
        }
        Optional<FlowControl.Seat> seat = flow.enter(user, info, width(exchange, info));
        if (seat.isEmpty()) {
            return FREE;
        }
        exchange.response().setHeader("X-Kubernetes-PF-FlowSchema-UID", seat.get().schemaUid());
        exchange.response().setHeader("X-Kubernetes-PF-PriorityLevel-UID", seat.get().levelUid());
        Pass pass = new Pass(seat);
        if (!pass.granted()) {
            exchange.response().setHeader("Retry-After", Integer.toString(seat.get().retryAfter()));
        } else if (info.verb().equals("watch")) {
            exchange.whenSettled(pass::close);
        }
        return pass;
    }

    private static int width(Exchange exchange, RequestInfo info) {
        if (!info.verb().equals("list")) {
            return 1;
        }
        String limit = exchange.query().first("limit");
        if (limit.isEmpty() || limit.length() > 9 || !limit.chars().allMatch(c -> c >= '0' && c <= '9') || limit.equals(
                "0")) {
            return UNLIMITED_WIDTH;
        }
        return Math.clamp(Math.ceilDiv(Integer.parseInt(limit), OBJECTS_A_SEAT), 1, MAX_WIDTH);
    }
}
