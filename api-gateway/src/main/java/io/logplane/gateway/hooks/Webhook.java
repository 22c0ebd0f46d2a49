package io.logplane.gateway.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.extension.cel.CelEnvironment;
import io.logplane.gateway.admission.Lookup;
import io.logplane.gateway.authz.Authorizer;
import io.logplane.gateway.request.Refusals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One webhook of a configuration, compiled once for each revision of it.
///
/// Source: admissionregistration.k8s.io/v1.
record Webhook(String configuration, String name, Matching matching, MatchConditions conditions, boolean ignoresFailure,
        boolean withoutSideEffects, boolean again, Duration timeout, WebhookClient client) {
    /// What upstream waits when nothing is said, and at most.
    private static final int DEFAULT_SECONDS = 10;
    private static final int MAX_SECONDS = 30;
    private static final CelEnvironment ENVIRONMENT = RequestVariables.environment().build();

    static CelEnvironment environment() {
        return ENVIRONMENT;
    }

    /// The webhooks of a configuration, in its order.
    static List<Webhook> of(JsonNode configuration, Lookup lookup) {
        List<Webhook> hooks = new ArrayList<>();
        String name = configuration.at("/metadata/name").asText();
        for (JsonNode hook : configuration.path("webhooks")) {
            String sideEffects = hook.path("sideEffects").asText();
            int seconds = Math.min(hook.path("timeoutSeconds").asInt(DEFAULT_SECONDS), MAX_SECONDS);
            Duration timeout = Duration.ofSeconds(seconds);
            hooks.add(new Webhook(name, hook.path("name").asText(), Matching.ofWebhook(hook), MatchConditions.of(hook
                    .path("matchConditions"), ENVIRONMENT), hook.path("failurePolicy").asText().equals("Ignore"),
                    sideEffects.equals("None") || sideEffects.equals("NoneOnDryRun"), hook.path("reinvocationPolicy")
                            .asText().equals("IfNeeded"),
                    timeout, new WebhookClient(hook.path("clientConfig"), timeout,
                            lookup)));
        }
        return hooks;
    }

    /// The request as this webhook is to see it; empty when it is not to be called.
    ///
    /// Errors: 403 when a match condition fails and failures count; 400 for a dry run it cannot take part in.
    Optional<HookRequest> wants(HookRequest request, Lookup lookup, Authorizer authorizer) {
        Optional<HookRequest> matched = matching.match(request, lookup);
        if (matched.isEmpty()) {
            return matched;
        }
        if (!conditions.isEmpty()) {
            Map<String, Object> variables = RequestVariables.of(matched.get(), authorizer);
            MatchConditions.Result result = conditions.evaluate(variables);
            if (!result.failure().isEmpty() && !ignoresFailure) {
                throw Refusals.forbidden(request.type(), request.name(), result.failure());
            }
            if (!result.matches() || !result.failure().isEmpty()) {
                return Optional.empty();
            }
        }
        if (request.admission().dryRun() && !withoutSideEffects) {
            throw Refusals.badRequest("admission webhook " + Refusals.quoted(name) + " does not support dry run");
        }
        return matched;
    }
}
