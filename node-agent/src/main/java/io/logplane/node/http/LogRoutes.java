package io.logplane.node.http;

import static io.logplane.node.http.KubeletServer.parameter;

import io.javalin.http.Context;
import io.logplane.node.core.Container;
import io.logplane.node.core.Pod;
import io.logplane.node.core.PodObserved;
import io.logplane.node.core.PodRef;
import io.logplane.node.core.PodRuntime;
import io.logplane.node.core.PodStorage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;

/// `GET /containerLogs/<namespace>/<pod>/<container>`, with upstream's query: follow, previous, tailLines,
/// sinceSeconds, sinceTime, timestamps, limitBytes, stream.
///
/// Errors: 400 for a query that cannot be read or a container that has no log yet, 404 for a pod or container this
/// node does not run; the body is one sentence.
/// Limits: a follower asks the runtime once a second whether the container still runs.
public final class LogRoutes {
    private static final int BAD = 400;
    private static final int NOT_FOUND = 404;
    private static final long ASK_NANOS = 1_000_000_000L;

    private final BiFunction<String, String, Optional<Pod>> pods;
    private final PodRuntime runtime;
    private final PodStorage storage;
    private final InstantSource clock;

    /// `pods` finds a pod by namespace and name.
    public LogRoutes(BiFunction<String, String, Optional<Pod>> pods, PodRuntime runtime, PodStorage storage,
            InstantSource clock) {
        this.pods = pods;
        this.runtime = runtime;
        this.storage = storage;
        this.clock = clock;
    }

    void get(Context http) throws IOException, InterruptedException {
        String namespace = http.pathParam("namespace");
        String name = http.pathParam("pod");
        String container = http.pathParam("container");
        Optional<Pod> pod = pods.apply(namespace, name);
        if (pod.isEmpty()) {
            http.status(NOT_FOUND).result("pod " + name + "_" + namespace + " does not exist on this node");
            return;
        }
        if (pod.get().member(container).isEmpty()) {
            http.status(NOT_FOUND).result("container " + container + " not found in pod " + name + "_" + namespace);
            return;
        }
        LogStream.Options options;
        try {
            options = options(http);
        } catch (IllegalArgumentException | DateTimeParseException bad) {
            http.status(BAD).result("invalid log options: " + bad.getMessage());
            return;
        }
        boolean previous = parameter(http, "previous").map(Boolean::parseBoolean).orElse(false);
        PodRef ref = pod.get().ref();
        Optional<Container> found = find(runtime.observe(ref), container, previous);
        Optional<Path> file = found.map(c -> file(ref, c)).filter(Files::exists);
        if (found.isEmpty() || file.isEmpty()) {
            http.status(BAD).result(previous
                    ? "previous terminated container \"" + container + "\" in pod \"" + name + "\" not found"
                    : "container \"" + container + "\" in pod \"" + name
                            + "\" is waiting to start: ContainerCreating");
            return;
        }
        http.contentType("text/plain; charset=utf-8");
        // Straight to the servlet's stream: Javalin's own never flushes.
        OutputStream out = http.res().getOutputStream();
        http.res().flushBuffer();
        new LogStream(file.get(), options, out, new Ended(ref, found.get().id())).run();
    }

    private Path file(PodRef pod, Container container) {
        return Path.of(storage.logDirectory(pod), container.name(), container.attempt() + ".log");
    }

    private static Optional<Container> find(PodObserved observed, String name, boolean previous) {
        Optional<Container> newest = observed.newest(name);
        return previous ? newest.flatMap(observed::previous) : newest;
    }

    /// Asks the runtime at most once a second, for one follower.
    private final class Ended implements java.util.function.BooleanSupplier {
        private final PodRef pod;
        private final String id;
        private long askAt = System.nanoTime();
        private boolean over;

        Ended(PodRef pod, String id) {
            this.pod = pod;
            this.id = id;
        }

        @Override
        public boolean getAsBoolean() {
            if (!over && System.nanoTime() >= askAt) {
                askAt = System.nanoTime() + ASK_NANOS;
                over = runtime.observe(pod).containers().stream().noneMatch(c -> c.id().equals(id) && c.running());
            }
            return over;
        }
    }

    private LogStream.Options options(Context http) {
        Optional<Instant> since = parameter(http, "sinceTime").map(Instant::parse);
        Optional<Long> seconds = parameter(http, "sinceSeconds").map(Long::parseLong);
        return new LogStream.Options(parameter(http, "follow").map(Boolean::parseBoolean).orElse(false),
                parameter(http, "timestamps").map(Boolean::parseBoolean).orElse(false), number(http, "tailLines"),
                number(http, "limitBytes"),
                since.or(() -> seconds.map(s -> clock.instant().minusSeconds(s))),
                parameter(http, "stream").orElse("All"));
    }

    private static OptionalLong number(Context http, String name) {
        Optional<Long> value = parameter(http, name).map(Long::parseLong);
        if (value.isPresent() && value.get() < 0) {
            throw new IllegalArgumentException(name + " must not be negative");
        }
        return value.map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }
}
