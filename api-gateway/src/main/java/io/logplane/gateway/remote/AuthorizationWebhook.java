package io.logplane.gateway.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.extension.cel.Budget;
import io.logplane.extension.cel.Evaluated;
import io.logplane.extension.cel.Expression;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.authz.Authorizer;
import io.logplane.gateway.authz.Decision;
import io.logplane.gateway.authz.Question;
import io.logplane.gateway.identity.AccessVariables;
import io.logplane.gateway.identity.AuthorizationSettings;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.schemas.model.FieldSelector;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.LabelSelector;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks a webhook whether a user may.
///
/// Shape: answers are kept as long as the settings say, by the whole question; a failed call denies or has no opinion,
/// as the settings say. Thread: any; blocks.
/// Source: k8s.io/apiserver/plugin/pkg/authorizer/webhook.
public final class AuthorizationWebhook implements Authorizer.Link {
    private static final Logger LOG = LoggerFactory.getLogger(AuthorizationWebhook.class);
    private static final String GROUP = "authorization.k8s.io/";
    private static final int KEPT = 8192;
    /// Of what the client chooses. A longer question is what an attacker would fill the cache with.
    private static final int MAX_KEPT_CHARS = 10_000;

    private final String name;
    private final AuthorizationSettings.Webhook settings;
    private final ReviewClient client;
    private final ExpiringCache<String, Decision> answers;

    /// Errors: [io.logplane.gateway.identity.SettingsInvalid].
    public AuthorizationWebhook(String name, AuthorizationSettings.Webhook settings, InstantSource clock) {
        this.name = name;
        this.settings = settings;
        this.client = new ReviewClient(Path.of(settings.kubeconfig()), settings.timeout());
        this.answers = new ExpiringCache<>(KEPT, clock);
    }

    @Override
    public String notListed(User user) {
        return "webhook authorizer does not support user rule resolution";
    }

    @Override
    public Decision decide(Question question) {
        ObjectNode spec = spec(question);
        Optional<Decision> unmatched = unmatched(spec);
        if (unmatched.isPresent()) {
            return unmatched.get();
        }
        String key = spec.toString();
        Optional<Decision> kept = answers.get(key);
        if (kept.isPresent()) {
            return kept.get();
        }
        Decision decision;
        try {
            ObjectNode review = Json.newObject();
            review.put("kind", "SubjectAccessReview");
            review.put("apiVersion", GROUP + settings.version());
            review.putObject("metadata");
            review.set("spec", sent(spec));
            review.putObject("status").put("allowed", false);
            decision = decision(client.post(review).path("status"));
        } catch (WebhookServer.CallFailed failed) {
            LOG.warn("the authorization webhook {} gave no answer: {}", name, failed.getMessage());
            return failed(String.valueOf(failed.getMessage()));
        }
        Duration life = decision.allowed() ? settings.authorizedTtl() : settings.unauthorizedTtl();
        if (!life.isZero() && chosen(question.info()) < MAX_KEPT_CHARS) {
            answers.put(key, decision, life);
        }
        return decision;
    }

    private static int chosen(RequestInfo info) {
        return Stream.of(info.namespace(), info.verb(), info.group(), info.version(), info.resource(), info
                .subresource(), info.name(), info.path()).mapToInt(String::length).sum();
    }

    private Decision failed(String error) {
        return new Decision(settings.denyOnFailure() ? Decision.Verdict.DENY : Decision.Verdict.NO_OPINION, "", error);
    }

    private Decision decision(JsonNode status) {
        boolean allowed = status.path("allowed").asBoolean();
        boolean denied = status.path("denied").asBoolean();
        String reason = status.path("reason").asText();
        if (allowed && denied) {
            return new Decision(Decision.Verdict.DENY, reason,
                    "webhook subject access review returned both allow and deny response");
        }
        return new Decision(denied
                ? Decision.Verdict.DENY
                : allowed ? Decision.Verdict.ALLOW : Decision.Verdict.NO_OPINION, reason, "");
    }

