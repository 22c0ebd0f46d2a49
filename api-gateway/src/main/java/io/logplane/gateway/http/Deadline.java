package io.logplane.gateway.http;

import io.logplane.extension.cel.GoDuration;
import io.logplane.gateway.request.Query;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.RequestInfo;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// When the answer to a request is due: its query parameter `timeout`, at most [#LONGEST] after it came.
///
/// Watches and streams have none; how long a watch lasts, `timeoutSeconds` says.
/// Thread: any. Source: k8s.io/apiserver/pkg/endpoints/filters/request_deadline.go.
record Deadline(Optional<Instant> due) {
    static final Deadline NONE = new Deadline(Optional.empty());
    /// kube-apiserver's default of `--request-timeout`.
    static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Set<String> LONG_SUBRESOURCES = Set.of("attach", "exec", "proxy", "log", "portforward");

    /// Something that blocks on a client.
    interface Reading<T> {
        T run() throws IOException;
    }

    /// Errors: 400 for what is no duration. Nothing and less than nothing mean as long as there is.
    static Deadline of(RequestInfo info, Query query, Instant received) {
        if (lasting(info)) {
            return NONE;
        }
        String text = query.first("timeout");
        Duration asked = text.isEmpty()
                ? LONGEST
                : GoDuration.parse(text).orElseThrow(() -> Refusals.badRequest(
                        "invalid timeout specified in the request URL - " + GoDuration.problem(text)));
        boolean shorter = asked.isPositive() && asked.compareTo(LONGEST) < 0;
        return new Deadline(Optional.of(received.plus(shorter ? asked : LONGEST)));
    }

    boolean over(Instant now) {
        return due.isPresent() && due.get().isBefore(now);
    }

    /// Answers as long as somebody listens.
    static boolean lasting(RequestInfo info) {
        return info.verb().equals("watch") || info.resourceRequest() && LONG_SUBRESOURCES.contains(info.subresource());
    }

    /// Reads from the client until the answer is due. Errors: 504 when it is due before all has been read.
    <T> T within(Instant now, Reading<T> reading) throws IOException {
        if (due.isEmpty()) {
            return reading.run();
        }
        Alarm alarm = new Alarm(Thread.currentThread());
        CompletableFuture<Boolean> read = new CompletableFuture<>();
        var unused = read.orTimeout(Math.max(1, Duration.between(now, due.get()).toMillis()), TimeUnit.MILLISECONDS)
                .whenComplete((whole, late) -> {
                    if (late != null) {
                        alarm.ring();
                    }
                });
        try {
            T body = reading.run();
            if (alarm.off()) {
                throw Refusals.late();
            }
            return body;
        } catch (IOException broken) {
            if (alarm.off()) {
                throw Refusals.late();
            }
            throw broken;
        } finally {
            boolean cleared = alarm.off();
            read.complete(!cleared);
        }
    }

    /// Interrupts one thread, never after it has been switched off.
    private static final class Alarm {
        private final Thread thread;
        private boolean off;
        private boolean rang;

        Alarm(Thread thread) {
            this.thread = thread;
        }

        synchronized void ring() {
            if (!off) {
                rang = true;
                thread.interrupt();
            }
        }

        /// True: it rang. What it left behind is cleared.
        synchronized boolean off() {
            off = true;
            if (rang) {
                boolean unused = Thread.interrupted();
            }
            return rang;
        }
    }
}
