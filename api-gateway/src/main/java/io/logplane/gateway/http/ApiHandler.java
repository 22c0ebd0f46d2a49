package io.logplane.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.audit.Latencies.Layer;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.authz.Authorizer;
import io.logplane.gateway.authz.Decision;
import io.logplane.gateway.authz.Question;
import io.logplane.gateway.custom.Catalogue;
import io.logplane.gateway.read.ContinueExpired;
import io.logplane.gateway.request.FieldSelector;
import io.logplane.gateway.request.LabelSelector;
import io.logplane.gateway.request.Query;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.Representation;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.gateway.request.RequestPath;
import io.logplane.schemas.model.Refusal;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.types.ResourceType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Every request in one place: parse → authenticate → authorize → route; every refusal and fault out of one place.
///
/// The path is parsed once; authorization and storage see the same [RequestInfo]. Thread: any.
final class ApiHandler implements WebServer.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);

    private static final String DECISION = "authorization.k8s.io/decision";
    private static final String REASON = "authorization.k8s.io/reason";
    /// Verbs for which a type must be the newest there is.
    private static final Set<String> WRITES = Set.of("create", "update", "patch");

    /// What can be no name.
    private static final Set<String> STEPS = Set.of(".", "..");

    private static final Set<String> COLLECTIONS = Set.of("list", "watch", "deletecollection");

    private final Gates gates;
    private final Authorizer authorizer;
    private final ResourceRoutes resources;
    private final PathRoutes paths;
    private final AggregatedRoutes aggregated;
    private final Responder responder;
    private final RequestMetrics metrics;
    private final Catalogue catalogue;

    /// What every request passes before it is anybody's business.
    record Gates(Identities identities, Auditing auditing, Fairness fairness, InstantSource clock) {
    }

    /// Who answers. Shape: `aggregated` is asked first.
    record Routes(AggregatedRoutes aggregated, ResourceRoutes resources, PathRoutes paths) {
    }

    ApiHandler(Gates gates, Authorizer authorizer, Routes routes, Responder responder, RequestMetrics metrics,
            Catalogue catalogue) {
        this.gates = gates;
        this.authorizer = authorizer;
        this.aggregated = routes.aggregated();
        this.resources = routes.resources();
        this.paths = routes.paths();
        this.responder = responder;
        this.metrics = metrics;
        this.catalogue = catalogue;
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Exchange exchange = new Exchange(request, response, gates.clock().instant());
        Optional<RuntimeException> panic = Optional.empty();
        Optional<RequestInfo> parsed = RequestPath.parse(exchange.method(), exchange.rawPath(), exchange.query());
        RequestMetrics.Running running = metrics.begins(parsed, exchange, asked -> catalogue.find(asked.group(), asked
                .version(), asked.resource(), false).isPresent());
        try {
            route(exchange, parsed.orElseGet(() -> RequestPath.unserved(exchange.method(), exchange.rawPath(), exchange
                    .query())), parsed.isPresent());
        } catch (Refused refused) {
            refuse(exchange, refused);
        } catch (ContinueExpired expired) {
            expired(exchange, expired);
        } catch (IOException broken) {
            unread(exchange, broken);
        } catch (RuntimeException fault) {
            panic = Optional.of(fault);
            LOG.error("a fault while answering {} {}", exchange.method(), exchange.rawPath(), fault);
            if (!response.isCommitted()) {
                response.reset();
                exchange.announce();
            }
            refuse(exchange, Refusals.internal(fault.getClass().getSimpleName()));
        } finally {
            gates.auditing().complete(exchange, panic);
            running.ended(response.getStatus());
        }
    }

    /// A body that ends too early or makes no sense; or the client is gone, and hears nothing of this.
    private void unread(Exchange exchange, IOException broken) {
        LOG.debug("{} could not be read, or its answer not be written", exchange.rawPath(), broken);
        if (exchange.response().isCommitted()) {
            return;
        }
        try {
            refuse(exchange, Refusals.unclassified(broken instanceof EOFException
                    ? "unexpected EOF"
                    : String.valueOf(broken.getMessage())));
        } catch (IOException gone) {
            LOG.debug("nobody listens to the answer of {}", exchange.rawPath(), gone);
        }
    }

    private void route(Exchange exchange, RequestInfo info, boolean served) throws IOException {
        if (RequestPath.verbAlone(info)) {
            fault(exchange, "failed to create RequestInfo: unable to determine kind and namespace from url, "
                    + exchange.uri());
            return;
        }
        try {
            Deadline deadline = Deadline.of(info, exchange.query(), exchange.received());
            exchange.due(deadline);
            if (deadline.over(gates.clock().instant())) {
                throw Refusals.late();
            }
        } catch (Refused noDuration) {
            gates.auditing().unknown(exchange, info);
            throw noDuration;
        }
        User user = identify(exchange, info);
        long asked = System.nanoTime();
        try (Fairness.Pass pass = gates.fairness().enter(exchange, user, info)) {
            took(exchange, Layer.QUEUE, asked);
            if (pass.granted()) {
                seated(exchange, info, user, served);
            } else {
                responder.text(exchange, 429, Fairness.REFUSAL);
            }
        }
    }

    /// True for a custom type below a namespace that has none, or the other way round.
    private static boolean misplaced(RequestInfo info, ResourceType type) {
        boolean all = info.namespace().isEmpty();
        return type.rules().itemsNameTheirKind() && (type.namespaced()
                ? all && !info.verb().equals("list") && !info.verb().equals("watch")
                : !all);
    }

    private void seated(Exchange exchange, RequestInfo info, User user, boolean served) throws IOException {
        if (!authorized(exchange, info, user)) {
            return;
        }
        if (!served) {
            unserved(exchange, info);
            return;
        }
        if (aggregated.answer(exchange, info, user)) {
            return;
        }
        if (!info.resourceRequest()) {
            paths.answer(exchange, info, user);
            return;
        }
        Optional<ResourceType> type = catalogue.find(info.group(), info.version(), info.resource(), WRITES
                .contains(info.verb()));
        if (type.isEmpty() && !paths.servesBuiltIn(info.group())) {
            responder.text(exchange, 404, "404 page not found\n");
            return;
        }
        ResourceType asked = type.orElseThrow(Refusals::noSuchResource);
        if (misplaced(info, asked)) {
            responder.text(exchange, 404, "404 page not found\n");
            return;
        }
        asked.rules().deprecation().ifPresent(exchange::warn);
        resources.answer(exchange, info, asked, user);
    }

    private User identify(Exchange exchange, RequestInfo info) {
        User user = authenticate(exchange, info);
        gates.auditing().received(exchange, user, info);
        Optional<Impersonation.Acting> other = gates.identities().acting(exchange, () -> question(user, info, exchange
                .query()));
        if (other.isEmpty()) {
            return user;
        }
        User acting = other.get().user();
        exchange.audited().impersonates(acting, other.get().constraint());
        exchange.trail().impersonator(user.name());
        return acting;
    }

    private User authenticate(Exchange exchange, RequestInfo info) {
        long asked = System.nanoTime();
        try {
            return gates.identities().authenticate(exchange);
        } catch (Refused unknown) {
            gates.auditing().unknown(exchange, info);
            throw unknown;
        } finally {
            took(exchange, Layer.AUTHENTICATION, asked);
        }
    }

    private static void took(Exchange exchange, Layer layer, long since) {
        exchange.trail().latencies().took(layer, System.nanoTime() - since);
    }

    private void fault(Exchange exchange, String what) throws IOException {
        responder.text(exchange, 500, Authorizer.notHtml("Internal Server Error: " + Refusals.quoted(exchange.uri())
                + ": " + what) + "\n");
    }

    /// Below a prefix of the API its router answers, elsewhere nobody.
    private void unserved(Exchange exchange, RequestInfo info) throws IOException {
        String path = exchange.rawPath();
        boolean routed = path.startsWith("/api/") || path.matches("/apis/[^/].*") && paths.servesBuiltIn(path.split(
                "/", 4)[2]);
        if (!routed) {
            responder.text(exchange, 404, "404 page not found\n");
            return;
        }
        if (STEPS.contains(info.name()) && info.subresource().isEmpty() && !info.verb().equals("create") && catalogue
                .find(info.group(), info.version(), info.resource(), false).isPresent()) {
            throw Refusals.badName(info.name(), "may not be '" + info.name() + "'");
        }
        throw Refusals.noSuchResource();
    }

    /// False: nobody can say, and the client has been told. Errors: 403.
    private boolean authorized(Exchange exchange, RequestInfo info, User user) throws IOException {
        long asked = System.nanoTime();
        Decision decision = authorizer.decide(question(user, info, exchange.query()));
        took(exchange, Layer.AUTHORIZATION, asked);
        if (!decision.allowed() && !decision.error().isEmpty()) {
            exchange.trail().annotate(REASON, "internal error");
            fault(exchange, decision.error());
            return false;
        }
        exchange.trail().annotate(DECISION, decision.allowed() ? "allow" : "forbid");
        exchange.trail().annotate(REASON, decision.reason());
        if (!decision.allowed()) {
            exchange.response().setHeader("X-Content-Type-Options", "nosniff");
            throw Authorizer.refusal(user, info, decision);
        }
        return true;
    }

    /// Selectors count only where a collection is asked for; a label selector that says nothing asks for everything.
    private static Question question(User user, RequestInfo info, Query query) {
        if (!COLLECTIONS.contains(info.verb())) {
            return Question.of(user, info);
        }
        FieldSelector fields = readable(() -> FieldSelector.parse(query.first("fieldSelector"))).filter(unused -> query
                .has("fieldSelector")).orElse(FieldSelector.EVERYTHING);
        LabelSelector labels = readable(() -> LabelSelector.parse(query.first("labelSelector"))).filter(unused -> query
                .has("labelSelector")).orElse(new LabelSelector(io.logplane.schemas.model.LabelSelector.EVERYTHING));
        return new Question(user, info, fields, labels.wanted());
    }

    /// A selector nobody can read narrows nothing; whoever may ask at all is told of it later.
    private static <T> Optional<T> readable(Supplier<T> selector) {
        try {
            return Optional.of(selector.get());
        } catch (Refused unreadable) {
            return Optional.empty();
        }
    }

    /// Half an answer cannot become a refusal: the client sees a broken stream, never a short answer that looks whole.
    private void refuse(Exchange exchange, Refused refused) throws IOException {
        if (exchange.response().isCommitted()) {
            exchange.abort(refused);
            return;
        }
        refused.warnings().forEach(exchange::warn);
        if (refused.refusal().equals(Refusals.LATE)) {
            responder.late(exchange);
            return;
        }
        Optional<Representation> format = format(exchange);
        if (format.isEmpty()) {
            responder.document(exchange, refused.refusal().code(), Statuses.failure(refused.refusal()));
            return;
        }
        responder.refusal(exchange, refused.refusal(), format.get());
    }

    private void expired(Exchange exchange, ContinueExpired expired) throws IOException {
        ObjectNode status = Statuses.failure(Refusal.of(410, "Expired", ContinueExpired.TEXT));
        ((ObjectNode) status.get("metadata")).put("continue", expired.fresh().text());
        responder.tree(exchange, 410, status, format(exchange).orElse(Representation.JSON));
    }

    /// Empty: the client accepts none we know. It is told what is wrong all the same.
    private static Optional<Representation> format(Exchange exchange) {
        return Representation.negotiateStatus(exchange.header("Accept"), exchange.query(), exchange.userAgent());
    }
}
