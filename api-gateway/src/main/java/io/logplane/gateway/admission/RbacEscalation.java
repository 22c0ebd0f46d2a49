package io.logplane.gateway.admission;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.authz.Escalation;
import io.logplane.gateway.authz.PolicyRule;

/// Nobody grants what he does not hold. Source: kubernetes/pkg/registry/rbac (escalation and bind checks).
public final class RbacEscalation implements Admission.Step {
    private static final String GROUP = "rbac.authorization.k8s.io";
    private static final String AGGREGATION = "aggregationRule";
    private final Escalation escalation;

    public RbacEscalation(Escalation escalation) {
        this.escalation = escalation;
    }

    /// After everything that may change a role, so that nothing widens it behind this check.
    @Override
    public void validate(AdmissionRequest request) {
        if (!request.type().group().equals(GROUP) || request.operation() == Operation.DELETE) {
            return;
        }
        JsonNode object = request.object();
        boolean role = request.is("roles") || request.is("clusterroles");
        boolean same = request.old().isPresent() && (role
                ? request.old().get().path("rules").equals(object.path("rules"))
                        && request.old().get().path(AGGREGATION).equals(object.path(AGGREGATION))
                : request.old().get().path("roleRef").equals(object.path("roleRef"))
                        && request.old().get().path("subjects").equals(object.path("subjects")));
        if (same) {
            return;
        }
        if (role) {
            escalation.checkRole(request.user(), request.type(), request.namespace(), request.name(), PolicyRule.listOf(
                    object.path("rules")));
            if (object.hasNonNull(AGGREGATION)
                    || request.old().filter(old -> old.hasNonNull(AGGREGATION)).isPresent()) {
                escalation.checkAggregation(request.user(), request.type(), request.name());
            }
        } else {
            escalation.checkBinding(request.user(), request.type(), request.namespace(), request.name(), object.path(
                    "roleRef"));
        }
    }
}
