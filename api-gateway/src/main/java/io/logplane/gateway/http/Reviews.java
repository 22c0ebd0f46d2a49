package io.logplane.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.authn.Authenticator;
import io.logplane.gateway.authn.TokenSource;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.authz.Authorizer;
import io.logplane.gateway.authz.Decision;
import io.logplane.gateway.authz.PolicyRule;
import io.logplane.gateway.authz.Question;
import io.logplane.gateway.request.FieldSelector;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.gateway.write.Representations;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.LabelSelector;
import io.logplane.schemas.rules.ReviewRules;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.ResourceTypes;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The questions about identity and access that are asked by creating an object. Nothing is stored.
///
/// Source: k8s.io/api/authorization/v1, authentication/v1.
final class Reviews {
    private static final Map<String, LabelSelector.Operator> OPERATORS = Map.of("In", LabelSelector.Operator.IN,
            "NotIn", LabelSelector.Operator.NOT_IN, "Exists", LabelSelector.Operator.EXISTS, "DoesNotExist",
            LabelSelector.Operator.ABSENT);

    private final Representations representations;
    private final Authorizer authorizer;
    private final Authenticator authenticator;
    private final InstantSource clock;

    Reviews(Representations representations, Authorizer authorizer, Authenticator authenticator, InstantSource clock) {
        this.representations = representations;
        this.authorizer = authorizer;
        this.authenticator = authenticator;
        this.clock = clock;
    }