    /// Empty: the webhook is to be asked. A condition that fails counts as the webhook's own failure, unless another
    /// says that it is not asked at all.
    private Optional<Decision> unmatched(ObjectNode spec) {
        if (settings.conditions().isEmpty()) {
            return Optional.empty();
        }
        Map<String, Object> variables = AccessVariables.of(spec);
        Budget budget = new Budget(Budget.MATCH_CONDITIONS);
        String failure = "";
        for (Expression condition : settings.conditions()) {
            switch (condition.evaluate(variables, budget)) {
                case Evaluated.Value value when !value.isTrue() -> {
                    return Optional.of(Decision.NO_OPINION);
                }
                case Evaluated.Value _ -> {
                }
                case Evaluated.Failed failed -> failure = failed.message();
                case Evaluated.OverBudget over -> failure = over.message();
            }
        }
        return failure.isEmpty() ? Optional.empty() : Optional.of(failed(failure));
    }

    /// The old version spells the groups in the singular.
    private ObjectNode sent(ObjectNode spec) {
        if (settings.version().equals("v1beta1") && spec.has("groups")) {
            ObjectNode old = spec.deepCopy();
            old.set("group", old.remove("groups"));
            return old;
        }
        return spec;
    }

    private static ObjectNode spec(Question question) {
        ObjectNode spec = Json.newObject();
        RequestInfo info = question.info();
        if (info.resourceRequest()) {
            ObjectNode resource = spec.putObject("resourceAttributes");
            text(resource, "namespace", info.namespace());
            text(resource, "verb", info.verb());
            text(resource, "group", info.group());
            text(resource, "version", info.version());
            text(resource, "resource", info.resource());
            text(resource, "subresource", info.subresource());
            text(resource, "name", info.name());
            selectors(resource, question);
        } else {
            ObjectNode other = spec.putObject("nonResourceAttributes");
            text(other, "path", info.path());
            text(other, "verb", info.verb());
        }
        User user = question.user();
        text(spec, "user", user.name());
        text(spec, "uid", user.uid());
        if (!user.groups().isEmpty()) {
            texts(spec.putArray("groups"), user.groups());
        }
        if (!user.extra().isEmpty()) {
            ObjectNode extra = spec.putObject("extra");
            user.extra().keySet().stream().sorted().forEach(key -> texts(extra.putArray(key), user.extra().getOrDefault(
                    key, List.of())));
        }
        return spec;
    }

    private static void selectors(ObjectNode resource, Question question) {
        List<FieldSelector.Term> terms = question.fields().wanted().terms();
        if (!terms.isEmpty()) {
            ArrayNode requirements = resource.putObject("fieldSelector").putArray("requirements");
            terms.forEach(term -> requirement(requirements, term.path(), term.equal() ? "In" : "NotIn", List.of(term
                    .value())));
        }
        List<LabelSelector.Requirement> labels = question.labels().requirements();
        if (!labels.isEmpty()) {
            ArrayNode requirements = resource.putObject("labelSelector").putArray("requirements");
            for (LabelSelector.Requirement label : labels) {
                switch (label.operator()) {
                    case IN, EQUALS, DOUBLE_EQUALS -> requirement(requirements, label.key(), "In", label.values());
                    case NOT_IN, NOT_EQUALS -> requirement(requirements, label.key(), "NotIn", label.values());
                    case EXISTS -> requirement(requirements, label.key(), "Exists", List.of());
                    case ABSENT -> requirement(requirements, label.key(), "DoesNotExist", List.of());
                    case GREATER, LESS -> {
                        // has no form in a review; without it more is asked for, never less
                    }
                }
            }
        }
    }

    private static void requirement(ArrayNode list, String key, String operator, List<String> values) {
        ObjectNode one = list.addObject();
        one.put("key", key);
        one.put("operator", operator);
        if (!values.isEmpty()) {
            texts(one.putArray("values"), values);
        }
    }

    private static void texts(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }

    private static void text(ObjectNode node, String field, String value) {
        if (!value.isEmpty()) {
            node.put(field, value);
        }
    }
}
