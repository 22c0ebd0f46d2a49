package io.logplane.controllers;

import io.logplane.controllers.stream.RunningStreams;

/// Starts and stops the controllers. Recovers by itself from a lost broker and from its own exceptions.
/// Thread: any.
public final class ControllersStream implements AutoCloseable {
    private final RunningStreams streams;

    private ControllersStream(RunningStreams streams) {
        this.streams = streams;
    }

    /// Returns at once; acts as soon as it has caught up with `state`. Errors: a KafkaException for settings that
    /// cannot work.
    public static ControllersStream start(ControllersConfig config) {
        return new ControllersStream(RunningStreams.start(config));
    }

    /// True while records are being processed.
    public boolean running() {
        return streams.running();
    }

    @Override
    public void close() {
        streams.close();
    }
}
