package io.logplane.launcher;

import io.logplane.broker.BrokerStartFailed;
import io.logplane.gateway.identity.SettingsInvalid;
import io.logplane.state.Registry;
import java.nio.channels.FileLock;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/// The control plane process: parse, check, start in order, wait, stop in order.
///
/// Exit codes: 0 stopped as asked, 1 a fault (the supervisor starts it again), 3 a person must act.
/// Thread: main starts; the shutdown hook stops.
public final class ControlPlane {
    private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);
    private static final int MUST_ACT = 3;

    private ControlPlane() {
    }

    public static void main(String[] arguments) {
        Options options = new Options();
        new CommandLine(options).parseArgs(arguments);
        Progress progress = new Progress(options.data().resolve("run/progress"));
        try {
            run(options, progress);
        } catch (CannotStart | BrokerStartFailed | SettingsInvalid sentence) {
            LOG.error("cannot start: {}", sentence.getMessage());
            progress.failed(String.valueOf(sentence.getMessage()));
            Runtime.getRuntime().halt(MUST_ACT);
        } catch (Exception fault) {
            LOG.error("the control plane stopped on a fault", fault);
            Runtime.getRuntime().halt(1);
        }
    }

    private static void run(Options options, Progress progress) throws Exception {
        DataDirectory data = DataDirectory.open(options.data());
        FileLock lock = data.lock();
        Ports ports = new Ports(options.port().orElse(data.apiPort().orElse(Ports.DEFAULT_API)));
        ports.requireFree();
        Plane plane = new Plane(data, ports, progress);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            plane.close();
            stopped.countDown();
        }, "shutdown"));
        Registry registry = plane.registry();
        data.record(ports, plane.clusterId());
        Serving.start(plane, registry, options, progress);
        stopped.await();
        lock.close();
    }
}
