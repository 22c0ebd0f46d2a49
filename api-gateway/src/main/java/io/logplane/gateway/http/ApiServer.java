package io.logplane.gateway.http;

import io.logplane.gateway.admission.Lookup;
import io.logplane.gateway.aggregation.ApiServices;
import io.logplane.gateway.auditlog.AuditLog;
import io.logplane.gateway.authn.Authenticator;
import io.logplane.gateway.authn.ServiceAccountTokens;
import io.logplane.gateway.authz.Authorizer;
import io.logplane.gateway.custom.Catalogue;
import io.logplane.gateway.custom.CurrentDiscovery;
import io.logplane.gateway.fairness.FlowControl;
import io.logplane.gateway.read.Components;
import io.logplane.gateway.read.Reader;
import io.logplane.gateway.read.Watcher;
import io.logplane.gateway.write.Pipeline;
import io.logplane.state.Registry;
import java.time.InstantSource;
import java.util.SortedMap;
import javax.net.ssl.SSLContext;

/// Wires the HTTP side together.
public final class ApiServer {
    private ApiServer() {
    }

    /// Everything the HTTP side stands on.
    public record Ground(Registry registry, Lookup lookup, Pipeline pipeline, Authorizer authorizer,
            Authenticator authenticator, ServiceAccountTokens tokens, InstantSource clock, Catalogue catalogue,
            ApiServices services) {
    }

    /// What the server says of itself. Shape: `flags` by kube-apiserver's names.
    public record About(Health health, RequestMetrics metrics, SortedMap<String, String> flags) {
    }

    /// What stands before all routes.
    public record Guards(AuditLog audit, FlowControl flow) {
    }

    /// How answers are encoded and described.
    public record Documents(Encodings encodings, OpenApiDocuments openApi) {
    }

    /// Shape: `kubelets` is the client side towards nodes, `serving` the server side.
    public record Sockets(String host, int port, SSLContext serving, SSLContext kubelets) {
    }

    public static WebServer start(Ground ground, Documents documents, Sockets sockets, About about,
            Guards guards) {
        Responder responder = new Responder(documents.encodings(), ground.clock());
        Watcher watcher = new Watcher(ground.registry(), ground.clock(), type -> ground.catalogue().current().find(type
                .group(), type.version(), type.plural()));
        ResourceRoutes.Parts parts = new ResourceRoutes.Parts(new Reader(ground.registry()), watcher, ground
                .pipeline(), ground.authorizer(), responder, ground.clock());
        PodLogs logs = new PodLogs(ground.lookup(), sockets.kubelets());
        SpecialRoutes special = new SpecialRoutes(ground.pipeline(), new Reviews(ground.pipeline().representations(),
                ground.authorizer(), ground.authenticator(), ground.clock()),
                new TokenRequests(ground.pipeline()
                        .representations(), ground.lookup(), ground.tokens(), ground.authorizer(), ground.clock()),
                new SpecialRoutes.Nodes(logs, new PodStreams(logs, ground.authorizer(), sockets.kubelets()),
                        new ProxyRoutes(new ProxyTargets(ground.lookup(), logs), sockets.kubelets())),
                new Components(ground.registry()), responder);
        PathRoutes paths = new PathRoutes(new CurrentDiscovery(ground.catalogue(), ground.services()::guests), about
                .health(), new DebugPages(about.flags(), ground.clock()), documents.openApi(), ground.tokens(),
                about
                        .metrics(),
                responder);
        about.metrics().aggregated(ground.services()::availability);
        Auditing auditing = new Auditing(guards.audit(), ground.clock());
        ApiHandler handler = new ApiHandler(new ApiHandler.Gates(new Identities(ground.authenticator(), ground
                .authorizer(), about.metrics()), auditing, new Fairness(guards.flow()), ground.clock()),
                ground
                        .authorizer(),
                new ApiHandler.Routes(new AggregatedRoutes(ground.services(), responder), new ResourceRoutes(parts,
                        special), paths),
                responder, about.metrics(), ground.catalogue());
        return WebServer.start(sockets.host(), sockets.port(), sockets.serving(), handler, auditing::stopped);
    }
}
