package io.logplane.gateway.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.extension.cel.CelEnvironment;
import io.logplane.extension.cel.CompileFailed;
import io.logplane.gateway.admission.Lookup;
import io.logplane.gateway.authz.Authorizer;
import io.logplane.gateway.outbound.WebhookClient;
import io.logplane.gateway.request.Refusals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One webhook of a configuration, compiled once for each revision of it.
///
/// Source: admissionregistration.k8s.io/v1.
record Webhook(String configuration, String name, Matching matching, MatchConditions conditions, boolean ignoresFailure,
        boolean withoutSideEffects, boolean again, String version, WebhookClient client) {
    /// Forms of a review, of which a configuration names at least one.
    private static final List<String> VERSIONS = List.of("v1", "v1beta1");
    /// What upstream waits when nothing is said, and at most.
    private static final int DEFAULT_SECONDS = 10;
    private static final int MAX_SECONDS = 30;
    private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);
    private static final CelEnvironment ENVIRONMENT = RequestVariables.environment().build();

    static CelEnvironment environment() {
        return ENVIRONMENT;
    }

    /// The webhooks of a configuration, in its order.
    static List<Webhook> of(JsonNode configuration, Lookup lookup) {
        List<Webhook> hooks = new ArrayList<>();
        String name = configuration.at("/metadata/name").asText();
        for (JsonNode hook : configuration.path("webhooks")) {
            try {
                hooks.add(one(name, hook, lookup));
            } catch (CompileFailed | IllegalArgumentException broken) {
                LOG.error("webhook {} of {} cannot be used; requests it is about fail by its failure policy: {}", hook
                        .path("name").asText(), name, broken.getMessage());
                hooks.add(unusable(name, hook, String.valueOf(broken.getMessage()), lookup));
            }
        }
        return hooks;
    }

    private static Webhook one(String configuration, JsonNode hook, Lookup lookup) {
        String sideEffects = hook.path("sideEffects").asText();
        int seconds = Math.min(hook.path("timeoutSeconds").asInt(DEFAULT_SECONDS), MAX_SECONDS);
        Duration timeout = Duration.ofSeconds(seconds);
        return new Webhook(configuration, hook.path("name").asText(), Matching.ofWebhook(hook), MatchConditions.of(hook
                .path("matchConditions"), ENVIRONMENT), ignores(hook),
                sideEffects.equals("None") || sideEffects.equals("NoneOnDryRun"), hook.path("reinvocationPolicy")
                        .asText().equals("IfNeeded"),
                version(hook), new WebhookClient(hook.path("clientConfig"), timeout, lookup));
    }

    /// It matches by its rules alone and fails whenever it is called: what cannot be read must not let requests by.
    private static Webhook unusable(String configuration, JsonNode hook, String why, Lookup lookup) {
        return new Webhook(configuration, hook.path("name").asText(), Matching.byRules(hook.path("rules")),
                MatchConditions.of(com.fasterxml.jackson.databind.node.MissingNode.getInstance(), ENVIRONMENT), ignores(
                        hook),
                true, false, version(hook), WebhookClient.unusable(why, lookup));
    }

    /// The first form it takes that is known.
    private static String version(JsonNode hook) {
        return hook.path("admissionReviewVersions").valueStream().map(JsonNode::asText).filter(VERSIONS::contains)
                .findFirst().orElse("v1");
    }

    private static boolean ignores(JsonNode hook) {
        return hook.path("failurePolicy").asText().equals("Ignore");
    }

    /// What tells it from all others.
    String key() {
        return configuration + "/" + name;
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
