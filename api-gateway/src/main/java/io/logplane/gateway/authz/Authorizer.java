package io.logplane.gateway.authz;

import io.logplane.gateway.authn.User;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.schemas.model.Refusal;
import io.logplane.schemas.model.Refused;
import java.util.ArrayList;
import java.util.List;

/// The chain: superuser first, then the links in the order of the settings (node and RBAC by default), then no.
///
/// Thread: any; a link may block. Source: k8s.io/apiserver/pkg/authorization/union.
public final class Authorizer {
    private final RbacIndex rbac;
    private volatile List<Link> links;

    /// One authorizer of the chain.
    public interface Link {
        Decision decide(Question question);

        /// Why the rules of a user cannot all be listed; "" when they can, or when this link knows nothing of him.
        default String notListed(User user) {
            return "";
        }
    }

    public Authorizer(RbacIndex rbac, NodeAuthorizer nodes) {
        this.rbac = rbac;
        this.links = List.of(nodes, rbac);
    }

    /// Decides by these links from now on.
    public void use(List<Link> chain) {
        links = List.copyOf(chain);
    }

    /// Errors: 403 in upstream's words.
    public void require(Question question) {
        Decision decision = decide(question);
        if (!decision.allowed()) {
            throw refusal(question.user(), question.info(), decision);
        }
    }

    public void require(User user, RequestInfo info) {
        require(Question.of(user, info));
    }

    public boolean allows(User user, RequestInfo info) {
        return decide(Question.of(user, info)).allowed();
    }

    /// The first link that allows or denies decides; what the others said is told when none does.
    public Decision decide(Question question) {
        if (question.user().superuser()) {
            return Decision.ALLOW;
        }
        List<String> reasons = new ArrayList<>(0);
        List<String> errors = new ArrayList<>(0);
        for (Link link : links) {
            Decision decision = link.decide(question);
            if (decision.verdict() != Decision.Verdict.NO_OPINION) {
                return decision;
            }
            if (!decision.reason().isEmpty()) {
                reasons.add(decision.reason());
            }
            if (!decision.error().isEmpty()) {
                errors.add(decision.error());
            }
        }
        return new Decision(Decision.Verdict.NO_OPINION, String.join("\n", reasons), errors.size() > 1
                ? "[" + String.join(", ", errors) + "]"
                : String.join("", errors));
    }

    /// Why a list of a user's rules is not all of them; empty when it is.
    public List<String> notListed(User user) {
        return links.stream().map(link -> link.notListed(user)).filter(why -> !why.isEmpty()).toList();
    }

    public RbacIndex rbac() {
        return rbac;
    }

    /// The 403 for a decision that is no yes, in upstream's words.
    public static Refused refusal(User user, RequestInfo info, Decision decision) {
        String message = notHtml(message(user, info));
        String why = decision.reason().isEmpty() ? message : message + ": " + decision.reason();
        if (!info.resourceRequest()) {
            return new Refused(Refusal.of(403, "Forbidden", "forbidden: " + why, Refusal.Details.of("", "", "")));
        }
        return Refusals.forbidden(info.group(), info.resource(), info.name(), why);
    }

    /// A path or a name that somebody chose cannot become a page in somebody's browser.
    public static String notHtml(String message) {
        return message.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String message(User user, RequestInfo info) {
        String who = "User " + Refusals.quoted(user.name()) + " cannot " + info.verb();
        if (!info.resourceRequest()) {
            return who + " path " + Refusals.quoted(info.path());
        }
        String what = who + " resource " + Refusals.quoted(info.resourceAndSubresource()) + " in API group "
                + Refusals.quoted(info.group());
        return info.namespace().isEmpty()
                ? what + " at the cluster scope"
                : what + " in the namespace " + Refusals.quoted(info.namespace());
    }
}
