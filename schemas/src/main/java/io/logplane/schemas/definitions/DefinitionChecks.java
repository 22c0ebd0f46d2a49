package io.logplane.schemas.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.rules.Problems;
import io.logplane.schemas.rules.WebhookClients;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Everything that can be wrong with a definition outside its schemas, in upstream's words.
///
/// Source: k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation.
final class DefinitionChecks {
    private static final List<String> REVIEWS = List.of("v1", "v1beta1");
    private static final int MAX_DEPRECATION = 256;
    private static final String MIXED = "may have mixed case, but should otherwise match: ";

    private DefinitionChecks() {
    }

    static void spec(Definition definition, Problems problems) {
        JsonNode spec = definition.object().path("spec");
        group(definition.group(), problems);
        switch (Tree.text(spec, "scope")) {
            case "" -> problems.required("spec.scope", "");
            case "Cluster", "Namespaced" -> {
            }
            default -> problems.notSupported("spec.scope", Tree.text(spec, "scope"), "Cluster", "Namespaced");
        }
        versions(definition, problems);
        JsonNode names = spec.path("names");
        for (String field : List.of("plural", "singular", "kind", "listKind")) {
            if (Tree.text(names, field).isEmpty()) {
                problems.required("spec.names." + field, "");
            }
        }
        names(names, problems);
        conversion(spec.path("conversion"), problems);
    }

    private static void group(String group, Problems problems) {
        if (group.isEmpty()) {
            problems.required("spec.group", "");
        } else if (!NameFormat.SUBDOMAIN.accepts(group)) {
            problems.invalid("spec.group", group, String.join(",", NameFormat.SUBDOMAIN.errors(group)));
        } else if (!group.contains(".")) {
            problems.invalid("spec.group", group, "should be a domain with at least one dot");
        }
    }

    private static void versions(Definition definition, Problems problems) {
        List<ObjectNode> versions = definition.versions();
        Set<String> seen = new HashSet<>();
        boolean unique = true;
        int stored = 0;
        for (int i = 0; i < versions.size(); i++) {
            ObjectNode version = versions.get(i);
            String at = "spec.versions[" + i + "]";
            stored += Tree.flag(version, "storage") ? 1 : 0;
            unique &= seen.add(Tree.text(version, "name"));
            label(at + ".name", Tree.text(version, "name"), problems);
            deprecation(version, at, problems);
        }
        JsonNode all = Tree.at(definition.object(), "spec.versions");
        if (!unique) {
            problems.invalid("spec.versions", all, "must contain unique version names");
        }
        if (stored != 1) {
            problems.invalid("spec.versions", all, "must have exactly one version marked as storage version");
        }
    }

    private static void deprecation(ObjectNode version, String at, Problems problems) {
        if (!version.has("deprecationWarning")) {
            return;
        }
        String warning = Tree.text(version, "deprecationWarning");
        if (!Tree.flag(version, "deprecated")) {
            problems.invalid(at + ".deprecationWarning", warning, "can only be set for deprecated versions");
        }
        if (warning.length() > MAX_DEPRECATION) {
            problems.invalid(at + ".deprecationWarning", warning, "must be <= 256 characters long");
        }
        if (warning.isEmpty()) {
            problems.invalid(at + ".deprecationWarning", warning, "must not be an empty string");
        }
        if (warning.chars().anyMatch(Character::isISOControl)) {
            problems.invalid(at + ".deprecationWarning", warning, "must only contain printable UTF-8 characters");
        }
    }

    static void names(JsonNode names, Problems problems) {
        for (String field : List.of("plural", "singular")) {
            if (!Tree.text(names, field).isEmpty()) {
                label("spec.names." + field, Tree.text(names, field), problems);
            }
        }
        for (String field : List.of("kind", "listKind")) {
            String kind = Tree.text(names, field);
            if (!kind.isEmpty() && !NameFormat.LABEL_1035.accepts(kind.toLowerCase(Locale.ROOT))) {
                problems.invalid("spec.names." + field, kind, MIXED + String.join(",", NameFormat.LABEL_1035.errors(kind
                        .toLowerCase(Locale.ROOT))));
            }
        }
        list(names, "shortNames", problems);
        String kind = Tree.text(names, "kind");
        if (!kind.isEmpty() && kind.equals(Tree.text(names, "listKind"))) {
            problems.invalid("spec.names.listKind", kind, "kind and listKind may not be the same");
        }
        list(names, "categories", problems);
    }

