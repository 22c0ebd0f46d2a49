package io.logplane.launcher;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalInt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What `logplane up` hands over.
@Command(name = "control-plane", description = "Runs broker, registry, gateway and stream processors in this process.")
public final class Options {
    @Option(names = "--data", required = true, description = "data directory")
    private Path data = Path.of(".");
    @Option(names = "--port", description = "port of the Kubernetes API; that of the last start by default, else 6443")
    private int port;
    @Option(names = "--hollow-nodes", description = "simulated nodes to run (default ${DEFAULT-VALUE})")
    private int hollowNodes;
    @Option(names = "--containers", arity = "1", description = "whether a real node joins (default ${DEFAULT-VALUE})")
    private boolean containers = true;
    @Option(names = "--node-name", description = "name of the real node; the host name by default")
    private String nodeName = "";
    @Mixin
    private IdentityOptions identity = new IdentityOptions();

    public IdentityOptions identity() {
        return identity;
    }

    @Mixin
    private AuditOptions audit = new AuditOptions();

    AuditOptions audit() {
        return audit;
    }

    public Path data() {
        return data;
    }

    public OptionalInt port() {
        return port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
    }

    public int hollowNodes() {
        return hollowNodes;
    }

    public boolean containers() {
        return containers;
    }

    /// Shape: a DNS-1123 name; the host's name in lower case with everything else turned to '-'.
    public String nodeName() {
        if (!nodeName.isEmpty()) {
            return nodeName;
        }
        try {
            String host = InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT)
                    .replaceAll("[^a-z0-9.-]", "-")
                    .replaceAll("^[-.]+|[-.]+$", "");
            return host.isEmpty() ? "node-1" : host;
        } catch (UnknownHostException unnamed) {
            return "node-1";
        }
    }
}
