package io.logplane.gateway.hooks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.extension.cel.Budget;
import io.logplane.extension.cel.Evaluated;
import io.logplane.gateway.admission.AdmissionRequest;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.admission.Lookup;
import io.logplane.gateway.authz.Authorizer;
import io.logplane.gateway.hooks.Invocations.Failure;
import io.logplane.gateway.hooks.Invocations.Invocation;
import io.logplane.gateway.request.Refusals;
import io.logplane.representation.MutationFailed;
import io.logplane.schemas.model.Refusal;
import io.logplane.schemas.model.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Lets every mutating policy bound to a write change its object, one after the other.
///
/// Which policies a write is about is settled before the first of them runs; their conditions see what the ones before
/// made. Errors: 403 with one cause for each policy that failed and does not ignore it.
/// Source: k8s.io/apiserver/pkg/admission/plugin/policy/mutating (dispatcher).
public final class MutatingPolicies {
    private final Hooks hooks;
    private final Lookup lookup;
    private final Authorizer authorizer;
    private final PolicyPatches patches = new PolicyPatches();

    public MutatingPolicies(Hooks hooks, Lookup lookup, Authorizer authorizer) {
        this.hooks = hooks;
        this.lookup = lookup;
        this.authorizer = authorizer;
    }

    boolean any() {
        return !hooks.snapshot().mutatingPolicies().isEmpty();
    }

    void admit(AdmissionRequest admission, Reinvocation reinvocation) {
        List<Policy<Policy.Mutations>> all = hooks.snapshot().mutatingPolicies();
        if (all.isEmpty() || admission.operation() == Operation.DELETE) {
            return;
        }
        HookRequest request = HookRequest.of(admission);
        if (request.unseenByPolicies()) {
            return;
        }
        Invocations<Policy.Mutations> found = Invocations.of(all, request, lookup);
        List<Failure> failures = new ArrayList<>(found.failures());
        found.all().forEach(invocation -> run(invocation, reinvocation, failures));
        reinvocation.leaves(admission.object());
        if (!failures.isEmpty()) {
            throw refused(request, failures);
        }
    }

    private void run(Invocation<Policy.Mutations> invocation, Reinvocation reinvocation, List<Failure> failures) {
        Policy<Policy.Mutations> policy = invocation.policy();
        MatchConditions.Result conditions = policy.conditions().isEmpty()
                ? new MatchConditions.Result(true, "")
                : policy.conditions().evaluate(invocation.ofConditions(authorizer));
        if (!conditions.failure().isEmpty()) {
            fail(invocation, conditions.failure(), failures);
            return;
        }
        if (!conditions.matches() || !reinvocation.runs(invocation.key())) {
            return;
        }
        Optional<ObjectNode> before = invocation.request().object().map(ObjectNode::deepCopy);
        if (before.isPresent()) {
            policy.body().mutations().forEach(mutation -> mutate(invocation, mutation, failures));
        }
        boolean changed = !before.equals(invocation.request().object());
        reinvocation.ran(invocation.key(), changed, policy.body().again());
    }

    private void mutate(Invocation<Policy.Mutations> invocation, Policy.Mutation mutation, List<Failure> failures) {
        Budget budget = Budget.ofRequest();
        Evaluated result = mutation.expression().evaluate(invocation.variables(authorizer, lookup, budget), budget);
        if (!(result instanceof Evaluated.Value(Object value))) {
            fail(invocation, Composition.failure(mutation.expression(), result).orElse(""), failures);
            return;
        }
        HookRequest request = invocation.request();
        ObjectNode before = request.object().orElseThrow();
        try {
            ObjectNode after = patches.apply(request, before.deepCopy(), mutation, value);
            if (!after.equals(before)) {
                request.replace(after);
                request.admission().reshape();
            }
        } catch (MutationFailed failed) {
            fail(invocation, failed.text(), failures);
        }
    }

    private static void fail(Invocation<?> invocation, String message, List<Failure> failures) {
        if (!invocation.policy().ignoresFailure()) {
            failures.add(new Failure(invocation.policy().name(), invocation.binding().name(), message, "Invalid"));
        }
    }

    /// Shape: the code stays 403 whatever the reason, as upstream.
    private static Refused refused(HookRequest request, List<Failure> failures) {
        Refusal forbidden = Refusals.forbidden(request.asked().type(), request.refusedName(), "").refusal();
        Failure first = failures.getFirst();
        Refused refused = new Refused(new Refusal(forbidden.code(), first.reason().isEmpty()
                ? forbidden.reason()
                : first.reason(), denial(first), forbidden.details()));
        for (Failure failure : failures) {
            refused = Refusals.withCause(refused, new Refusal.Cause("", denial(failure), ""));
        }
        return refused;
    }

    private static String denial(Failure failure) {
        String who = failure.binding().isEmpty()
                ? "policy " + Refusals.quoted(failure.policy())
                : "policy '" + failure.policy() + "' with binding '" + failure.binding() + "'";
        return who + " denied request: " + failure.message();
    }
}
