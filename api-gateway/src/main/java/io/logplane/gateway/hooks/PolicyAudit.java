package io.logplane.gateway.hooks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.extension.cel.Budget;
import io.logplane.extension.cel.Evaluated;
import io.logplane.extension.cel.Expression;
import io.logplane.gateway.admission.AdmissionRequest;
import io.logplane.gateway.hooks.Invocations.Invocation;
import io.logplane.schemas.model.Json;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What validating policies write into the audit record of a request.
///
/// | key | value |
/// |---|---|
/// | `POLICY/KEY` | what the annotation's expression gave, of several bindings the different ones after commas |
/// | `validation.policy.admission.k8s.io/validation_failure` | the first rule broken whose binding says `Audit`, as JSON |
///
/// Thread: one; for one request. Source: k8s.io/apiserver/pkg/admission/plugin/policy/validating.
final class PolicyAudit {
    /// Of one value, as upstream.
    private static final int MAX_VALUE = 10 * 1024;
    private static final String FAILURE = "validation.policy.admission.k8s.io/validation_failure";

    private final Map<String, Set<String>> values = new LinkedHashMap<>();

    /// Shape: `rule` is its place in the policy.
    static void broken(AdmissionRequest request, PolicyBinding binding, int rule, String message) {
        if (binding.actions().contains("Audit")) {
            ObjectNode failure = Json.newObject();
            failure.put("message", message);
            failure.put("policy", binding.policy());
            failure.put("binding", binding.name());
            failure.put("expressionIndex", rule);
            binding.actions().forEach(failure.putArray("validationActions")::add);
            request.annotate(FAILURE, Json.MAPPER.createArrayNode().add(failure).toString());
        }
    }

    /// Evaluates the annotation. Shape: what failed; empty for one that says nothing, too.
    Optional<String> annotation(Invocation<?> invocation, String key, Expression expression,
            Map<String, Object> variables, Budget budget) {
        Evaluated result = expression.evaluate(variables, budget);
        if (result instanceof Evaluated.Value(Object value)) {
            if (value instanceof String text && !text.isBlank()) {
                values.computeIfAbsent(invocation.policy().name() + "/" + key, unused -> new LinkedHashSet<>())
                        .add(cut(text
                                .strip()));
            }
            return Optional.empty();
        }
        return Composition.failure(expression, result);
    }

    private static String cut(String text) {
        return text.length() > MAX_VALUE ? text.substring(0, MAX_VALUE) : text;
    }

    void publish(AdmissionRequest request) {
        values.forEach((key, texts) -> request.annotate(key, String.join(", ", texts)));
    }
}
