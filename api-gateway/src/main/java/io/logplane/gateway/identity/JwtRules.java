package io.logplane.gateway.identity;

import io.logplane.extension.cel.Expression;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.NameFormat;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// One issuer and what its claims make of a user. [Claims] applies it.
///
/// Source: k8s.io/apiserver/pkg/apis/apiserver/validation.
public record JwtRules(Issuer issuer, List<ClaimRule> claimRules, ClaimMapping username, ClaimMapping groups,
        ClaimMapping uid, List<Extra> extra, List<UserRule> userRules) {
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+");

    public JwtRules {
        claimRules = List.copyOf(claimRules);
        extra = List.copyOf(extra);
        userRules = List.copyOf(userRules);
    }

    /// Shape: either a claim that must have a value, or an expression that must be true.
    record ClaimRule(String claim, String requiredValue, Optional<Expression> expression, String message) {
    }

    record Extra(String key, Expression expression) {
    }

    record UserRule(Expression expression, String message) {
    }

    static JwtRules read(Section section, Section.Problems problems, List<String> ownIssuers) {
        Issuer issuer = Issuer.read(section.section("issuer"), problems, ownIssuers);
        List<ClaimRule> claimRules = claimRules(section.sections("claimValidationRules"), problems);
        Section mappings = section.section("claimMappings");
        ClaimMapping username = ClaimMapping.prefixed(mappings.section("username"), true, problems);
        JwtRules rules = new JwtRules(issuer, claimRules, username, ClaimMapping.prefixed(mappings.section("groups"),
                false, problems), ClaimMapping.plain(mappings.section("uid"), problems),
                extra(mappings.sections(
                        "extra"), problems),
                userRules(section.sections("userValidationRules"), problems));
        rules.checkEmail(mappings.path("username.expression"), problems);
        return rules;
    }

    private static List<ClaimRule> claimRules(List<Section> sections, Section.Problems problems) {
        List<ClaimRule> rules = new ArrayList<>();
        Set<String> claims = new HashSet<>();
        Set<String> expressions = new HashSet<>();
        for (Section section : sections) {
            String claim = section.text("claim");
            String value = section.text("requiredValue");
            String expression = section.text("expression");
            String message = section.text("message");
            if (!claim.isEmpty() && !expression.isEmpty()) {
                problems.add(FieldError.invalid(section.path(), Issuer.quoted(claim),
                        "claim and expression can't both be set"));
            } else if (claim.isEmpty() && expression.isEmpty()) {
                problems.add(FieldError.required(section.path(), "claim or expression is required"));
            } else if (!claim.isEmpty()) {
                if (!message.isEmpty()) {
                    problems.add(FieldError.invalid(section.path("message"), Issuer.quoted(message),
                            "may not be specified when claim is set"));
                }
                if (!claims.add(claim)) {
                    problems.add(FieldError.duplicate(section.path("claim"), Issuer.quoted(claim)));
                }
                rules.add(new ClaimRule(claim, value, Optional.empty(), ""));
            } else {
                if (!value.isEmpty()) {
                    problems.add(FieldError.invalid(section.path("requiredValue"), Issuer.quoted(value),
                            "may not be specified when expression is set"));
                }
                if (!expressions.add(expression)) {
                    problems.add(FieldError.duplicate(section.path("expression"), Issuer.quoted(expression)));
                    continue;
                }
                ClaimMapping.claims(expression, section.path("expression"), problems, "bool").ifPresent(
                        compiled -> rules.add(new ClaimRule("", "", Optional.of(compiled), message)));
            }
        }
        return rules;
    }

    private static List<Extra> extra(List<Section> sections, Section.Problems problems) {
        List<Extra> extra = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (Section section : sections) {
            String key = section.text("key");
            String expression = section.text("valueExpression");
            checkKey(key, section.path("key"), problems);
            if (!keys.add(key)) {
                problems.add(FieldError.duplicate(section.path("key"), Issuer.quoted(key)));
            } else if (expression.isEmpty()) {
                problems.add(FieldError.required(section.path("valueExpression"), ""));
            } else {
                ClaimMapping.claims(expression, section.path("valueExpression"), problems).ifPresent(
                        compiled -> extra.add(new Extra(key, compiled)));
            }
        }
        return extra;
    }

    private static void checkKey(String key, String path, Section.Problems problems) {
        int slash = key.indexOf('/');
        String domain = slash < 0 ? "" : key.substring(0, slash);
        if (key.isEmpty()) {
            problems.add(FieldError.required(path, ""));
        } else if (slash <= 0 || slash == key.length() - 1) {
            problems.add(FieldError.invalid(path, Issuer.quoted(key),
                    "must be a domain-prefixed path (such as \"acme.io/foo\")"));
        } else {
            NameFormat.SUBDOMAIN.errors(domain).forEach(wrong -> problems.add(FieldError.invalid(path, Issuer.quoted(
                    domain), wrong)));
            String rest = key.substring(slash + 1);
            if (!PATH.matcher(rest).matches()) {
                problems.add(
                        FieldError.invalid(path, Issuer.quoted(rest), "Invalid path (regex used for validation is '"
                                + PATH + "')"));
            }
        }
        if (!key.equals(key.toLowerCase(Locale.ROOT))) {
            problems.add(FieldError.invalid(path, Issuer.quoted(key), "must be lowercase"));
        }
        String dotted = "." + domain;
        if (dotted.endsWith(".kubernetes.io") || dotted.endsWith(".k8s.io")) {
            problems.add(FieldError.invalid(path, Issuer.quoted(key),
                    "k8s.io, kubernetes.io and their subdomains are reserved for Kubernetes use"));
        }
    }

    private static List<UserRule> userRules(List<Section> sections, Section.Problems problems) {
        List<UserRule> rules = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Section section : sections) {
            String expression = section.text("expression");
            String message = section.text("message");
            if (expression.isEmpty()) {
                problems.add(FieldError.required(section.path("expression"), ""));
            } else if (!seen.add(expression)) {
                problems.add(FieldError.duplicate(section.path("expression"), Issuer.quoted(expression)));
            } else {
                ClaimMapping.users(expression, section.path("expression"), problems, "bool").ifPresent(
                        compiled -> rules.add(new UserRule(compiled, message)));
            }
        }
        return rules;
    }

    /// An address somebody merely claims to have must not name a user.
    private void checkEmail(String path, Section.Problems problems) {
        if (username.expression().filter(e -> e.selects("claims", "email")).isEmpty()) {
            return;
        }
        List<Expression> all = new ArrayList<>(List.of(username.expression().get()));
        extra.forEach(one -> all.add(one.expression()));
        claimRules.forEach(rule -> rule.expression().ifPresent(all::add));
        if (all.stream().noneMatch(e -> e.selects("claims", "email_verified"))) {
            problems.add(FieldError.invalid(path, Issuer.quoted(username.expression().get().source()),
                    "claims.email_verified must be used in claimMappings.username.expression or "
                            + "claimMappings.extra[*].valueExpression or claimValidationRules[*].expression when "
                            + "claims.email is used in claimMappings.username.expression"));
        }
    }
}
