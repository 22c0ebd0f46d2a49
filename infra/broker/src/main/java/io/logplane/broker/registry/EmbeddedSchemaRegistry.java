package io.logplane.broker.registry;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.util.JavalinBindException;
import io.logplane.broker.BrokerStartFailed;
import io.logplane.broker.pki.KafkaPki;
import io.logplane.schemas.topics.Component;
import io.logplane.schemas.wire.LocalSchemaIds;
import io.logplane.schemas.wire.SchemaIds;
import io.logplane.schemas.wire.Subjects;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/// The schema registry of one installation: opened on Kafka, asked directly inside this process, served over HTTPS to
/// others.
///
/// Every schema of this build is registered when it opens, in one order, so that ids are the same everywhere and
/// components
/// that may only read can encode. Over HTTPS a client certificate of Kafka's root is required; a [Component] that
/// writes
/// records may register, every other may read.
/// Errors: [BrokerStartFailed]. Thread: open, listen, close by one owner; the rest from any.
public final class EmbeddedSchemaRegistry implements AutoCloseable {
    private static final Set<Component> MAY_WRITE = Set.of(Component.GATEWAY, Component.MATERIALISER,
            Component.SCHEDULER, Component.CONTROLLERS, Component.BROKER, Component.SCHEMA_REGISTRY);
    /// Requests that ask with a body: lookups and compatibility checks change nothing.
    private static final String LOOKUP = "/subjects/[^/]+|/compatibility/.*";
    private static final long MAX_REQUEST_BYTES = 1024 * 1024;
    private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

    private final SchemaRegistry registry;
    private final KafkaPki pki;
    private final String clusterId;
    private Optional<Javalin> server = Optional.empty();

    private EmbeddedSchemaRegistry(SchemaRegistry registry, KafkaPki pki, String clusterId) {
        this.registry = registry;
        this.pki = pki;
        this.clusterId = clusterId;
    }

    /// Reads `_schemas` to its end and registers what this build brings.
    public static EmbeddedSchemaRegistry open(KafkaPki pki, String bootstrapServers, String clusterId) {
        var access = pki.access(Component.SCHEMA_REGISTRY, bootstrapServers, new LocalSchemaIds());
        try {
            SchemaRegistry registry = new SchemaRegistry(new SchemaState(),
                    state -> new KafkaSchemaLog(access, state), Subjects::ours);
            Subjects.ALL.forEach(subject -> registry.register(subject.name(), subject.schema().toString()));
            return new EmbeddedSchemaRegistry(registry, pki, clusterId);
        } catch (RegistryRefusal refused) {
            throw new BrokerStartFailed("The schema registry cannot start: " + refused.getMessage(), refused);
        }
    }

    /// Serves HTTPS from here on; port 0 takes a free one. Gives the URL.
    public String listen(String host, int port) {
        Javalin javalin = Javalin.create(config -> configure(config, host, port));
        try {
            javalin.start();
        } catch (JavalinBindException busy) {
            throw new BrokerStartFailed("Port " + port + " on " + host + " cannot be used for the schema registry: "
                    + busy.getMessage() + ".", busy);
        }
        server = Optional.of(javalin);
        return "https://" + host + ":" + javalin.port();
    }

    /// The same answers without a network, for components inside this process.
    public SchemaIds schemaIds() {
        return new Direct(registry);
    }

    @Override
    public void close() {
        server.ifPresent(Javalin::stop);
        registry.close();
    }

    private void configure(JavalinConfig config, String host, int port) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.concurrency.useVirtualThreads = true;
        config.http.maxRequestSize = MAX_REQUEST_BYTES;
        config.http.defaultContentType = RegistryRoutes.CONTENT_TYPE;
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.jetty.addConnector((jetty, http) -> connector(jetty, http, host, port));
        config.routes.before(this::authorise);
        new RegistryRoutes(registry, clusterId).addTo(config.routes);
    }

    private Connector connector(Server jetty, HttpConfiguration http, String host, int port) {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setSslContext(pki.sslContext(Component.SCHEMA_REGISTRY));
        tls.setIncludeProtocols("TLSv1.3");
        tls.setNeedClientAuth(true);
        HttpConfiguration https = new HttpConfiguration(http);
        // Clients that use an IP address send no server name; the certificate itself names the address.
        https.addCustomizer(new SecureRequestCustomizer(false));
        ServerConnector connector = new ServerConnector(jetty, 1, 1,
                org.eclipse.jetty.server.AbstractConnectionFactory.getFactories(tls, new HttpConnectionFactory(https)));
        connector.setHost(host);
        connector.setPort(port);
        return connector;
    }

    private void authorise(Context http) {
        String method = http.req().getMethod();
        boolean reads = method.equals("GET") || method.equals("HEAD")
                || method.equals("POST") && http.path().matches(LOOKUP);
        String subject = http.req().getAttribute(CERTIFICATES) instanceof X509Certificate[] chain && chain.length > 0
                ? chain[0].getSubjectX500Principal().getName()
                : "Nobody";
        Optional<Component> who = Arrays.stream(Component.values())
                .filter(component -> subject.equals("CN=" + component.commonName())).findFirst();
        if (who.isEmpty() || !reads && !MAY_WRITE.contains(who.get())) {
            throw RegistryRefusal.forbidden(subject);
        }
    }

    /// Asks the rules without HTTP; refusals become what [SchemaIds] declares.
    private static final class Direct implements SchemaIds {
        private final SchemaRegistry registry;
        private final Map<Integer, Schema> parsed = new ConcurrentHashMap<>();

        Direct(SchemaRegistry registry) {
            this.registry = registry;
        }

        @Override
        public int idOf(String subject, Schema schema) {
            try {
                return registry.register(subject, schema.toString());
            } catch (RegistryRefusal refused) {
                throw new IllegalStateException(refused.getMessage(), refused);
            }
        }

        @Override
        public Schema byId(int id) {
            return parsed.computeIfAbsent(id, this::parse);
        }

        private Schema parse(int id) {
            try {
                return new Schema.Parser().parse(registry.schema(id));
            } catch (RegistryRefusal unknown) {
                throw new SchemaUnknown("no schema has the id " + id);
            }
        }
    }
}
