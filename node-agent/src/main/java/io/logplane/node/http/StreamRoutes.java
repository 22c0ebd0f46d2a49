package io.logplane.node.http;

import static io.logplane.node.http.KubeletServer.parameter;

import io.javalin.http.Context;
import io.logplane.node.core.Container;
import io.logplane.node.core.Pod;
import io.logplane.node.core.PodObserved;
import io.logplane.node.core.PodRuntime;
import io.logplane.node.core.Sandbox;
import io.logplane.streaming.Backend;
import io.logplane.streaming.TunnelListener;
import io.logplane.streaming.Upgrades;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/// `/exec/<namespace>/<pod>/<container>`, `/attach/…` and `/portForward/<namespace>/<pod>`: the runtime says where its
/// own streaming server takes them, and the upgraded connection is passed on to it.
///
/// Shape: upstream's query: `command`, `input`, `output`, `error`, `tty`, `port`. Errors: 400 without an upgrade or a
/// stream, 404 for a pod or container that does not run here, 500 with the runtime's sentence.
/// Source: kubernetes/pkg/kubelet/server.
public final class StreamRoutes {
    private static final int BAD = 400;
    private static final int NOT_FOUND = 404;
    private static final int FAILED = 500;
    private static final int MAX_PORT = 65_535;

    private final BiFunction<String, String, Optional<Pod>> pods;
    private final PodRuntime runtime;

    /// `pods` finds a pod by namespace and name.
    public StreamRoutes(BiFunction<String, String, Optional<Pod>> pods, PodRuntime runtime) {
        this.pods = pods;
        this.runtime = runtime;
    }

    void exec(Context http) throws IOException {
        List<String> command = http.queryParams("command");
        if (command.isEmpty()) {
            http.status(BAD).result("you must specify at least 1 command for the exec");
            return;
        }
        container(http, (id, streams) -> runtime.execAt(id, command, streams));
    }

    void attach(Context http) throws IOException {
        container(http, runtime::attachAt);
    }

    void portForward(Context http) throws IOException {
        Optional<PodObserved> observed = observed(http);
        Optional<Sandbox> sandbox = observed.flatMap(PodObserved::readySandbox);
        if (observed.isEmpty() || sandbox.isEmpty()) {
            http.status(NOT_FOUND).result("pod " + http.pathParam("pod") + "_" + http.pathParam("namespace")
                    + " does not run on this node");
            return;
        }
        if (upgradeAsked(http)) {
            Optional<List<Integer>> ports = ports(http);
            if (ports.isPresent()) {
                pass(http, runtime.portForwardAt(sandbox.get().id(), ports.get()));
            }
        }
    }

    /// SPDY names the port of each of its streams; WebSocket has a stream per port of the query. Empty: refused.
    private static Optional<List<Integer>> ports(Context http) {
        if (!"websocket".equalsIgnoreCase(http.header("Upgrade"))) {
            return Optional.of(List.of());
        }
        List<String> asked = http.queryParams("port").stream().flatMap(p -> Stream.of(p.split(",", -1))).toList();
        if (asked.isEmpty()) {
            http.status(BAD).result("query parameter \"port\" is required");
            return Optional.empty();
        }
        Optional<String> wrong = asked.stream()
                .filter(p -> !p.matches("[1-9][0-9]{0,4}") || Integer.parseInt(p) > MAX_PORT).findFirst();
        wrong.ifPresent(p -> http.status(BAD).result("unable to parse \"" + p + "\" as a port"));
        return wrong.isPresent() ? Optional.empty() : Optional.of(asked.stream().map(Integer::valueOf).toList());
    }

    private interface Place {
        URI of(String id, PodRuntime.Streams streams);
    }

    private void container(Context http, Place place) throws IOException {
        String name = http.pathParam("container");
        Optional<Container> running = observed(http).flatMap(o -> o.newest(name)).filter(Container::running);
        if (running.isEmpty()) {
            http.status(NOT_FOUND).result("container not found (\"" + name + "\")");
            return;
        }
        PodRuntime.Streams streams = new PodRuntime.Streams(on(http, "input"), on(http, "output"), on(http, "error")
                && !on(http, "tty"), on(http, "tty"));
        if (!streams.stdin() && !streams.stdout() && !streams.stderr()) {
            http.status(BAD).result("you must specify at least 1 of stdin, stdout, stderr");
            return;
        }
        if (upgradeAsked(http)) {
            pass(http, place.of(running.get().id(), streams));
        }
    }

    private Optional<PodObserved> observed(Context http) {
        return pods.apply(http.pathParam("namespace"), http.pathParam("pod")).map(pod -> runtime.observe(pod.ref()));
    }

    private static boolean upgradeAsked(Context http) {
        boolean asked = Upgrades.asked(http.req());
        if (!asked) {
            http.status(BAD).result("Upgrade request required");
        }
        return asked;
    }

    private static boolean on(Context http, String name) {
        return parameter(http, name).filter(value -> value.equals("1") || value.equals("true")).isPresent();
    }

    private static void pass(Context http, URI to) throws IOException {
        Backend backend;
        try {
            backend = Backend.ask(to, Optional.empty(), http.req().getMethod(), Upgrades.handshake(http.req()));
        } catch (IOException away) {
            http.status(FAILED).result("the container runtime's streaming server does not answer: " + away
                    .getMessage());
            return;
        }
        if (backend.upgraded()) {
            Upgrades.pass(http.req(), http.res(), backend, TunnelListener.NONE);
        } else {
            http.status(backend.status()).result(backend.refusal());
        }
    }
}
