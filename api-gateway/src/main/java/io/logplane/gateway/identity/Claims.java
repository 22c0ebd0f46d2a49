package io.logplane.gateway.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.extension.cel.Budget;
import io.logplane.extension.cel.DeclaredType.MapOf;
import io.logplane.extension.cel.DeclaredType.Scalar;
import io.logplane.extension.cel.Evaluated;
import io.logplane.extension.cel.Expression;
import io.logplane.extension.cel.JsonValues;
import io.logplane.gateway.authn.User;
import io.logplane.schemas.model.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// From the verified claims of a token to the user they describe.
///
/// Errors: [ClaimsRefused] with upstream's words. Thread: one per call; stateless.
/// Source: k8s.io/apiserver/plugin/pkg/authenticator/token/oidc.
public final class Claims {
    private static final String EMAIL = "email";
    private static final String VERIFIED = "email_verified";

    private final JwtRules rules;
    private final ObjectNode claims;
    private final Map<String, Object> variables;
    private final Budget budget = Budget.ofRequest();

    private Claims(JwtRules rules, ObjectNode claims) {
        this.rules = rules;
        this.claims = claims;
        this.variables = Map.of("claims", JsonValues.of(claims, new MapOf(Scalar.DYN)));
    }

    /// A good token of somebody who is not to be let in.
    public static final class ClaimsRefused extends RuntimeException {
        ClaimsRefused(String message) {
            super(message, null, false, false);
        }
    }

    /// Shape: the user without the group of the authenticated.
    public static User user(JwtRules rules, ObjectNode claims) {
        return new Claims(rules, claims).user();
    }

    private User user() {
        String name = name();
        List<String> groups = groups();
        String uid = uid();
        Map<String, List<String>> extra = extra();
        rules.claimRules().forEach(this::require);
        User user = new User(name, uid, groups, extra);
        Map<String, Object> described = Map.of("user", JsonValues.of(described(user), ClaimMapping.USER));
        for (JwtRules.UserRule rule : rules.userRules()) {
            require(rule.expression(), rule.message(), described, "user");
        }
        return user;
    }

    private String name() {
        ClaimMapping mapping = rules.username();
        if (mapping.expression().isPresent()) {
            String name = text(mapping.expression().get(), "username");
            if (name.isEmpty()) {
                throw new ClaimsRefused("oidc: empty username via CEL expression is not allowed");
            }
            return name;
        }
        String name = claim(mapping.claim(), "username");
        if (mapping.claim().equals(EMAIL) && claims.has(VERIFIED)) {
            if (!claims.get(VERIFIED).isBoolean()) {
                throw new ClaimsRefused("oidc: parse 'email_verified' claim: not a bool");
            }
            if (!claims.get(VERIFIED).booleanValue()) {
                throw new ClaimsRefused("oidc: email not verified");
            }
        }
        return mapping.prefix() + name;
    }

    private List<String> groups() {
        ClaimMapping mapping = rules.groups();
        if (mapping.expression().isPresent()) {
            return texts(value(mapping.expression().get(), "groups"), "groups");
        }
        if (mapping.claim().isEmpty() || !claims.hasNonNull(mapping.claim())) {
            return List.of();
        }
        JsonNode found = claims.get(mapping.claim());
        List<String> groups = new ArrayList<>();
        for (JsonNode one : found.isArray() ? found : Json.MAPPER.createArrayNode().add(found)) {
            if (!one.isTextual()) {
                throw new ClaimsRefused("oidc: parse groups claim \"" + mapping.claim() + "\": not a string");
            }
            groups.add(mapping.prefix() + one.textValue());
        }
        return groups;
    }

    private String uid() {
        ClaimMapping mapping = rules.uid();
        if (mapping.expression().isPresent()) {
            return text(mapping.expression().get(), "uid");
        }
        return mapping.claim().isEmpty() ? "" : claim(mapping.claim(), "uid");
    }

