package io.logplane.gateway.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.extension.cel.Budget;
import io.logplane.extension.cel.JsonValues;
import io.logplane.gateway.admission.Lookup;
import io.logplane.gateway.authz.Authorizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which policies a request is held against, by which bindings, with which parameters.
///
/// Shape: in the order of policies, then bindings, then parameters; failures already without those the policy ignores.
/// Source: k8s.io/apiserver/pkg/admission/plugin/policy/generic (dispatcher).
record Invocations<B>(List<Invocation<B>> all, List<Failure> failures) {

    /// One policy by one binding with one parameter. Shape: `param` is null when there is none.
    record Invocation<B>(Policy<B> policy, PolicyBinding binding, HookRequest request, JsonNode param) {

        String key() {
            return policy.name() + "\n" + binding.name() + "\n" + param.at("/metadata/namespace").asText() + "/"
                    + param.at("/metadata/name").asText();
        }

        /// What its conditions may name now. Shape: a map that may be added to.
        Map<String, Object> ofConditions(Authorizer authorizer) {
            Map<String, Object> variables = RequestVariables.of(request, authorizer);
            variables.put("params", JsonValues.of(param));
            return variables;
        }

        /// What its other expressions may name. Shape: evaluating `variables` costs the budget.
        Map<String, Object> variables(Authorizer authorizer, Lookup lookup, Budget budget) {
            Map<String, Object> variables = ofConditions(authorizer);
            RequestVariables.namespaceObject(variables, request, lookup);
            Composition.add(variables, policy.variables(), budget);
            return variables;
        }
    }

    /// Something that cannot be evaluated, and may not be passed over. Shape: `binding` "" when the policy is broken
    /// whatever the binding; `reason` "" is upstream's usual one.
    record Failure(String policy, String binding, String message, String reason) {
    }

    static <B> Invocations<B> of(List<Policy<B>> policies, HookRequest request, Lookup lookup) {
        Invocations<B> found = new Invocations<>(new ArrayList<>(), new ArrayList<>());
        for (Policy<B> policy : policies) {
            Optional<HookRequest> matched = policy.matching().match(request, lookup);
            if (matched.isPresent() && PolicyParams.unknown(policy.paramKind(), lookup)) {
                found.fail(policy, "", "failed to configure policy: failed to find resource referenced by paramKind: '"
                        + PolicyParams.named(policy.paramKind()) + "'");
            } else if (matched.isPresent()) {
                policy.bindings().stream().filter(binding -> binding.matching().narrows(request, lookup)).forEach(
                        binding -> found.add(policy, binding, matched.get(), lookup));
            }
        }
        return found;
    }

    private void add(Policy<B> policy, PolicyBinding binding, HookRequest request, Lookup lookup) {
        if (!policy.unusable().isEmpty()) {
            fail(policy, binding.name(), "compilation error: " + policy.unusable());
            return;
        }
        try {
            for (JsonNode param : new PolicyParams(policy.paramKind(), binding.paramRef()).of(request, lookup)) {
                all.add(new Invocation<>(policy, binding, request, param));
            }
        } catch (PolicyParams.Unusable unusable) {
            fail(policy, binding.name(), "failed to configure binding: " + unusable.getMessage());
        }
    }

    private void fail(Policy<B> policy, String binding, String message) {
        if (!policy.ignoresFailure()) {
            failures.add(new Failure(policy.name(), binding, message, ""));
        }
    }
}
