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
import java.util.function.BiFunction;

/// A policy, compiled once for each revision of it, with its bindings.
///
/// Shape: `paramKind` missing when it takes no parameters; `body` is what only its kind has. `unusable` says why none
/// of it can be evaluated; "" when it can. Errors: [io.logplane.extension.cel.CompileFailed].
/// Source: ValidatingAdmissionPolicy, MutatingAdmissionPolicy of admissionregistration.k8s.io/v1.
record Policy<B>(String name, JsonNode paramKind, Matching matching, MatchConditions conditions,
        Map<String, Expression> variables, boolean ignoresFailure, String unusable, B body,
        List<PolicyBinding> bindings) {

    /// What a validating policy says. Shape: validations in order, then annotations.
    record Validations(List<Validation> validations, Map<String, Expression> annotations) {
        static final Validations NONE = new Validations(List.of(), Map.of());
    }

    /// One rule. Shape: `message` and `reason` "" when not said.
    record Validation(Expression expression, String message, Optional<Expression> messageExpression, String reason) {
    }

    /// What a mutating policy says. Shape: in order; `again` when it wants to see what others made of its work.
    record Mutations(List<Mutation> mutations, boolean again) {
        static final Mutations NONE = new Mutations(List.of(), false);
    }

    /// One mutation. Shape: of type `Object` when it is an apply configuration, else `list(JSONPatch)`.
    record Mutation(boolean apply, Expression expression) {
    }

    static Policy<Validations> validating(JsonNode policy) {
        return compiled(policy, (spec, names) -> validations(spec, names.build()));
    }

    static Policy<Mutations> mutating(JsonNode policy) {
        return compiled(policy, (spec, names) -> mutations(spec, names.buildForPatches()));
    }

    /// One that cannot be used: it matches by its rules alone and whatever it is about breaks it.
    static <B> Policy<B> unusable(JsonNode policy, String why, B body) {
        JsonNode spec = policy.path("spec");
        return new Policy<>(policy.at("/metadata/name").asText(), spec.path("paramKind"), Matching.byRules(spec.path(
                "matchConstraints").path("resourceRules")), MatchConditions.of(MissingNode.getInstance(),
                        RequestVariables.environment().build()),
                Map.of(), ignores(spec), why, body, List.of());
    }

    private static boolean ignores(JsonNode spec) {
        return spec.path("failurePolicy").asText().equals("Ignore");
    }

    /// What the expressions of a policy may name, but for its variables.
    static CelEnvironment.Builder names(JsonNode spec) {
        CelEnvironment.Builder names = RequestVariables.environment();
        if (spec.path("paramKind").isObject()) {
            names.variable("params", Scalar.DYN);
        }
        return names;
    }

    private static <B> Policy<B> compiled(JsonNode policy, BiFunction<JsonNode, CelEnvironment.Builder, B> compile) {
        JsonNode spec = policy.path("spec");
        CelEnvironment.Builder names = names(spec);
        MatchConditions conditions = MatchConditions.of(spec.path("matchConditions"), names.build());
        Map<String, Expression> variables = new LinkedHashMap<>();
        names.composes(HookExpressions.VARIABLES);
        for (JsonNode variable : spec.path("variables")) {
            String name = variable.path("name").asText();
            Expression expression = names.build().compile(variable.path("expression").asText());
            variables.put(name, expression);
            names.composed(HookExpressions.VARIABLES, name, expression);
        }
        return new Policy<>(policy.at("/metadata/name").asText(), spec.path("paramKind"), Matching.ofResources(spec
                .path("matchConstraints")), conditions, variables, ignores(spec), "", compile.apply(spec, names), List
                        .of());
    }

    private static Validations validations(JsonNode spec, CelEnvironment environment) {
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
        return new Validations(validations, annotations);
    }

    private static Mutations mutations(JsonNode spec, CelEnvironment environment) {
        List<Mutation> mutations = new ArrayList<>();
        for (JsonNode mutation : spec.path("mutations")) {
            boolean apply = mutation.path("patchType").asText().equals("ApplyConfiguration");
            String source = mutation.path(apply ? "applyConfiguration" : "jsonPatch").path("expression").asText();
            mutations.add(new Mutation(apply, environment.compile(source, apply ? "Object" : "list(JSONPatch)")));
        }
        return new Mutations(mutations, spec.path("reinvocationPolicy").asText().equals("IfNeeded"));
    }

    Policy<B> with(List<PolicyBinding> others) {
        return new Policy<>(name, paramKind, matching, conditions, variables, ignoresFailure, unusable, body, others);
    }
}
