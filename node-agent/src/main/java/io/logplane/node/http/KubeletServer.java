package io.logplane.node.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.logplane.node.core.Pod;
import io.logplane.node.core.PodRuntime.RuntimeFault;
import io.logplane.schemas.model.Json;
import io.logplane.streaming.Upgrades;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/// The node's own HTTPS API, for the gateway: health, pods, container logs, exec, attach, port-forward.
///
/// A client certificate of the Kubernetes CA is required, and it must be of a group that may ask nodes ([#GROUPS]):
/// an ordinary user's certificate is refused with 403.
/// Thread: one virtual thread per request.
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/
public final class KubeletServer implements AutoCloseable {
    /// Organisations in a certificate's subject that may use this API.
    private static final Set<String> GROUPS = Set.of("system:masters", "system:kubelet-api-admin");
    private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";
    private static final int FORBIDDEN = 403;

    private final Javalin server;

    /// What is served, and under which certificate. Port 0 takes a free one.
    public record Config(String host, int port, Path authority, Path certificate, Path key) {
    }

    private KubeletServer(Javalin server) {
        this.server = server;
    }

    /// Errors: io.javalin.util.JavalinBindException when the port is taken.
    public static KubeletServer start(Config config, LogRoutes logs, StreamRoutes streams, Iterable<Pod> pods) {
        SSLContext tls = Pem.context(config.authority(), config.certificate(), config.key());
        Javalin server = Javalin.create(javalin -> {
            settings(javalin);
            javalin.jetty.addConnector((jetty, http) -> connector(jetty, http, tls, config));
            javalin.routes.before(KubeletServer::authorise);
            javalin.routes.get("/healthz", http -> http.result("ok"));
            javalin.routes.get("/pods", http -> http.contentType(GatewayClient.JSON).result(Json.bytes(list(pods))));
            javalin.routes.get("/containerLogs/{namespace}/{pod}/{container}", logs::get);
            javalin.routes.get("/exec/{namespace}/{pod}/{container}", streams::exec);
            javalin.routes.post("/exec/{namespace}/{pod}/{container}", streams::exec);
            javalin.routes.get("/attach/{namespace}/{pod}/{container}", streams::attach);
            javalin.routes.post("/attach/{namespace}/{pod}/{container}", streams::attach);
            javalin.routes.get("/portForward/{namespace}/{pod}", streams::portForward);
            javalin.routes.post("/portForward/{namespace}/{pod}", streams::portForward);
            javalin.routes.exception(RuntimeFault.class, (fault, http) -> http.status(500)
                    .result("the container runtime does not answer: " + fault.getMessage()));
        });
        return new KubeletServer(server.start());
    }

    public int port() {
        return server.port();
    }

    private static void settings(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.concurrency.useVirtualThreads = true;
        config.http.compressionStrategy = CompressionStrategy.NONE;
    }

    private static Connector connector(Server jetty, HttpConfiguration http, SSLContext context, Config config) {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setSslContext(context);
        tls.setNeedClientAuth(true);
        HttpConfiguration https = new HttpConfiguration(http);
        // The gateway calls by IP address, without a server name.
        https.addCustomizer(new SecureRequestCustomizer(false));
        Upgrades.hideWebSockets(https);
        ServerConnector connector = new ServerConnector(jetty, 1, 1,
                AbstractConnectionFactory.getFactories(tls, new HttpConnectionFactory(https)));
        connector.setHost(config.host());
        connector.setPort(config.port());
        return connector;
    }

    private static void authorise(Context http) {
        boolean allowed = http.req().getAttribute(CERTIFICATES) instanceof X509Certificate[] chain && chain.length > 0
                && inGroup(chain[0].getSubjectX500Principal().getName());
        if (!allowed) {
            http.status(FORBIDDEN).result("Forbidden").skipRemainingHandlers();
        }
    }

    private static boolean inGroup(String subject) {
        try {
            return new LdapName(subject).getRdns().stream().filter(rdn -> rdn.getType().equalsIgnoreCase("O"))
                    .anyMatch(rdn -> GROUPS.contains(String.valueOf(rdn.getValue())));
        } catch (InvalidNameException unreadable) {
            return false;
        }
    }

    private static ObjectNode list(Iterable<Pod> pods) {
        ObjectNode list = Json.newObject().put("kind", "PodList").put("apiVersion", "v1");
        list.putObject("metadata");
        var items = list.putArray("items");
        pods.forEach(pod -> items.add(pod.json()));
        return list;
    }

    @Override
    public void close() {
        server.stop();
    }

    static Optional<String> parameter(Context http, String name) {
        return Optional.ofNullable(http.queryParam(name)).filter(v -> !v.isEmpty());
    }
}
