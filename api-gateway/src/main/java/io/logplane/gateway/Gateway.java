package io.logplane.gateway;

import io.logplane.gateway.custom.CustomModule;
import io.logplane.gateway.admission.AddressRange;
import io.logplane.gateway.admission.Lookup;
import io.logplane.gateway.auditlog.AuditLog;
import io.logplane.gateway.authn.ServiceAccountTokens;
import io.logplane.gateway.authz.Authorizer;
import io.logplane.gateway.authz.NodeAuthorizer;
import io.logplane.gateway.authz.NodeRelations;
import io.logplane.gateway.authz.RbacIndex;
import io.logplane.gateway.certificates.CertificateSigner;
import io.logplane.gateway.certificates.SigningKey;
import io.logplane.gateway.commands.BootstrapTokenKeeper;
import io.logplane.gateway.commands.CommandConsumer;
import io.logplane.gateway.commands.CommandRunner;
import io.logplane.gateway.commands.EventJanitor;
import io.logplane.gateway.commands.PolicyStatusKeeper;
import io.logplane.gateway.commands.TokenSecretKeeper;
import io.logplane.gateway.hooks.Hooks;
import io.logplane.gateway.http.ApiServer;
import io.logplane.gateway.http.AuditMetrics;
import io.logplane.gateway.http.Health;
import io.logplane.gateway.http.OtherEncodings;
import io.logplane.gateway.http.RequestMetrics;
import io.logplane.gateway.http.Tls;
import io.logplane.gateway.http.WebServer;
import io.logplane.gateway.write.AddressRepair;
import io.logplane.gateway.read.StateFeed;
import io.logplane.gateway.write.Appender;
import io.logplane.gateway.write.Pipeline;
import io.logplane.state.Registry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/// A running gateway. The registry stays its owner's: it is neither opened nor closed here.
///
/// Errors: IllegalArgumentException for certificates that cannot be used; UncheckedIOException when the port is taken.
/// Thread: start and close from the owner.
public final class Gateway implements AutoCloseable {
    private final WebServer server;
    private final List<AutoCloseable> parts;
    private final Supplier<Optional<String>> starting;

    private Gateway(WebServer server, List<AutoCloseable> parts, Supplier<Optional<String>> starting) {
        this.server = server;
        this.parts = parts;
        this.starting = starting;
    }

    /// Returns when requests are answered; `/readyz` turns green when the state is there and the cluster has its
    /// first objects.
    public static Gateway start(GatewayConfig config) throws InterruptedException {
        InstantSource clock = InstantSource.system();
        Registry registry = config.registry();
        List<X509Certificate> authorities = Tls.certificates(config.pki().resolve("ca.crt"));
        ServiceAccountTokens tokens = TokenKeys.in(config.pki());
        RbacIndex rbac = new RbacIndex();
        NodeAuthorizer nodes = new NodeAuthorizer(new NodeRelations(registry), Bootstrap.nodeRules());
        Authorizer authorizer = new Authorizer(rbac, nodes);
        Access access = Access.of(config.identity(), authorizer, nodes, clock);
        Appender appender = new Appender(registry, clock);
        CustomModule custom = CustomModule.start(registry, appender);
        Lookup lookup = custom.lookup();
        Recognition recognition = Recognition.of(config, tokens, registry, lookup, clock);
        Hooks hooks = new Hooks(lookup);
        Pipeline pipeline = new Pipeline(new RepresentationModule(), appender,
                AdmissionSteps.of(config, appender, custom, authorizer, hooks));
        AtomicReference<Optional<String>> starting = new AtomicReference<>(Optional.of("not finished"));
        // Before the port opens: no request slips past a hook, or is refused a right, because the gateway is young.
        StateFeed rights = new StateFeed(registry, RbacIndex.GROUP, RbacIndex.RESOURCES, rbac);
        rights.start();
        StateFeed hookFeed = new StateFeed(registry, Hooks.GROUP, Hooks.RESOURCES, hooks);
        hookFeed.start();
        AggregationModule aggregation = AggregationModule.start(config, custom, pipeline, clock);
        ApiServer.Ground ground = new ApiServer.Ground(registry, lookup, pipeline, authorizer,
                recognition.authenticator(), tokens,
                clock, custom.catalogue(), aggregation.services());
        ApiServer.Sockets sockets = new ApiServer.Sockets(config.host(), config.port(), Tls.serving(file(config,
                "gateway.crt"), file(config, "gateway.key"), recognition.clientAuthorities()),
                Tls.asking(file(config,
                        "gateway-kubelet-client.crt"), file(config, "gateway-kubelet-client.key"), authorities));
        AuditLog audit = config.audit().open(config.kafka(), clock);
        RequestMetrics metrics = new RequestMetrics();
        AuditMetrics.bind(audit, metrics.registry());
        FlowModule flow = FlowModule.start(registry, pipeline, metrics);
        ApiDocuments descriptions = new ApiDocuments(custom.catalogue(), aggregation.descriptions());
        Health health = new Health(registry::notReady, starting::get);
        WebServer server = ApiServer.start(ground, new ApiServer.Documents(new OtherEncodings(descriptions),
                descriptions),
                sockets, new ApiServer.About(health, metrics, GatewayFlags.of(config)),
                new ApiServer.Guards(audit, flow.control()));
        List<AutoCloseable> parts = new ArrayList<>(
                List.of(health, server, rights, hookFeed, custom.feed(), recognition,
                        access, flow, audit, aggregation));
        Bootstrap bootstrap = new Bootstrap(pipeline, registry, AddressRange.of(config
                .serviceAddresses()), ClusterTrust.of(config));
        Starter starter = new Starter(bootstrap, registry, starting);
        EventJanitor janitor = new EventJanitor(registry, pipeline, config.eventAge(), clock);
        AddressRepair repair = new AddressRepair(appender);
        repair.start();
        BootstrapTokenKeeper keeper = new BootstrapTokenKeeper(registry, pipeline, clock);
        TokenSecretKeeper secrets = new TokenSecretKeeper(registry, pipeline, tokens, ClusterTrust.authority(config),
                recognition.usedSecrets(), clock);
        parts.addAll(List.of(starter, janitor, repair, keeper, secrets, PolicyStatusKeeper.start(registry, pipeline,
                lookup::types)));
        if (Files.exists(file(config, "ca.key"))) {
            parts.add(signing(config, pipeline, authorizer, authorities.getFirst(), clock));
        }
        starter.start();
        janitor.start();
        keeper.start();
        secrets.start();
        aggregation.keep();
        if (config.kafka().isPresent()) {
            CommandConsumer commands = new CommandConsumer(config.kafka().get(), new CommandRunner(pipeline, authorizer,
                    clock, custom.catalogue(), aggregation.content()));
            parts.addFirst(commands);
            commands.start();
        }
        return new Gateway(server, parts, starting::get);
    }

    private static CertificateSigner signing(GatewayConfig config, Pipeline pipeline, Authorizer authorizer,
            X509Certificate authority, InstantSource clock) {
        CertificateSigner signer = new CertificateSigner(config.registry(), pipeline, authorizer, new SigningKey(
                authority, Tls.privateKey(file(config, "ca.key"))), clock);
        signer.start();
        return signer;
    }

    private static Path file(GatewayConfig config, String name) {
        return config.pki().resolve(name);
    }

    /// The port really listened on.
    public int port() {
        return server.port();
    }

    /// Why the cluster's first objects are not all there yet; empty once they were.
    public Optional<String> starting() {
        return starting.get();
    }

    @Override
    public void close() {
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception broken) {
                throw new IllegalStateException("cannot stop " + part, broken);
            }
        }
    }
}