    ObjectNode answer(RequestInfo info, User user, byte[] body, String contentType) {
        ResourceType type = ResourceTypes.find(info.group(), info.version(), info.resource()).orElseThrow(
                Refusals::noSuchResource);
        ObjectNode review = representations.decodeKind(body, contentType, type.group(), type.version(), type.kind());
        review.put("kind", type.kind());
        review.put("apiVersion", type.apiVersion());
        ObjectNode metadata = review.path("metadata") instanceof ObjectNode found
                ? found
                : review.putObject("metadata");
        switch (type.kind()) {
            case "SelfSubjectAccessReview" -> access(review, type, user);
            case "SubjectAccessReview" -> access(review, type, subject(review));
            case "LocalSubjectAccessReview" -> {
                if (!text(metadata, "namespace").isEmpty() && !text(metadata, "namespace").equals(info.namespace())) {
                    throw Refusals.badRequest(
                            "the namespace of the provided object does not match the namespace sent on the request");
                }
                metadata.put("namespace", info.namespace());
                access(review, type, subject(review));
            }
            case "SelfSubjectRulesReview" -> rules(review, user);
            case "SelfSubjectReview" -> {
                metadata.put("creationTimestamp", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
                describe(review.putObject("status").putObject("userInfo"), user);
            }
            case "TokenReview" -> token(review);
            default -> throw Refusals.noSuchResource();
        }
        return review;
    }

    /// Upstream refuses without the kind.
    private void access(ObjectNode review, ResourceType type, User user) {
        List<FieldError> errors = ReviewRules.check(type.kind(), review);
        if (!errors.isEmpty()) {
            throw Refusals.invalid(type.group(), "", "", errors);
        }
        JsonNode resource = review.path("spec").path("resourceAttributes");
        JsonNode other = review.path("spec").path("nonResourceAttributes");
        RequestInfo asked = resource.isObject()
                ? new RequestInfo(true, "", text(resource, "verb"), text(resource, "group"), text(resource, "version"),
                        text(resource, "resource"), text(resource, "subresource"), text(resource, "namespace"), text(
                                resource, "name"),
                        false)
                : RequestInfo.nonResource(text(other, "path"), text(other, "verb"));
        ObjectNode status = review.putObject("status");
        Decision decision = authorizer.decide(new Question(user, asked, fields(resource), labels(resource)));
        status.put("allowed", decision.allowed());
        if (decision.verdict() == Decision.Verdict.DENY) {
            status.put("denied", true);
        }
        if (!decision.reason().isEmpty()) {
            status.put("reason", decision.reason());
        }
        if (!decision.error().isEmpty()) {
            status.put("evaluationError", decision.error());
        }
    }

    /// Shape: a requirement that no field selector can express is left out: more is asked for, never less.
    private static FieldSelector fields(JsonNode resource) {
        JsonNode selector = resource.path("fieldSelector");
        if (!text(selector, "rawSelector").isEmpty()) {
            return FieldSelector.parse(text(selector, "rawSelector"));
        }
        List<io.logplane.schemas.model.FieldSelector.Term> terms = new ArrayList<>();
        for (JsonNode one : selector.path("requirements")) {
            boolean in = text(one, "operator").equals("In");
            if (one.path("values").size() == 1 && (in || text(one, "operator").equals("NotIn"))) {
                terms.add(
                        new io.logplane.schemas.model.FieldSelector.Term(text(one, "key"), in, one.path("values").path(
                                0).asText()));
            }
        }
        return new FieldSelector(new io.logplane.schemas.model.FieldSelector(terms));
    }

    private static LabelSelector labels(JsonNode resource) {
        JsonNode selector = resource.path("labelSelector");
        if (!text(selector, "rawSelector").isEmpty()) {
            return io.logplane.gateway.request.LabelSelector.parse(text(selector, "rawSelector")).wanted();
        }
        List<LabelSelector.Requirement> requirements = new ArrayList<>();
        for (JsonNode one : selector.path("requirements")) {
            List<String> values = new ArrayList<>();
            one.path("values").forEach(value -> values.add(value.asText()));
            Optional.ofNullable(OPERATORS.get(text(one, "operator"))).ifPresent(operator -> requirements.add(
                    new LabelSelector.Requirement(text(one, "key"), operator, values)));
        }
        return new LabelSelector(requirements, false);
    }

    private static User subject(ObjectNode review) {
        JsonNode spec = review.path("spec");
        List<String> groups = new ArrayList<>();
        spec.path("groups").forEach(g -> groups.add(g.asText()));
        String name = text(spec, "user");
        Map<String, List<String>> extra = new LinkedHashMap<>();
        spec.path("extra").properties().forEach(entry -> {
            List<String> values = new ArrayList<>();
            entry.getValue().forEach(value -> values.add(value.asText()));
            extra.put(entry.getKey().toLowerCase(Locale.ROOT), values);
        });
        return new User(name, text(spec, "uid"), groups, extra);
    }

    private void rules(ObjectNode review, User user) {
        String namespace = text(review.path("spec"), "namespace");
        if (namespace.isEmpty()) {
            throw Refusals.badRequest("no namespace on request");
        }
        ObjectNode status = review.putObject("status");
        ArrayNode resources = status.putArray("resourceRules");
        ArrayNode urls = status.putArray("nonResourceRules");
        List<PolicyRule> rules = new ArrayList<>(authorizer.rbac().rulesOf(user, namespace));
        for (PolicyRule rule : rules) {
            if (!rule.resources().isEmpty()) {
                ObjectNode node = resources.addObject();
                texts(node, "verbs", rule.verbs());
                texts(node, "apiGroups", rule.groups());
                texts(node, "resources", rule.resources());
                texts(node, "resourceNames", rule.names());
            }
            if (!rule.urls().isEmpty()) {
                ObjectNode node = urls.addObject();
                texts(node, "verbs", rule.verbs());
                texts(node, "nonResourceURLs", rule.urls());
            }
        }
        List<String> hidden = authorizer.notListed(user);
        status.put("incomplete", !hidden.isEmpty());
        if (!hidden.isEmpty()) {
            status.put("evaluationError", String.join(", ", hidden));
        }
    }

    private void token(ObjectNode review) {
        JsonNode spec = review.path("spec");
        List<String> audiences = new ArrayList<>();
        spec.path("audiences").forEach(a -> audiences.add(a.asText()));
        if (text(spec, "token").isEmpty()) {
            throw Refusals.badRequest("token is required for TokenReview in authentication");
        }
        TokenSource.Answer answer = authenticator.byToken(text(spec, "token"), audiences.isEmpty()
                ? authenticator.ownAudiences()
                : audiences);
        ObjectNode status = review.putObject("status");
        switch (answer) {
            case TokenSource.Answer.Known known -> {
                status.put("authenticated", true);
                describe(status.putObject("user"), known.user());
                texts(status, "audiences", known.audiences());
            }
            case TokenSource.Answer.Refused refused -> {
                status.putObject("user");
                status.put("error", refused.why());
            }
            case TokenSource.Answer.NotMine _ -> status.putObject("user");
        }
    }

    private static void describe(ObjectNode out, User user) {
        out.put("username", user.name());
        if (!user.uid().isEmpty()) {
            out.put("uid", user.uid());
        }
        texts(out, "groups", user.groups());
        if (!user.extra().isEmpty()) {
            ObjectNode extra = out.putObject("extra");
            user.extra().forEach((key, values) -> texts(extra, key, values));
        }
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText("");
    }

    private static void texts(ObjectNode node, String field, List<String> values) {
        if (!values.isEmpty()) {
            ArrayNode array = node.putArray(field);
            values.forEach(array::add);
        }
    }
}
