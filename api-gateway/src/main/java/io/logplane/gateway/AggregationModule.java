package io.logplane.gateway;

import io.logplane.gateway.aggregation.ApiService;
import io.logplane.gateway.aggregation.ApiServiceKeeper;
import io.logplane.gateway.aggregation.ApiServiceWrites;
import io.logplane.gateway.aggregation.ApiServices;
import io.logplane.gateway.aggregation.GuestDescriptions;
import io.logplane.gateway.aggregation.RemoteContent;
import io.logplane.gateway.custom.CustomModule;
import io.logplane.gateway.http.Tls;
import io.logplane.gateway.read.StateFeed;
import io.logplane.gateway.write.Pipeline;
import io.logplane.state.Registry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/// Wires what other servers answer. Other servers are shown `front-proxy-client.*` of the pki directory, if it has one.
record AggregationModule(ApiServices services, GuestDescriptions descriptions, StateFeed feed, ApiServiceKeeper keeper,
        RemoteContent content)
        implements
            AutoCloseable {

    /// Returns when every APIService there is has been read: no request is answered here that is another's.
    static AggregationModule start(GatewayConfig config, CustomModule custom, Pipeline pipeline, InstantSource clock)
            throws InterruptedException {
        Registry registry = config.registry();
        Path certificate = config.pki().resolve("front-proxy-client.crt");
        ApiServices services = new ApiServices(custom.lookup(), Files.exists(certificate)
                ? Tls.identity(certificate, config.pki().resolve("front-proxy-client.key"))
                : List.of());
        StateFeed feed = new StateFeed(registry, ApiService.GROUP, ApiServices.RESOURCES, services);
        feed.start();
        ApiServiceKeeper keeper = new ApiServiceKeeper(services, new ApiServiceKeeper.Ground(custom.lookup(),
                new ApiServiceWrites(registry, pipeline, clock), () -> registry.notReady().isEmpty(), custom
                        .catalogue()::current,
                custom.catalogue()::fresh));
        return new AggregationModule(services, new GuestDescriptions(services), feed, keeper,
                new RemoteContent(services,
                        registry, pipeline, clock));
    }

    void keep() {
        keeper.start();
    }

    @Override
    public void close() {
        keeper.close();
        feed.close();
    }
}
