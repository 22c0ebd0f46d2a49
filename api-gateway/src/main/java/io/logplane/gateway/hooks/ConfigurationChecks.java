package io.logplane.gateway.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.extension.cel.CelEnvironment;
import io.logplane.extension.cel.CompileFailed;
import io.logplane.gateway.admission.Admission;
import io.logplane.gateway.admission.AdmissionRequest;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Refuses webhook configurations and policies whose expressions do not compile. An update may keep match conditions as
/// they were, right or wrong: whoever changes something else does not answer for them, unless it is the kind of
/// parameters.
///
/// Source: kubernetes/pkg/apis/admissionregistration/validation.
public final class ConfigurationChecks implements Admission.Step {
    @Override
    public void validate(AdmissionRequest request) {
        if (!request.type().group().equals(Hooks.GROUP) || request.operation() == Operation.DELETE || !request
                .subresource().isEmpty()) {
            return;
        }
        ObjectNode object = request.object();
        List<FieldError> errors = new ArrayList<>();
        if (request.is("mutatingwebhookconfigurations") || request.is("validatingwebhookconfigurations")) {
            int number = 0;
            boolean kept = request.old().filter(old -> keepsConditions(object, old)).isPresent();
            for (JsonNode hook : kept ? MissingNode.getInstance() : object.path("webhooks")) {
                conditions(hook.path("matchConditions"), "webhooks[" + number++ + "].matchConditions", Webhook
                        .environment(), errors);
            }
        } else if (request.is("validatingadmissionpolicies") || request.is("mutatingadmissionpolicies")) {
            JsonNode spec = object.path("spec");
            boolean kept = request.old().map(old -> old.path("spec")).filter(old -> sameConditions(spec, old) && spec
                    .path("paramKind").equals(old.path("paramKind"))).isPresent();
            policy(spec, kept, errors);
        }
        if (!errors.isEmpty()) {
            throw Refusals.invalid(request.type().group(), request.type().kind(), request.name(), errors);
        }
    }

    private static void conditions(JsonNode list, String at, CelEnvironment environment, List<FieldError> errors) {
        int number = 0;
        for (JsonNode condition : list) {
            String source = condition.path("expression").asText().strip();
            compile(source, source, at + "[" + number++ + "].expression", environment, errors, "bool");
        }
    }

    /// All webhooks of a configuration or none: by their places, as upstream compares them.
    private static boolean keepsConditions(JsonNode object, JsonNode old) {
        JsonNode hooks = object.path("webhooks");
        JsonNode before = old.path("webhooks");
        return hooks.size() == before.size() && IntStream.range(0, hooks.size()).allMatch(i -> sameConditions(hooks.get(
                i), before.get(i)));
    }

    private static boolean sameConditions(JsonNode holder, JsonNode old) {
        return holder.path("matchConditions").equals(old.path("matchConditions"));
    }

    private static void policy(JsonNode spec, boolean conditionsKept, List<FieldError> errors) {
        CelEnvironment.Builder names = Policy.names(spec);
        if (!conditionsKept) {
            conditions(spec.path("matchConditions"), "spec.matchConditions", names.build(), errors);
        }
        int number = 0;
        for (JsonNode variable : spec.path("variables")) {
            String at = "spec.variables[" + number++ + "]";
            String source = variable.path("expression").asText();
            try {
                names.composed("variables", variable.path("name").asText(), names.build().compile(source));
            } catch (CompileFailed wrong) {
                errors.add(error(at + ".expression", source, wrong));
            }
        }
        CelEnvironment environment = names.build();
        CelEnvironment forMessages = names.buildWithoutAuthorizer();
        number = 0;
        for (JsonNode rule : spec.path("validations")) {
            String at = "spec.validations[" + number++ + "].";
            String source = rule.path("expression").asText();
            compile(source, source, at + "expression", environment, errors, "bool");
            String message = rule.path("messageExpression").asText();
            compile(message, message, at + "messageExpression", forMessages, errors, "string");
        }
        CelEnvironment forPatches = names.buildForPatches();
        number = 0;
        for (JsonNode mutation : spec.path("mutations")) {
            String at = "spec.mutations[" + number++ + "].";
            String applied = mutation.path("applyConfiguration").path("expression").asText().strip();
            compile(applied, applied, at + "applyConfiguration.expression", forPatches, errors, "Object");
            String patched = mutation.path("jsonPatch").path("expression").asText().strip();
            compile(patched, patched, at + "jsonPatch.expression", forPatches, errors, "list(JSONPatch)");
        }
        number = 0;
        for (JsonNode annotation : spec.path("auditAnnotations")) {
            String source = annotation.path("valueExpression").asText();
            compile(source.strip(), source, "spec.auditAnnotations[" + number++ + "].valueExpression", environment,
                    errors, "string", "null_type");
        }
    }

    /// Shape: `shown` is how the refusal quotes it: upstream cuts the blanks around most expressions, not around all.
    private static void compile(String source, String shown, String at, CelEnvironment environment,
            List<FieldError> errors, String... results) {
        if (source.isBlank()) {
            return; // whether it may be absent is the type's own rule
        }
        try {
            environment.compile(source, results);
        } catch (CompileFailed wrong) {
            errors.add(error(at, shown, wrong));
        }
    }

    private static FieldError error(String at, String source, CompileFailed wrong) {
        return FieldError.invalid(at, Refusals.quoted(source), wrong.problems().startsWith("must evaluate")
                ? wrong.problems()
                : "compilation failed: " + wrong.problems());
    }
}
