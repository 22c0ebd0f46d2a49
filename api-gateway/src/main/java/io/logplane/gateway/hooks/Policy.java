package io.logplane.gateway.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.logplane.extension.cel.CelEnvironment;
import io.logplane.extension.cel.DeclaredType.Scalar;
import io.logplane.extension.cel.Expression;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A validating policy, compiled once for each revision of it, with its bindings.
///
/// Shape: `paramKind` missing when it takes no parameters. Errors: [io.logplane.extension.cel.CompileFailed].
/// Source: ValidatingAdmissionPolicy of admissionregistration.k8s.io/v1.
record Policy(String name, JsonNode paramKind, Matching matching, MatchConditions conditions,
        Map<String, Expression> variables, Rules rules, List<PolicyBinding> bindings) {

    /// What the policy says. Shape: validations in order, then annotations.
    /// `unusable` says why none of it can be evaluated; "" when it can.
    record Rules(List<Validation> validations, Map<String, Expression> annotations, boolean ignoresFailure,
            String unusable) {
    }

    /// One rule. Shape: `message` and `reason` "" when not said.
    record Validation(Expression expression, String message, Optional<Expression> messageExpression, String reason) {
    }

    /// One that cannot be used: it matches by its rules alone and whatever it is about breaks it.
    static Policy unusable(JsonNode policy, String why) {
        JsonNode spec = policy.path("spec");
        return new Policy(policy.at("/metadata/name").asText(), spec.path("paramKind"), Matching.byRules(spec.path(
                "matchConstraints").path("resourceRules")), MatchConditions.of(MissingNode.getInstance(),
                        RequestVariables.environment().build()),
                Map.of(), new Rules(List.of(), Map.of(), ignores(spec), why), List.of());
    }

    private static boolean ignores(JsonNode spec) {
        return spec.path("failurePolicy").asText().equals("Ignore");
    }

    static Policy of(JsonNode policy) {
        JsonNode spec = policy.path("spec");
        CelEnvironment.Builder names = RequestVariables.environment().variable("namespaceObject", Scalar.DYN);
        if (spec.path("paramKind").isObject()) {
            names.variable("params", Scalar.DYN);
        }
        MatchConditions conditions = MatchConditions.of(spec.path("matchConditions"), names.build());
        Map<String, Expression> variables = new LinkedHashMap<>();
        for (JsonNode variable : spec.path("variables")) {
            String name = variable.path("name").asText();
            Expression expression = names.build().compile(variable.path("expression").asText());
            variables.put(name, expression);
            names.composed("variables", name, expression);
        }
        CelEnvironment environment = names.build();
        return new Policy(policy.at("/metadata/name").asText(), spec.path("paramKind"), Matching.ofResources(spec.path(
                "matchConstraints")), conditions, variables, rules(spec, environment), List.of());
    }

    private static Rules rules(JsonNode spec, CelEnvironment environment) {
        List<Validation> validations = new ArrayList<>();
        for (JsonNode rule : spec.path("validations")) {
            String message = rule.path("messageExpression").asText();
            validations.add(new Validation(environment.compile(rule.path("expression").asText(), "bool"), rule.path(
                    "message").asText().strip(), message.isEmpty()
                            ? Optional.empty()
                            : Optional.of(environment.compile(message, "string")),
                    rule.path("reason").asText()));
        }
        Map<String, Expression> annotations = new LinkedHashMap<>();
        for (JsonNode annotation : spec.path("auditAnnotations")) {
            annotations.put(annotation.path("key").asText(), environment.compile(annotation.path("valueExpression")
                    .asText(), "string", "null_type"));
        }
        return new Rules(validations, annotations, ignores(spec), "");
    }

    Policy with(List<PolicyBinding> others) {
        return new Policy(name, paramKind, matching, conditions, variables, rules, others);
    }
}
