package io.logplane.gateway.authz;

import io.logplane.gateway.authn.User;
import io.logplane.gateway.request.FieldSelector;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.schemas.model.Refusal;
import io.logplane.schemas.model.Refused;

/// The chain: superuser, node, RBAC, no.
///
/// Thread: any. Source: DESIGN §4; reliability: node authorizer before RBAC, as kube-apiserver's default mode
/// `Node,RBAC`.
public final class Authorizer {
    private final RbacIndex rbac;
    private final NodeAuthorizer nodes;

    public Authorizer(RbacIndex rbac, NodeAuthorizer nodes) {
        this.rbac = rbac;
        this.nodes = nodes;
    }

    /// Errors: 403 in upstream's words.
    public void require(User user, RequestInfo info, FieldSelector fields) {
        if (!allows(user, info, fields)) {
            throw refusal(user, info);
        }
    }

    public void require(User user, RequestInfo info) {
        require(user, info, FieldSelector.EVERYTHING);
    }

    public boolean allows(User user, RequestInfo info) {
        return allows(user, info, FieldSelector.EVERYTHING);
    }

    public boolean allows(User user, RequestInfo info, FieldSelector fields) {
        if (user.superuser()) {
            return true;
        }
        if (user.node().isPresent() && nodes.allows(user.node().get(), info, fields)) {
            return true;
        }
        return rbac.allows(user, info);
    }

    public RbacIndex rbac() {
        return rbac;
    }

    static Refused refusal(User user, RequestInfo info) {
        String message = message(user, info);
        if (!info.resourceRequest()) {
            return new Refused(Refusal.of(403, "Forbidden", "forbidden: " + message, Refusal.Details.of("", "", "")));
        }
        return Refusals.forbidden(info.group(), info.resource(), info.name(), message);
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
