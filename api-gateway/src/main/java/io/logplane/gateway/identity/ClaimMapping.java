package io.logplane.gateway.identity;

import io.logplane.extension.cel.CelEnvironment;
import io.logplane.extension.cel.CompileFailed;
import io.logplane.extension.cel.DeclaredType.ListOf;
import io.logplane.extension.cel.DeclaredType.MapOf;
import io.logplane.extension.cel.DeclaredType.Scalar;
import io.logplane.extension.cel.DeclaredType.Struct;
import io.logplane.extension.cel.Expression;
import io.logplane.schemas.model.FieldError;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Where one attribute of a user comes from: a claim with a prefix, or an expression over the claims.
///
/// Shape: at most one of `claim` ("" for none) and `expression`.
record ClaimMapping(String claim, String prefix, Optional<Expression> expression) {
    static final ClaimMapping NOWHERE = new ClaimMapping("", "", Optional.empty());
    private static final CelEnvironment CLAIMS = CelEnvironment.builder().variable("claims", new MapOf(Scalar.DYN))
            .build();
    static final Struct USER = user();
    private static final CelEnvironment USERS = CelEnvironment.builder().variable("user", USER).build();

    private static Struct user() {
        Map<String, io.logplane.extension.cel.DeclaredType> fields = new LinkedHashMap<>();
        fields.put("username", Scalar.STRING);
        fields.put("uid", Scalar.STRING);
        fields.put("groups", new ListOf(Scalar.STRING));
        fields.put("extra", new MapOf(new ListOf(Scalar.STRING)));
        return new Struct("UserInfo", fields);
    }

    /// Of the user name and the groups.
    static ClaimMapping prefixed(Section section, boolean required, Section.Problems problems) {
        String claim = section.text("claim");
        Optional<String> prefix = section.optionalText("prefix");
        String expression = section.text("expression");
        Optional<Expression> compiled = Optional.empty();
        if (!claim.isEmpty() && !expression.isEmpty()) {
            problems.add(FieldError.invalid(section.path(), "\"\"", "claim and expression can't both be set"));
        } else if (claim.isEmpty() && expression.isEmpty() && required) {
            problems.add(FieldError.required(section.path(), "claim or expression is required"));
        } else if (!expression.isEmpty()) {
            prefix.ifPresent(text -> problems.add(FieldError.invalid(section.path("prefix"), Issuer.quoted(text),
                    "may not be specified when expression is set")));
            compiled = claims(expression, section.path("expression"), problems).filter(_ -> prefix.isEmpty());
        } else if (!claim.isEmpty() && prefix.isEmpty()) {
            problems.add(FieldError.required(section.path("prefix"),
                    "prefix is required when claim is set. It can be set to an empty string to disable prefixing"));
        }
        return new ClaimMapping(claim, prefix.orElse(""), compiled);
    }

    /// Of the uid.
    static ClaimMapping plain(Section section, Section.Problems problems) {
        String claim = section.text("claim");
        String expression = section.text("expression");
        if (!claim.isEmpty() && !expression.isEmpty()) {
            problems.add(FieldError.invalid(section.path(), "\"\"", "claim and expression can't both be set"));
            return NOWHERE;
        }
        return new ClaimMapping(claim, "", claims(expression, section.path("expression"), problems));
    }

    /// An expression over `claims`. Shape: empty for none, and for one that does not compile, which is reported.
    static Optional<Expression> claims(String source, String path, Section.Problems problems, String... results) {
        return compiled(CLAIMS, source, path, problems, false, results);
    }

    /// An expression over `user`.
    static Optional<Expression> users(String source, String path, Section.Problems problems, String... results) {
        return compiled(USERS, source, path, problems, false, results);
    }

    /// Shape: unlike hooks, which take what may be anything, a result must be known to be of its type; `telling` says
    /// of which it is instead.
    static Optional<Expression> compiled(CelEnvironment environment, String source, String path,
            Section.Problems problems, boolean telling, String... results) {
        if (source.isEmpty()) {
            return Optional.empty();
        }
        try {
            Expression expression = environment.compile(source);
            if (results.length > 0 && !expression.typeName().equals(results[0])) {
                problems.add(FieldError.invalid(path, Issuer.quoted(source), "must evaluate to " + results[0]
                        + (telling ? " but got " + expression.typeName() : "")));
                return Optional.empty();
            }
            return Optional.of(expression);
        } catch (CompileFailed failed) {
            problems.add(FieldError.invalid(path, Issuer.quoted(source), "compilation failed: " + failed.problems()));
            return Optional.empty();
        }
    }
}
