package io.logplane.gateway;

import io.logplane.gateway.fairness.FlowControl;
import io.logplane.gateway.fairness.FlowDefaults;
import io.logplane.gateway.http.RequestMetrics;
import io.logplane.gateway.read.StateFeed;
import io.logplane.gateway.write.Pipeline;
import io.logplane.state.Registry;

/// Priority and fairness of a gateway: its configuration follows the state, and the state gets the first one.
record FlowModule(FlowControl control, StateFeed feed, FlowKeeper keeper) implements AutoCloseable {

    /// Returns when the configuration is the cluster's.
    static FlowModule start(Registry registry, Pipeline pipeline, RequestMetrics metrics) throws InterruptedException {
        FlowControl control = new FlowControl(FlowControl.SEATS, FlowDefaults.all(), metrics.registry());
        StateFeed feed = new StateFeed(registry, FlowControl.GROUP, FlowControl.RESOURCES, control);
        feed.start();
        FlowKeeper keeper = new FlowKeeper(control, registry, pipeline);
        keeper.start();
        return new FlowModule(control, feed, keeper);
    }

    @Override
    public void close() {
        keeper.close();
        feed.close();
    }
}