    private static void list(JsonNode names, String field, Problems problems) {
        List<String> values = Tree.texts(names, field);
        for (int i = 0; i < values.size(); i++) {
            label("spec.names." + field + "[" + i + "]", values.get(i), problems);
        }
    }

    private static void label(String path, String value, Problems problems) {
        if (!NameFormat.LABEL_1035.accepts(value)) {
            problems.invalid(path, value, String.join(",", NameFormat.LABEL_1035.errors(value)));
        }
    }

    private static void conversion(JsonNode conversion, Problems problems) {
        String at = "spec.conversion";
        String strategy = Tree.text(conversion, "strategy");
        JsonNode webhook = conversion.path("webhook");
        switch (strategy) {
            case "" -> problems.required(at + ".strategy", "");
            case "None" -> {
                if (webhook.path("clientConfig").isObject()) {
                    problems.forbidden(at + ".webhookClientConfig",
                            "should not be set when strategy is not set to Webhook");
                }
                if (!webhook.path("conversionReviewVersions").isEmpty()) {
                    problems.forbidden(at + ".conversionReviewVersions",
                            "should not be set when strategy is not set to Webhook");
                }
            }
            case "Webhook" -> webhook(webhook, at, problems);
            default -> problems.notSupported(at + ".strategy", strategy, "None", "Webhook");
        }
    }

    private static void webhook(JsonNode webhook, String at, Problems problems) {
        JsonNode client = webhook.path("clientConfig");
        if (!client.isObject()) {
            problems.required(at + ".webhookClientConfig", "required when strategy is set to Webhook");
        } else {
            WebhookClients.check(client, at + ".webhookClientConfig", problems);
        }
        reviews(Tree.texts(webhook, "conversionReviewVersions"), at + ".conversionReviewVersions", problems);
    }

    private static void reviews(List<String> versions, String at, Problems problems) {
        if (versions.isEmpty()) {
            problems.required(at, "");
            return;
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < versions.size(); i++) {
            String version = versions.get(i);
            if (!seen.add(version)) {
                problems.invalid(at + "[" + i + "]", version, "duplicate version");
            } else if (!NameFormat.LABEL_1035.accepts(version)) {
                problems.invalid(at + "[" + i + "]", version, String.join(",", NameFormat.LABEL_1035.errors(version)));
            }
        }
        if (versions.stream().noneMatch(REVIEWS::contains)) {
            problems.invalid(at, String.join(",", versions), "must include at least one of " + String.join(", ",
                    REVIEWS));
        }
    }

    /// Versions that objects in the log may have.
    static void storedVersions(Definition definition, Problems problems) {
        List<String> stored = Tree.texts(definition.object(), "status.storedVersions");
        List<String> known = definition.versions().stream().map(version -> Tree.text(version, "name")).toList();
        String at = "status.storedVersions";
        if (stored.isEmpty()) {
            problems.invalid(at, Tree.at(definition.object(), at), "must have at least one stored version");
            return;
        }
        definition.storage().map(version -> Tree.text(version, "name")).filter(name -> !stored.contains(name))
                .ifPresent(name -> problems.invalid(at, Tree.at(definition.object(), at),
                        "must have the storage version " + name));
        for (int i = 0; i < stored.size(); i++) {
            String name = stored.get(i);
            if (!known.contains(name)) {
                problems.invalid(at + "[" + i + "]", name, "missing from spec.versions; " + name
                        + " was previously a storage version, and must remain in spec.versions until a storage "
                        + "migration ensures no data remains persisted in " + name + " and removes " + name
                        + " from status.storedVersions");
            }
        }
    }
}
