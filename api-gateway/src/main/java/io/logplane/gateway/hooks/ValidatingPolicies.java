package io.logplane.gateway.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.extension.cel.Budget;
import io.logplane.extension.cel.Evaluated;
import io.logplane.extension.cel.Expression;
import io.logplane.extension.cel.JsonValues;
import io.logplane.gateway.admission.Admission;
import io.logplane.gateway.admission.AdmissionRequest;
import io.logplane.gateway.admission.Lookup;
import io.logplane.gateway.authz.Authorizer;
import io.logplane.gateway.hooks.Policy.Validation;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.Refusal;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.types.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Holds a write against every validating policy bound to it.
///
/// Source: k8s.io/apiserver/pkg/admission/plugin/policy/validating (dispatcher, validator).
public final class ValidatingPolicies implements Admission.Step {
    /// Virtual resources no policy sees: who may ask must not hang on what is asked.
    private static final Set<String> UNSEEN = Set.of("tokenreviews", "selfsubjectreviews", "subjectaccessreviews",
            "selfsubjectaccessreviews", "localsubjectaccessreviews", "selfsubjectrulesreviews");
    private final Hooks hooks;
    private final Lookup lookup;
    private final Authorizer authorizer;

    public ValidatingPolicies(Hooks hooks, Lookup lookup, Authorizer authorizer) {
        this.hooks = hooks;
        this.lookup = lookup;
        this.authorizer = authorizer;
    }

    /// One rule broken. Shape: `reason` "" is Invalid.
    private record Broken(String policy, String binding, List<String> actions, String message, String reason) {
        String denial() {
            return "ValidatingAdmissionPolicy '" + policy + "' with binding '" + binding + "' denied request: "
                    + message;
        }

        String warning() {
            return "Validation failed for ValidatingAdmissionPolicy '" + policy + "' with binding '" + binding + "': "
                    + message;
        }
    }

    @Override
    public void validate(AdmissionRequest admission) {
        List<Policy> all = hooks.snapshot().validatingPolicies();
        if (all.isEmpty()) {
            return;
        }
        HookRequest request = HookRequest.of(admission);
        if (request.exempt() || UNSEEN.contains(request.type().plural())) {
            return;
        }
        List<Broken> broken = new ArrayList<>();
        for (Policy policy : all) {
            policy.matching().match(request, lookup).ifPresent(matched -> hold(policy, matched, broken));
        }
        broken.stream().filter(one -> one.actions().contains("Warn")).forEach(one -> admission.warn(one.warning()));
        Optional<Broken> first = broken.stream().filter(one -> one.actions().contains("Deny")).findFirst();
        if (first.isPresent()) {
            throw refused(request, first.get());
        }
    }

    private void hold(Policy policy, HookRequest request, List<Broken> broken) {
        for (PolicyBinding binding : policy.bindings()) {
            if (!binding.matching().narrows(request, lookup)) {
                continue;
            }
            if (!policy.rules().unusable().isEmpty()) {
                if (!policy.rules().ignoresFailure()) {
                    broken.add(new Broken(policy.name(), binding.name(), List.of("Deny"), "compilation error: " + policy
                            .rules().unusable(), ""));
                }
                continue;
            }
            try {
                List<JsonNode> params = new PolicyParams(policy.paramKind(), binding.paramRef()).of(request, lookup);
                for (JsonNode param : params) {
                    evaluate(policy, binding, request, param, broken);
                }
            } catch (PolicyParams.Unusable unusable) {
                if (!policy.rules().ignoresFailure()) {
                    broken.add(new Broken(policy.name(), binding.name(), List.of("Deny"),
                            "failed to configure binding: " + unusable.getMessage(), ""));
                }
            }
        }
    }

    private void evaluate(Policy policy, PolicyBinding binding, HookRequest request, JsonNode param,
            List<Broken> broken) {
        Map<String, Object> variables = RequestVariables.of(request, authorizer);
        RequestVariables.namespaceObject(variables, request, lookup);
        variables.put("params", JsonValues.of(param));
        boolean forgiving = policy.rules().ignoresFailure();
        MatchConditions.Result conditions = policy.conditions().evaluate(variables);
        if (!conditions.failure().isEmpty()) {
            if (!forgiving) {
                broken.add(new Broken(policy.name(), binding.name(), binding.actions(), conditions.failure(), ""));
            }
            return;
        }
        if (!conditions.matches()) {
            return;
        }
        Budget budget = Budget.ofRequest();
        Composition.add(variables, policy.variables(), budget);
        for (Validation rule : policy.rules().validations()) {
            Evaluated result = rule.expression().evaluate(variables, budget);
            Optional<String> failure = Composition.failure(rule.expression(), result);
            if (failure.isPresent() && !forgiving) {
                broken.add(new Broken(policy.name(), binding.name(), binding.actions(), failure.get(), ""));
            } else if (result instanceof Evaluated.Value value && !value.isTrue()) {
                broken.add(new Broken(policy.name(), binding.name(), binding.actions(), message(rule, variables,
                        budget), rule.reason()));
            }
            if (result instanceof Evaluated.OverBudget over && over.request()) {
                return;
            }
        }
    }

    private static String message(Validation rule, Map<String, Object> variables, Budget budget) {
        Optional<String> told = rule.messageExpression().flatMap(expression -> told(expression, variables, budget));
        if (told.isPresent()) {
            return told.get();
        }
        return rule.message().isEmpty() ? "failed expression: " + rule.expression().source().strip() : rule.message();
    }

    /// Shape: empty when it fails or says nothing, or more than a line.
    private static Optional<String> told(Expression expression, Map<String, Object> variables, Budget budget) {
        return expression.evaluate(variables, budget) instanceof Evaluated.Value(String text) && !text.isBlank()
                && !text.contains("\n") ? Optional.of(text.strip()) : Optional.empty();
    }

    private static Refused refused(HookRequest request, Broken broken) {
        ResourceType type = request.asked().type();
        String reason = broken.reason().isEmpty() ? "Invalid" : broken.reason();
        int code = switch (reason) {
            case "Unauthorized" -> 401;
            case "Forbidden" -> 403;
            case "RequestEntityTooLarge" -> 413;
            default -> 422;
        };
        Refusal forbidden = Refusals.forbidden(type, request.name(), broken.denial()).refusal();
        return Refusals.withCause(new Refused(new Refusal(code, reason, forbidden.message(), forbidden.details())),
                new Refusal.Cause("", broken.denial(), ""));
    }
}
