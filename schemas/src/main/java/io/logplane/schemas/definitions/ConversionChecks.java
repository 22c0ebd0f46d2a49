package io.logplane.schemas.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.rules.Problems;
import io.logplane.schemas.rules.WebhookClients;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Who converts between the versions of a definition.
///
/// Source: k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation.
final class ConversionChecks {
    private static final List<String> REVIEWS = List.of("v1", "v1beta1");
    private static final String BUNDLE = "spec.conversion.webhook.clientConfig.caBundle";

    private ConversionChecks() {
    }

    /// Shape: `served` is the definition before, where it is served already.
    static void check(ObjectNode object, Optional<ObjectNode> served, Problems problems) {
        String at = "spec.conversion";
        JsonNode conversion = Tree.at(object, at);
        String strategy = Tree.text(conversion, "strategy");
        if (!strategy.equals("None") && Tree.flag(object, "spec.preserveUnknownFields")) {
            problems.invalid(at + ".strategy", strategy, "must be None if spec.preserveUnknownFields is true");
        }
        JsonNode webhook = conversion.path("webhook");
        switch (strategy) {
            case "" -> {
                problems.required(at + ".strategy", "");
                plain(webhook, at, problems);
            }
            case "None" -> plain(webhook, at, problems);
            case "Webhook" -> {
                webhook(webhook, at, problems);
                served.ifPresent(old -> bundle(object, old, problems));
                reviews(webhook.path("conversionReviewVersions"), at + ".conversionReviewVersions", problems);
            }
            default -> {
                problems.notSupported(at + ".strategy", strategy, "None", "Webhook");
                plain(webhook, at, problems);
            }
        }
    }

    private static void plain(JsonNode webhook, String at, Problems problems) {
        if (webhook.path("clientConfig").isObject()) {
            problems.forbidden(at + ".webhookClientConfig",
                    "should not be set when strategy is not set to Webhook");
        }
        if (!webhook.path("conversionReviewVersions").isEmpty()) {
            problems.forbidden(at + ".conversionReviewVersions",
                    "should not be set when strategy is not set to Webhook");
        }
    }

    private static void webhook(JsonNode webhook, String at, Problems problems) {
        JsonNode client = webhook.path("clientConfig");
        if (!client.isObject()) {
            problems.required(at + ".webhookClientConfig", "required when strategy is set to Webhook");
        } else {
            WebhookClients.check(client, at + ".webhookClientConfig", problems);
        }
    }

    private static void reviews(JsonNode said, String at, Problems problems) {
        List<String> versions = said.valueStream().map(JsonNode::asText).toList();
        if (versions.isEmpty()) {
            problems.required(at, "");
            return;
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < versions.size(); i++) {
            String version = versions.get(i);
            if (!seen.add(version)) {
                problems.invalid(at + "[" + i + "]", version, "duplicate version");
            } else {
                for (String wrong : NameFormat.LABEL_1035.errors(version)) {
                    problems.invalid(at + "[" + i + "]", version, wrong);
                }
            }
        }
        if (versions.stream().noneMatch(REVIEWS::contains)) {
            problems.invalid(at, said, "must include at least one of " + String.join(", ", REVIEWS));
        }
    }

    /// Of a definition that is served: certificates that cannot be read are only kept, not brought in.
    private static void bundle(ObjectNode object, ObjectNode old, Problems problems) {
        String said = Tree.text(object, BUNDLE);
        String before = Tree.text(old, BUNDLE);
        if (!said.isEmpty() && (before.isEmpty() || unreadable(before).isEmpty())) {
            unreadable(said).ifPresent(why -> problems.invalid("spec.conversion.webhookClientConfig.caBundle", said,
                    "unable to load root certificates: " + why));
        }
    }

    private static Optional<String> unreadable(String bundle) {
        try {
            byte[] pem = Base64.getMimeDecoder().decode(bundle);
            return CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)).isEmpty()
                    ? Optional.of("data does not contain any valid RSA or ECDSA certificates")
                    : Optional.empty();
        } catch (CertificateException | IllegalArgumentException unreadable) {
            return Optional.of("data does not contain any valid RSA or ECDSA certificates");
        }
    }
}
