package io.logplane.gateway.identity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.extension.cel.Expression;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.NameFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/// An AuthorizationConfiguration: which authorizers are asked, in which order.
///
/// Limits: [#MAX_CONDITIONS] per webhook. Source: k8s.io/apiserver/pkg/apis/apiserver/v1, validation; KEP-3221.
public record AuthorizationSettings(List<Mode> modes) {
    public static final String KIND = "AuthorizationConfiguration";
    private static final Set<String> VERSIONS = Set.of("apiserver.config.k8s.io/v1", "apiserver.config.k8s.io/v1beta1",
            "apiserver.config.k8s.io/v1alpha1");
    private static final String WEBHOOK = "Webhook";
    private static final List<String> TYPES = List.of("AlwaysAllow", "AlwaysDeny", "Node", "RBAC", WEBHOOK);
    /// This server is not run as a pod.
    private static final String NOT_INSIDE = "unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and "
            + "KUBERNETES_SERVICE_PORT must be defined";
    /// Upstream's: each is evaluated for each request.
    private static final int MAX_CONDITIONS = 64;
    private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(30);

    public AuthorizationSettings {
        modes = List.copyOf(modes);
    }

    /// One authorizer. Shape: `webhook` for the type Webhook only.
    public record Mode(String type, String name, Optional<Webhook> webhook) {
    }

    /// Shape: `denyOnFailure` is the failure policy Deny; conditions that are all true let a request through to it.
    public record Webhook(String kubeconfig, String version, Duration timeout, Duration authorizedTtl,
            Duration unauthorizedTtl, boolean denyOnFailure, List<Expression> conditions) {
        public Webhook {
            conditions = List.copyOf(conditions);
        }
    }

    /// What a running server has, a new file must have too: the types but for webhooks. Errors: [SettingsInvalid].
    public void require(AuthorizationSettings before) {
        Set<String> missing = new TreeSet<>(before.ownTypes());
        missing.removeAll(ownTypes());
        if (!missing.isEmpty()) {
            throw new SettingsInvalid("missing required types: [" + String.join(" ", missing) + "]");
        }
    }

    private List<String> ownTypes() {
        return modes.stream().map(Mode::type).filter(type -> !type.equals(WEBHOOK)).toList();
    }

    /// Shape: `trouble` says why a path is no file to read, "" when it is one. Errors: [SettingsInvalid].
    public static AuthorizationSettings read(ObjectNode file, UnaryOperator<String> trouble) {
        AuthenticationSettings.requireKind(file, KIND, VERSIONS);
        Section.Problems problems = new Section.Problems();
        List<Section> sections = Section.root(file, problems).sections("authorizers");
        if (sections.isEmpty()) {
            problems.add(FieldError.required("authorizers", "at least one authorization mode must be defined"));
        }
        Set<String> types = new HashSet<>();
        Set<String> names = new HashSet<>();
        List<Mode> modes = new ArrayList<>();
        for (Section section : sections) {
            String type = section.text("type");
            String name = section.text("name");
            Section webhook = section.section("webhook");
            if (type.isEmpty()) {
                problems.add(FieldError.required(section.path("type"), ""));
            } else if (!TYPES.contains(type)) {
                problems.add(FieldError.notSupported(section.path("type"), Issuer.quoted(type), supported(TYPES)));
            } else if (!types.add(type) && !type.equals(WEBHOOK)) {
                problems.add(FieldError.duplicate(section.path("type"), Issuer.quoted(type)));
            } else {
                checkName(section, name, names, problems);
                modes.add(new Mode(type, name, webhook(section, type, webhook, trouble, problems)));
            }
        }
        problems.check();
        List<String> misnamed = modes.stream().filter(mode -> !mode.type().equals(WEBHOOK) && !mode.name().equals(mode
                .type().toLowerCase(Locale.ROOT))).map(mode -> "expected name " + mode.type().toLowerCase(Locale.ROOT)
                        + " for authorizer " + mode.type() + " instead of " + mode.name())
                .toList();
        if (!misnamed.isEmpty()) {
            throw SettingsInvalid.joined(misnamed);
        }
        return new AuthorizationSettings(modes);
    }

    private static void checkName(Section section, String name, Set<String> names, Section.Problems problems) {
        if (name.isEmpty()) {
            problems.add(FieldError.required(section.path("name"), ""));
        } else if (!names.add(name)) {
            problems.add(FieldError.duplicate(section.path("name"), Issuer.quoted(name)));
        } else {
            List<String> wrong = NameFormat.SUBDOMAIN.errors(name);
            if (!wrong.isEmpty()) {
                problems.add(FieldError.invalid(section.path("name"), Issuer.quoted(name),
                        "authorizer name is invalid: " + String.join(", ", wrong)));
            }
        }
    }

