package io.logplane.node.agent;

import io.logplane.node.core.Pod;
import io.logplane.node.kafka.BindingsFeed;
import java.util.Optional;

/// Hands the bindings of one node to its pods. Errors: IllegalArgumentException for a pod that is no JSON object.
public record PodBindings(PodLoop loop) implements BindingsFeed.Listener {

    @Override
    public void binding(String namespace, String name, Optional<byte[]> pod) {
        loop.desired(namespace, name, pod.map(Pod::parse));
    }

    @Override
    public void caughtUp() {
        loop.onCaughtUp();
    }
}
