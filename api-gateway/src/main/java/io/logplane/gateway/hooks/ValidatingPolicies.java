package io.logplane.gateway.hooks;

import io.logplane.extension.cel.Budget;
import io.logplane.extension.cel.Evaluated;
import io.logplane.extension.cel.Expression;
import io.logplane.gateway.admission.Admission;
import io.logplane.gateway.admission.AdmissionRequest;
import io.logplane.gateway.admission.Lookup;
import io.logplane.gateway.authz.Authorizer;
import io.logplane.gateway.hooks.Invocations.Invocation;
import io.logplane.gateway.hooks.Policy.Validation;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.Refusal;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.types.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Holds a write against every validating policy bound to it.
///
/// Source: k8s.io/apiserver/pkg/admission/plugin/policy/validating (dispatcher, validator).
public final class ValidatingPolicies implements Admission.Step {
    private static final List<String> DENY = List.of("Deny");
    /// Annotations may name the authorizer and are not given it, as upstream.
    private static final Supplier<Object> NOBODY = () -> {
        throw new Expression.VariableFailed("no such attribute(s): authorizer");
    };
    /// Bytes of a message that an expression makes, as upstream.
    private static final int MAX_MESSAGE = 5 * 1024;
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
            return "ValidatingAdmissionPolicy '" + policy + (binding.isEmpty()
                    ? "'"
                    : "' with binding '" + binding
                            + "'")
                    + " denied request: " + message;
        }

        String warning() {
            return "Validation failed for ValidatingAdmissionPolicy '" + policy + "' with binding '" + binding + "': "
                    + message;
        }
    }

    @Override
    public void validate(AdmissionRequest admission) {
        List<Policy<Policy.Validations>> all = hooks.snapshot().validatingPolicies();
        if (all.isEmpty()) {
            return;
        }
        HookRequest request = HookRequest.of(admission);
        if (request.unseenByPolicies()) {
            return;
        }
        Invocations<Policy.Validations> found = Invocations.of(all, request, lookup);
        List<Broken> broken = new ArrayList<>();
        found.failures().forEach(failure -> broken.add(new Broken(failure.policy(), failure.binding(), DENY, failure
                .message(), "")));
        PolicyAudit audit = new PolicyAudit();
        found.all().forEach(invocation -> evaluate(invocation, audit, broken));
        audit.publish(admission);
        broken.stream().filter(one -> one.actions().contains("Warn")).forEach(one -> admission.warn(one.warning()));
        Optional<Broken> first = broken.stream().filter(one -> one.actions().contains("Deny")).findFirst();
        if (first.isPresent()) {
            throw refused(request, first.get());
        }
    }

    private void evaluate(Invocation<Policy.Validations> invocation, PolicyAudit audit, List<Broken> broken) {
        MatchConditions.Result conditions = invocation.policy().conditions().evaluate(invocation.ofConditions(
                authorizer));
        if (!conditions.failure().isEmpty() && !invocation.policy().ignoresFailure()) {
            broken(invocation, 0, conditions.failure(), "", broken);
        }
        if (conditions.matches() && conditions.failure().isEmpty()) {
            validate(invocation, broken);
            annotate(invocation, audit, broken);
        }
    }

    private void validate(Invocation<Policy.Validations> invocation, List<Broken> broken) {
        Budget budget = Budget.ofRequest();
        Map<String, Object> variables = invocation.variables(authorizer, lookup, budget);
        List<Validation> rules = invocation.policy().body().validations();
        List<Evaluated> results = new ArrayList<>();
        for (Validation rule : rules) {
            Evaluated result = rule.expression().evaluate(variables, budget);
            if (result instanceof Evaluated.OverBudget over && over.request()) {
                fail(invocation, 0, over.message(), broken); // and nothing else counts
                return;
            }
            results.add(result);
        }
        for (int i = 0; i < rules.size(); i++) {
            Optional<String> failure = Composition.failure(rules.get(i).expression(), results.get(i));
            if (failure.isPresent()) {
                fail(invocation, i, failure.get(), broken);
            } else if (results.get(i) instanceof Evaluated.Value value && !value.isTrue()) {
                broken(invocation, i, message(rules.get(i), variables, budget), rules.get(i).reason(), broken);
            }
        }
    }

    private static void fail(Invocation<?> invocation, int rule, String message, List<Broken> broken) {
        if (!invocation.policy().ignoresFailure()) {
            broken(invocation, rule, message, "", broken);
        }
    }

    private static void broken(Invocation<?> invocation, int rule, String message, String reason,
            List<Broken> broken) {
        PolicyBinding binding = invocation.binding();
        broken.add(new Broken(invocation.policy().name(), binding.name(), binding.actions(), message, reason));
        PolicyAudit.broken(invocation.request().admission(), binding, rule, message);
    }

    /// An annotation that cannot be made denies whatever the binding says.
    private void annotate(Invocation<Policy.Validations> invocation, PolicyAudit audit, List<Broken> broken) {
        Policy<Policy.Validations> policy = invocation.policy();
        if (policy.body().annotations().isEmpty()) {
            return;
        }
        Budget budget = Budget.ofRequest();
        Map<String, Object> variables = invocation.variables(authorizer, lookup, budget);
        variables.replaceAll((name, value) -> name.startsWith("authorizer") ? NOBODY : value);
        policy.body().annotations().forEach((key, expression) -> audit.annotation(invocation, key, expression,
                variables, budget).filter(failure -> !policy.ignoresFailure()).ifPresent(
                        failure -> broken.add(
                                new Broken(policy.name(), invocation.binding().name(), DENY, failure, ""))));
    }

    /// Errors of an expression for the message are passed over, and what it says when that is too long.
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
                && !text.strip().contains("\n") && text.strip().getBytes(
                        StandardCharsets.UTF_8).length <= MAX_MESSAGE ? Optional.of(text.strip()) : Optional.empty();
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
        Refusal forbidden = Refusals.forbidden(type, request.refusedName(), broken.denial()).refusal();
        return Refusals.withCause(new Refused(new Refusal(code, reason, forbidden.message(), forbidden.details())),
                new Refusal.Cause("", broken.denial(), ""));
    }
}
