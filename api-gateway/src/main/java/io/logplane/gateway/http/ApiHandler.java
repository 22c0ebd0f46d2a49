package io.logplane.gateway.http;

import io.logplane.gateway.custom.Catalogue;
import java.util.Set;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.authz.Authorizer;
import io.logplane.gateway.authz.Decision;
import io.logplane.gateway.authz.Question;
import io.logplane.gateway.read.ContinueExpired;
import io.logplane.gateway.request.FieldSelector;
import io.logplane.gateway.request.LabelSelector;
import io.logplane.gateway.request.Query;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.Representation;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.gateway.request.RequestPath;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.types.ResourceType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
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
            route(exchange, parsed.orElseThrow(Refusals::noSuchResource));
        } catch (Refused refused) {
            refuse(exchange, refused);
        } catch (ContinueExpired expired) {
            expired(exchange, expired);
        } catch (EOFException cut) {
            LOG.debug("the body of {} was cut short", exchange.rawPath(), cut);
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

    private void route(Exchange exchange, RequestInfo info) throws IOException {
        try {
            exchange.due(Deadline.of(info, exchange.query(), exchange.received()));
        } catch (Refused noDuration) {
            gates.auditing().unknown(exchange, info);
            throw noDuration;
        }
        User user = identify(exchange, info);
        try (Fairness.Pass pass = gates.fairness().enter(exchange, user, info)) {
            if (pass.granted()) {
                seated(exchange, info, user);
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

    private void seated(Exchange exchange, RequestInfo info, User user) throws IOException {
        authorize(exchange, info, user);
        if (aggregated.answer(exchange, info, user)) {
            return;
        }
        if (!info.resourceRequest()) {
            paths.answer(exchange, info, user);
            return;
        }
        Optional<ResourceType> type = catalogue.find(info.group(), info.version(), info.resource(), WRITES
                .contains(info.verb()));
        if (type.isEmpty() && !paths.servesGroup(info.group())) {
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
        try {
            return gates.identities().authenticate(exchange);
        } catch (Refused unknown) {
            gates.auditing().unknown(exchange, info);
            throw unknown;
        }
    }

    private void authorize(Exchange exchange, RequestInfo info, User user) {
        Decision decision = authorizer.decide(question(user, info, exchange.query()));
        exchange.trail().annotate(DECISION, decision.allowed() ? "allow" : "forbid");
        exchange.trail().annotate(REASON, decision.reason());
        if (!decision.allowed()) {
            exchange.response().setHeader("X-Content-Type-Options", "nosniff");
            throw Authorizer.refusal(user, info, decision);
        }
    }

    /// Selectors count only where a collection is asked for; a label selector that says nothing asks for everything.
    private static Question question(User user, RequestInfo info, Query query) {
        if (!COLLECTIONS.contains(info.verb())) {
            return Question.of(user, info);
        }
        FieldSelector fields = query.has("fieldSelector")
                ? FieldSelector.parse(query.first("fieldSelector"))
                : FieldSelector.EVERYTHING;
        LabelSelector labels = query.has("labelSelector")
                ? LabelSelector.parse(query.first("labelSelector"))
                : new LabelSelector(io.logplane.schemas.model.LabelSelector.EVERYTHING);
        return new Question(user, info, fields, labels.wanted());
    }

    /// Half an answer cannot become a refusal: the client sees a broken stream, never a short answer that looks whole.
    private void refuse(Exchange exchange, Refused refused) throws IOException {
        if (exchange.response().isCommitted()) {
            exchange.abort(refused);
            return;
        }
        refused.warnings().forEach(exchange::warn);
        responder.refusal(exchange, refused.refusal(), format(exchange));
    }

    private void expired(Exchange exchange, ContinueExpired expired) throws IOException {
        var status = Statuses.failure(io.logplane.schemas.model.Refusal.of(410, "Expired", ContinueExpired.TEXT));
        ((com.fasterxml.jackson.databind.node.ObjectNode) status.get("metadata")).put("continue", expired.fresh()
                .text());
        responder.tree(exchange, 410, status, format(exchange));
    }

    private static Representation format(Exchange exchange) {
        try {
            return Representation.negotiate(exchange.header("Accept"), exchange.query(), exchange.userAgent(), false);
        } catch (Refused notAcceptable) {
            return Representation.JSON;
        }
    }
}