    private Map<String, List<String>> extra() {
        Map<String, List<String>> extra = new LinkedHashMap<>();
        for (JwtRules.Extra one : rules.extra()) {
            List<String> values = texts(value(one.expression(), "extra"), "extra");
            if (!values.isEmpty()) {
                extra.put(one.key(), values);
            }
        }
        JsonNode id = claims.path("jti");
        if (id.isTextual() && !id.textValue().isEmpty()) {
            extra.put(User.CREDENTIAL_ID, List.of("JTI=" + id.textValue()));
        }
        return extra;
    }

    private void require(JwtRules.ClaimRule rule) {
        if (rule.expression().isPresent()) {
            require(rule.expression().get(), rule.message(), variables, "claim");
            return;
        }
        JsonNode found = claims.path(rule.claim());
        if (found.isMissingNode()) {
            throw new ClaimsRefused("oidc: required claim " + rule.claim() + " not present in ID token");
        }
        if (!found.isTextual() || !found.textValue().equals(rule.requiredValue())) {
            throw new ClaimsRefused("oidc: required claim " + rule.claim() + " value does not match. Got = " + found
                    .asText() + ", want = " + rule.requiredValue());
        }
    }

    private void require(Expression expression, String message, Map<String, Object> of, String what) {
        String head = "oidc: error evaluating " + what + " validation expression: ";
        switch (expression.evaluate(of, budget)) {
            case Evaluated.Value value when value.isTrue() -> {
            }
            case Evaluated.Value _ -> throw new ClaimsRefused(head + "validation expression '" + expression.source()
                    + "' failed" + (message.isEmpty() ? "" : ": " + message));
            case Evaluated.Failed failed -> throw new ClaimsRefused(head + "expression '" + expression.source()
                    + "' resulted in error: " + failed.message());
            case Evaluated.OverBudget over -> throw new ClaimsRefused(head + over.message());
        }
    }

    private Object value(Expression expression, String what) {
        String head = "oidc: error evaluating " + what + " claim expression: ";
        return switch (expression.evaluate(variables, budget)) {
            case Evaluated.Value value -> value.value();
            case Evaluated.Failed failed -> throw new ClaimsRefused(head + "expression '" + expression.source()
                    + "' resulted in error: " + failed.message());
            case Evaluated.OverBudget over -> throw new ClaimsRefused(head + over.message());
        };
    }

    private String text(Expression expression, String what) {
        if (value(expression, what) instanceof String text) {
            return text;
        }
        throw new ClaimsRefused("oidc: error evaluating " + what + " claim expression: " + what
                + " claim expression must return a string");
    }

    /// Shape: nothing for null and for empty texts; a text alone is a list of one.
    private static List<String> texts(Object value, String what) {
        JsonNode json = JsonValues.json(value).orElseThrow(() -> notTexts(what));
        List<String> texts = new ArrayList<>();
        for (JsonNode one : json.isArray() ? json : Json.MAPPER.createArrayNode().add(json)) {
            if (one.isNull()) {
                continue;
            }
            if (!one.isTextual()) {
                throw notTexts(what);
            }
            if (!one.textValue().isEmpty()) {
                texts.add(one.textValue());
            }
        }
        return texts;
    }

    private static ClaimsRefused notTexts(String what) {
        return new ClaimsRefused("oidc: error evaluating " + what + " claim expression: expression must return a "
                + "string or a list of strings");
    }

    private String claim(String claim, String what) {
        JsonNode found = claims.path(claim);
        if (!found.isTextual()) {
            throw new ClaimsRefused("oidc: parse " + what + " claims \"" + claim + "\": " + (found.isMissingNode()
                    ? "claim not present"
                    : "not a string"));
        }
        return found.textValue();
    }

    private static ObjectNode described(User user) {
        ObjectNode out = Json.newObject();
        out.put("username", user.name());
        out.put("uid", user.uid());
        ArrayNode groups = out.putArray("groups");
        user.groups().forEach(groups::add);
        ObjectNode extra = out.putObject("extra");
        user.extra().forEach((key, values) -> {
            ArrayNode array = extra.putArray(key);
            values.forEach(array::add);
        });
        return out;
    }
}
