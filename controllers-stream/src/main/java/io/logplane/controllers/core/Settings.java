package io.logplane.controllers.core;

import java.time.Duration;

/// What an administrator may set, the same for all controllers.
///
/// Shape: `rootCaPem` is published in every namespace. Units: durations.
/// Source: kube-controller-manager flags.
public record Settings(String rootCaPem, Duration nodeMonitorGrace, Duration nodeStartupGrace) {
    /// How long a node may be silent before it counts as Unknown: four renewals of a 10 s lease.
    public static final Duration NODE_MONITOR_GRACE = Duration.ofSeconds(40);
    /// The same for a node that has never reported.
    public static final Duration NODE_STARTUP_GRACE = Duration.ofSeconds(60);

    public static Settings defaults(String rootCaPem) {
        return new Settings(rootCaPem, NODE_MONITOR_GRACE, NODE_STARTUP_GRACE);
    }
}
