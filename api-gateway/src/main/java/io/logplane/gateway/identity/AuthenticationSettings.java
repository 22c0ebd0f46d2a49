package io.logplane.gateway.identity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// An AuthenticationConfiguration: the issuers whose tokens are believed, and to whom anonymous requests are open.
///
/// Shape: `anonymous` empty when the file does not say. Limits: [#MAX_ISSUERS].
/// Source: k8s.io/apiserver/pkg/apis/apiserver/v1, validation; KEP-3331, KEP-4633.
public record AuthenticationSettings(List<JwtRules> jwt, Optional<Anonymous> anonymous) {
    public static final String KIND = "AuthenticationConfiguration";
    public static final AuthenticationSettings NONE = new AuthenticationSettings(List.of(), Optional.empty());
    /// Upstream's: each issuer is asked for its keys.
    private static final int MAX_ISSUERS = 64;
    private static final Set<String> VERSIONS = Set.of("apiserver.config.k8s.io/v1", "apiserver.config.k8s.io/v1beta1",
            "apiserver.config.k8s.io/v1alpha1");

    public AuthenticationSettings {
        jwt = List.copyOf(jwt);
    }

    /// Shape: no paths means every path.
    public record Anonymous(boolean enabled, List<String> paths) {
        public static final Anonymous ANYWHERE = new Anonymous(true, List.of());

        public Anonymous {
            paths = List.copyOf(paths);
        }

        public boolean admits(String path) {
            return enabled && (paths.isEmpty() || paths.contains(path));
        }
    }

    /// Shape: `ownIssuers` are those of the service-account tokens, which no file may claim.
    /// Errors: [SettingsInvalid].
    public static AuthenticationSettings read(ObjectNode file, List<String> ownIssuers) {
        requireKind(file, KIND, VERSIONS);
        Section.Problems problems = new Section.Problems();
        Section root = Section.root(file, problems);
        List<Section> sections = root.sections("jwt");
        if (sections.size() > MAX_ISSUERS) {
            throw new SettingsInvalid("jwt: Too many: " + sections.size() + ": must have at most " + MAX_ISSUERS
                    + " items");
        }
        List<JwtRules> rules = new ArrayList<>();
        Set<String> urls = new HashSet<>();
        Set<String> discoveries = new HashSet<>();
        for (Section section : sections) {
            JwtRules one = JwtRules.read(section, problems, ownIssuers);
            unique(urls, one.issuer().url(), section.path() + ".issuer.url", problems);
            if (!one.issuer().discoveryUrl().isEmpty()) {
                unique(discoveries, one.issuer().discoveryUrl(), section.path() + ".issuer.discoveryURL", problems);
            }
            rules.add(one);
        }
        Optional<Anonymous> anonymous = anonymous(root.section("anonymous"), problems);
        problems.check();
        return new AuthenticationSettings(rules, anonymous);
    }

    private static Optional<Anonymous> anonymous(Section section, Section.Problems problems) {
        boolean enabled = section.flag("enabled").orElse(false);
        List<String> paths = section.sections("conditions").stream().map(condition -> condition.text("path")).toList();
        if (!enabled && !paths.isEmpty()) {
            String shown = paths.stream().map(path -> "{\"Path\":" + Issuer.quoted(path) + "}")
                    .collect(Collectors.joining(
                            ",", "[", "]"));
            problems.add(FieldError.invalid("anonymous.conditions", shown,
                    "enabled should be set to true when conditions are defined"));
        }
        return section.present() ? Optional.of(new Anonymous(enabled, paths)) : Optional.empty();
    }

    private static void unique(Set<String> seen, String value, String path, Section.Problems problems) {
        if (!seen.add(value)) {
            problems.add(FieldError.duplicate(path, "\"" + value + "\""));
        }
    }

    static void requireKind(ObjectNode file, String kind, Set<String> versions) {
        String version = file.path("apiVersion").asText();
        if (!file.path("kind").asText().equals(kind) || !versions.contains(version)) {
            throw new SettingsInvalid("no kind \"" + file.path("kind").asText() + "\" is registered for version \""
                    + version + "\"");
        }
    }
}
