package io.logplane.scheduler.core;

/// A port of the node that a pod takes; the address `0.0.0.0` takes it on every address.
public record HostPort(String address, String protocol, int port) {
    public static final String ANY = "0.0.0.0";

    public boolean clashesWith(HostPort other) {
        return port == other.port && protocol.equals(other.protocol)
                && (address.equals(ANY) || other.address.equals(ANY) || address.equals(other.address));
    }
}
