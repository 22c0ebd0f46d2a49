package io.logplane.node.core;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// What the agent needs of a container runtime; the border between decisions and containers.
///
/// Everything but `runSandbox`, `createContainer` and `exec` is idempotent: stopping what is stopped or removing what
/// is gone is no error.
/// Thread: any; calls block, so they belong on virtual threads.
/// Errors: [RuntimeFault].
public interface PodRuntime extends AutoCloseable {

    Version version();

    /// Everything this agent ever started and the runtime still holds, by pod.
    Map<PodRef, PodObserved> observeAll();

    PodObserved observe(PodRef pod);

    /// Gives the id of a sandbox that is ready.
    String runSandbox(SandboxSpec spec);

    void stopSandbox(String id);

    /// Removes its containers too.
    void removeSandbox(String id);

    /// The image's id and user when it is present.
    Optional<Image> image(String reference);

    List<Image> images();

    /// Gives the reference of what was pulled.
    String pullImage(String reference);

    /// Gives the id; the container does not run yet.
    String createContainer(String sandboxId, SandboxSpec sandbox, ContainerSpec container);

    void startContainer(String id);

    /// Sends the stop signal, waits at most `grace`, kills.
    void stopContainer(String id, Duration grace);

    void removeContainer(String id);

    ExecResult exec(String id, List<String> command, Duration timeout);

    /// Where a command started in a running container can be talked to. Shape: an address on this machine that takes an
    /// upgrade, good for one use.
    URI execAt(String id, List<String> command, Streams streams);

    /// Where the main process of a running container can be talked to; as [#execAt].
    URI attachAt(String id, Streams streams);

    /// Where ports of a sandbox can be reached; as [#execAt].
    URI portForwardAt(String sandboxId, List<Integer> ports);

    /// Calls `listener` whenever something of a pod may have changed by itself, from a thread of the runtime's.
    void onChange(Consumer<PodRef> listener);

    @Override
    void close();

    record Version(String name, String version) {
    }

    /// Shape: `user` is the image's user as written in its configuration ("" for root); `uid` when it is a number.
    record Image(String id, List<String> tags, List<String> digests, long bytes, String user, Optional<Long> uid) {
        public Image {
            tags = List.copyOf(tags);
            digests = List.copyOf(digests);
        }
    }

    /// Which streams of a process are wanted; with a terminal there is no stderr of its own.
    record Streams(boolean stdin, boolean stdout, boolean stderr, boolean tty) {
    }

    record ExecResult(int exitCode, String output) {
    }

    /// The runtime refused or could not be reached. Shape: `gone` true when what was asked for does not exist.
    final class RuntimeFault extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final boolean gone;

        public RuntimeFault(String message, boolean gone, Throwable cause) {
            super(message, cause);
            this.gone = gone;
        }

        public boolean gone() {
            return gone;
        }
    }
}