    /// Shape: errors name the authorizer itself as the parent of the webhook's fields, as upstream's do.
    private static Optional<Webhook> webhook(Section parent, String type, Section section,
            UnaryOperator<String> trouble,
            Section.Problems problems) {
        if (!type.equals(WEBHOOK)) {
            if (section.present()) {
                problems.add(FieldError.invalid(parent.path("webhook"), "\"non-null\"",
                        "may only be specified when type=Webhook"));
            }
            return Optional.empty();
        }
        if (!section.present()) {
            problems.add(FieldError.required(parent.path("webhook"), "required when type=Webhook"));
            return Optional.empty();
        }
        Duration timeout = section.duration("timeout").orElse(Duration.ZERO);
        if (timeout.isZero()) {
            problems.add(FieldError.required(parent.path("timeout"), ""));
        } else if (timeout.isNegative() || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            problems.add(FieldError.invalid(parent.path("timeout"), Issuer.quoted(Section.shown(timeout)),
                    "must be > 0s and <= 30s"));
        }
        Duration authorized = ttl(parent, section, "authorizedTTL", Duration.ofMinutes(5), problems);
        Duration unauthorized = ttl(parent, section, "unauthorizedTTL", Duration.ofSeconds(30), problems);
        boolean keepYes = section.flag("cacheAuthorizedRequests").orElse(true);
        boolean keepNo = section.flag("cacheUnauthorizedRequests").orElse(true);
        String version = oneOf(parent, section, "subjectAccessReviewVersion", List.of("v1", "v1beta1"), problems);
        conditionVersion(parent, section, problems);
        String policy = oneOf(parent, section, "failurePolicy", List.of("NoOpinion", "Deny"), problems);
        String file = kubeconfig(parent, section.section("connectionInfo"), trouble, problems);
        List<Expression> conditions = conditions(parent, section, problems);
        return Optional.of(new Webhook(file, version, timeout, keepYes ? authorized : Duration.ZERO, keepNo
                ? unauthorized
                : Duration.ZERO, policy.equals("Deny"), conditions));
    }

    private static Duration ttl(Section parent, Section section, String field, Duration usual,
            Section.Problems problems) {
        Duration found = section.duration(field).filter(said -> !said.isZero()).orElse(usual);
        if (found.isNegative()) {
            problems.add(FieldError.invalid(parent.path(field), Issuer.quoted(Section.shown(found)), "must be > 0s"));
        }
        return found;
    }

    private static String oneOf(Section parent, Section section, String field, List<String> values,
            Section.Problems problems) {
        String found = section.text(field);
        if (found.isEmpty()) {
            problems.add(FieldError.required(parent.path(field), ""));
        } else if (!values.contains(found)) {
            problems.add(FieldError.notSupported(parent.path(field), Issuer.quoted(found), supported(values)));
        }
        return found;
    }

    private static String kubeconfig(Section parent, Section info, UnaryOperator<String> trouble,
            Section.Problems problems) {
        String type = info.text("type");
        Optional<String> said = info.optionalText("kubeConfigFile");
        String file = said.orElse("");
        String path = parent.path("connectionInfo");
        if (type.isEmpty()) {
            problems.add(FieldError.required(path + ".type", ""));
        } else if (type.equals("InClusterConfig")) {
            problems.add(said.map(there -> FieldError.invalid(path + ".kubeConfigFile", Issuer.quoted(there),
                    "can only be set when type=KubeConfigFile")).orElseGet(() -> FieldError.invalid(path + ".type",
                            Issuer.quoted(type), NOT_INSIDE)));
        } else if (!type.equals("KubeConfigFile")) {
            String shown = "{\"Type\":" + Issuer.quoted(type) + ",\"KubeConfigFile\":"
                    + said.map(Issuer::quoted).orElse(
                            "null")
                    + "}";
            problems.add(FieldError.notSupported(path + ".type", shown, supported(List.of("InClusterConfig",
                    "KubeConfigFile"))));
        } else if (file.isEmpty()) {
            problems.add(FieldError.required(path + ".kubeConfigFile", ""));
        } else if (!file.startsWith("/")) {
            problems.add(FieldError.invalid(path + ".kubeConfigFile", Issuer.quoted(file),
                    "must be an absolute path"));
        } else if (!trouble.apply(file).isEmpty()) {
            problems.add(FieldError.invalid(path + ".kubeConfigFile", Issuer.quoted(file), trouble.apply(file)));
        }
        return file;
    }

    private static void conditionVersion(Section parent, Section section, Section.Problems problems) {
        String version = section.text("matchConditionSubjectAccessReviewVersion");
        if (version.isEmpty() && !section.sections("matchConditions").isEmpty()) {
            problems.add(FieldError.required(parent.path("matchConditionSubjectAccessReviewVersion"),
                    "required if match conditions are specified"));
        } else if (!version.isEmpty() && !version.equals("v1")) {
            problems.add(FieldError.notSupported(parent.path("matchConditionSubjectAccessReviewVersion"), Issuer.quoted(
                    version), supported(List.of("v1"))));
        }
    }

    private static List<Expression> conditions(Section parent, Section section, Section.Problems problems) {
        List<Section> found = section.sections("matchConditions");
        if (found.size() > MAX_CONDITIONS) {
            problems.add(FieldError.tooMany(parent.path("matchConditions"), found.size(), MAX_CONDITIONS));
            return List.of();
        }
        List<Expression> conditions = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < found.size(); i++) {
            String source = found.get(i).text("expression");
            String path = parent.path("matchConditions") + "[" + i + "].expression";
            if (source.isBlank()) {
                problems.add(FieldError.required(path, ""));
            } else if (!seen.add(source)) {
                problems.add(FieldError.duplicate(path, Issuer.quoted(source)));
            } else {
                AccessVariables.compile(source, path, problems).ifPresent(conditions::add);
            }
        }
        return conditions;
    }

    private static String supported(List<String> values) {
        return "supported values: " + String.join(", ", values.stream().map(Issuer::quoted).toList());
    }
}
