package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Quantity;
import io.logplane.schemas.model.Tree;
import java.util.List;
import java.util.Optional;

/// What a claim asks for, by itself or as the template in a pod's volume.
///
/// Source: validation of core/v1 in kube-apiserver 1.36.
final class ClaimSpecRules {
    private static final String[] ACCESS_MODES = {"ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce",
        "ReadWriteOncePod"};
    private static final String CLAIM = "PersistentVolumeClaim";

    private ClaimSpecRules() {
    }

    /// An ephemeral volume: its claim has labels and annotations, everything else of its metadata is given.
    static void template(JsonNode ephemeral, String path, Problems problems) {
        JsonNode template = ephemeral.path("volumeClaimTemplate");
        String at = path + ".volumeClaimTemplate";
        if (!template.isObject()) {
            problems.required(at);
            return;
        }
        JsonNode metadata = template.path("metadata");
        ObjectMetaRules.annotations(metadata.path("annotations"), at + ".metadata.annotations", problems);
        ObjectMetaRules.labels(metadata.path("labels"), at + ".metadata.labels", problems);
        for (String field : List.of("name", "generateName", "namespace", "selfLink", "uid", "resourceVersion",
                "generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds",
                "ownerReferences", "finalizers", "managedFields")) {
            JsonNode value = metadata.path(field);
            if (value.isContainerNode() ? !value.isEmpty() : !Tree.text(metadata, field).isEmpty()) {
                problems.forbidden(at + ".metadata." + (field.equals("uid") ? "uID" : field), "cannot be set");
            }
        }
        spec(template.path("spec"), at + ".spec", problems);
    }

    static void spec(JsonNode spec, String path, Problems problems) {
        if (spec.path("accessModes").isEmpty()) {
            problems.required(path + ".accessModes", "at least 1 access mode is required");
        }
        SelectorRules.selector(spec.path("selector"), path + ".selector", problems);
        accessModes(spec, path, problems);
        storage(spec, path + ".resources[storage]", problems);
        problems.formatIfSet(NameFormat.SUBDOMAIN, spec, path, "storageClassName");
        problems.oneOfIfSet(spec, path, "volumeMode", "Block", "Filesystem");
        for (String field : List.of("dataSource", "dataSourceRef")) {
            if (spec.path(field).isObject()) {
                source(spec.path(field), path + "." + field, problems);
            }
        }
        problems.formatIfSet(NameFormat.LABEL, spec.path("dataSourceRef"), path + ".dataSourceRef", "namespace");
        sources(spec, path, problems);
        problems.formatIfSet(NameFormat.SUBDOMAIN, spec, path, "volumeAttributesClassName");
    }

    /// Known modes; the one for a single pod stands alone.
    static void accessModes(JsonNode spec, String path, Problems problems) {
        List<String> known = List.of(ACCESS_MODES);
        List<String> modes = Tree.texts(spec, "accessModes");
        for (String mode : modes) {
            if (!known.contains(mode)) {
                problems.notSupported(path + ".accessModes", mode, ACCESS_MODES);
            }
        }
        if (modes.contains("ReadWriteOncePod")
                && modes.stream().anyMatch(mode -> known.contains(mode) && !mode.equals("ReadWriteOncePod"))) {
            problems.forbidden(path + ".accessModes", "may not use ReadWriteOncePod with other access modes");
        }
    }

    private static void storage(JsonNode spec, String path, Problems problems) {
        if (!Tree.has(spec, "resources.requests.storage")) {
            problems.required(path);
            return;
        }
        Optional<Quantity> amount = Quantity.tryParse(Tree.text(spec, "resources.requests.storage"));
        amount.filter(q -> q.signum() <= 0).ifPresent(
                q -> problems.invalid(path, q.toString(), "must be greater than zero"));
    }

    private static void source(JsonNode source, String path, Problems problems) {
        problems.requireText(source, path, "name");
        problems.requireText(source, path, "kind");
        String group = Tree.text(source, "apiGroup");
        if (group.isEmpty() && !Tree.text(source, "kind").equals(CLAIM)) {
            problems.invalid(path, Tree.text(source, "kind"),
                    "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
        }
        problems.formatIfSet(NameFormat.SUBDOMAIN, source, path, "apiGroup");
    }

    /// The older field and the newer one say the same, where both are there.
    private static void sources(JsonNode spec, String path, Problems problems) {
        JsonNode older = spec.path("dataSource");
        JsonNode newer = spec.path("dataSourceRef");
        if (!older.isObject() || !newer.isObject()) {
            return;
        }
        String value = path + ".dataSource";
        if (!Tree.text(newer, "namespace").isEmpty()) {
            problems.invalidPlain(path, value, "may not be specified when dataSourceRef.namespace is specified");
        } else if (!List.of("apiGroup", "kind", "name").stream().allMatch(
                field -> Tree.text(older, field).equals(Tree.text(newer, field)))) {
            problems.invalidPlain(path, value, "must match dataSourceRef");
        }
    }
}
