package io.logplane.gateway.identity;

import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.GoText;
import io.logplane.schemas.model.GoUrl;
import io.logplane.schemas.model.Pem;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Whose tokens, for which audiences, and where its keys are found.
///
/// Shape: `discoveryUrl` "" for the customary place below the url; `authority` "" for the system's authorities, else
/// PEM. Source: k8s.io/apiserver/pkg/apis/apiserver/validation.
public record Issuer(String url, String discoveryUrl, List<String> audiences, String authority) {
    private static final String MATCH_ANY = "MatchAny";
    private static final List<String> EGRESS = List.of("controlplane", "cluster");

    public Issuer {
        audiences = List.copyOf(audiences);
    }

    static Issuer read(Section section, Section.Problems problems, List<String> ownIssuers) {
        Issuer issuer = new Issuer(section.text("url"), section.text("discoveryURL"), section.texts("audiences"),
                section.text("certificateAuthority"));
        String policy = section.text("audienceMatchPolicy");
        if (issuer.url.isEmpty()) {
            problems.add(FieldError.required(section.path("url"), ""));
        } else {
            checkUrl(issuer.url, section.path("url"), ownIssuers, problems);
        }
        if (!issuer.discoveryUrl.isEmpty()) {
            if (!issuer.url.isEmpty() && trimmed(issuer.url).equals(trimmed(issuer.discoveryUrl))) {
                problems.add(FieldError.invalid(section.path("discoveryURL"), quoted(issuer.discoveryUrl),
                        "discoveryURL must be different from URL"));
            }
            checkUrl(issuer.discoveryUrl, section.path("discoveryURL"), List.of(), problems);
        }
        checkAudiences(issuer.audiences, policy, section, problems);
        if (!issuer.authority.isEmpty()) {
            wrongAuthority(issuer.authority).ifPresent(wrong -> problems.add(FieldError.invalid(section.path(
                    "certificateAuthority"), "\"<omitted>\"", wrong)));
        }
        String egress = section.text("egressSelectorType");
        if (!egress.isEmpty()) {
            problems.add(FieldError.invalid(section.path("egressSelectorType"), quoted(egress), EGRESS.contains(egress)
                    ? "oidc: egress lookup required with egress selector type " + quoted(egress)
                    : "egress selector must be either controlplane or cluster"));
        }
        return issuer;
    }

    /// Blocks of other types, and those with headers, count for nothing.
    private static Optional<String> wrongAuthority(String pem) {
        List<Pem> blocks = Pem.blocks(pem.getBytes(StandardCharsets.UTF_8)).stream().filter(block -> block.type()
                .equals("CERTIFICATE") && !block.headers()).toList();
        if (blocks.isEmpty()) {
            return Optional.of("data does not contain any valid RSA or ECDSA certificates");
        }
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Pem block : blocks) {
                factory.generateCertificate(new ByteArrayInputStream(block.bytes()));
            }
            return Optional.empty();
        } catch (CertificateException malformed) {
            return Optional.of("x509: malformed certificate");
        }
    }

    private static void checkUrl(String url, String path, List<String> disallowed, Section.Problems problems) {
        if (disallowed.contains(url)) {
            problems.add(FieldError.invalid(path, quoted(url), "URL must not overlap with disallowed issuers: "
                    + new TreeSet<>(disallowed).toString().replace(", ", " ")));
        }
        GoUrl parsed;
        try {
            parsed = GoUrl.parse(url);
        } catch (GoUrl.Malformed malformed) {
            problems.add(FieldError.invalid(path, quoted(url), String.valueOf(malformed.getMessage())));
            return;
        }
        if (!parsed.scheme().equals("https")) {
            problems.add(FieldError.invalid(path, quoted(url), "URL scheme must be https"));
        }
        if (parsed.hasUser()) {
            problems.add(FieldError.invalid(path, quoted(url), "URL must not contain a username or password"));
        }
        if (!parsed.query().isEmpty()) {
            problems.add(FieldError.invalid(path, quoted(url), "URL must not contain a query"));
        }
        if (!parsed.fragment().isEmpty()) {
            problems.add(FieldError.invalid(path, quoted(url), "URL must not contain a fragment"));
        }
    }

    private static void checkAudiences(List<String> audiences, String policy, Section section,
            Section.Problems problems) {
        String path = section.path("audiences");
        if (audiences.isEmpty()) {
            problems.add(FieldError.required(path, "at least one " + path + " is required"));
            return;
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < audiences.size(); i++) {
            String audience = audiences.get(i);
            if (audience.isEmpty()) {
                problems.add(FieldError.required(path + "[" + i + "]", ""));
            }
            if (!seen.add(audience)) {
                problems.add(FieldError.duplicate(path + "[" + i + "]", quoted(audience)));
            }
        }
        if (audiences.size() > 1 && !policy.equals(MATCH_ANY)) {
            problems.add(FieldError.invalid(section.path("audienceMatchPolicy"), quoted(policy),
                    "audienceMatchPolicy must be MatchAny for multiple audiences"));
        } else if (!policy.isEmpty() && !policy.equals(MATCH_ANY)) {
            problems.add(FieldError.invalid(section.path("audienceMatchPolicy"), quoted(policy),
                    "audienceMatchPolicy must be empty or MatchAny for single audience"));
        }
    }

    private static String trimmed(String url) {
        return url.replaceAll("/+$", "");
    }

    static String quoted(String text) {
        return GoText.quote(text);
    }
}
