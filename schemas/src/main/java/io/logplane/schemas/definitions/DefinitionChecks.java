package io.logplane.schemas.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.definitions.DefinitionRules.SchemaProblems;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.rules.Problems;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Everything that can be wrong with a definition outside its schemas, in upstream's words.
///
/// Source: k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation.
final class DefinitionChecks {
    private static final int MAX_DEPRECATION = 256;
    private static final String MIXED = "may have mixed case, but should otherwise match: ";

    /// General categories that Go does not print.
    private static final BitSet UNPRINTED = new BitSet();

    static {
        for (byte type : new byte[]{Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE,
            Character.UNASSIGNED, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SPACE_SEPARATOR}) {
            UNPRINTED.set(type);
        }
    }

    private DefinitionChecks() {
    }

    /// Shape: in upstream's order; `served` is the definition before, where it is served already.
    static void spec(Definition definition, SchemaProblems schemas, Optional<ObjectNode> served, Problems problems) {
        JsonNode spec = definition.object().path("spec");
        group(definition.group(), problems);
        switch (Tree.text(spec, "scope")) {
            case "" -> problems.required("spec.scope", "");
            case "Cluster", "Namespaced" -> {
            }
            default -> problems.notSupported("spec.scope", Tree.text(spec, "scope"), "Cluster", "Namespaced");
        }
        schemas.first().forEach(problems::add);
        versions(definition, schemas, problems);
        JsonNode names = spec.path("names");
        for (String field : List.of("plural", "singular", "kind", "listKind")) {
            if (Tree.text(names, field).isEmpty()) {
                problems.required("spec.names." + field, "");
            }
        }
        names(definition.object(), "spec.names", problems);
        schemas.whole().forEach(problems::add);
        ConversionChecks.check(definition.object(), served, problems);
    }

    static void status(Definition definition, Problems problems) {
        names(definition.object(), "status.acceptedNames", problems);
        storedVersions(definition, problems);
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

    private static void versions(Definition definition, SchemaProblems schemas, Problems problems) {
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
            schemas.ofVersion(i).forEach(problems::add);
        }
        JsonNode all = InternalForm.versions(Tree.at(definition.object(), "spec.versions"));
        if (!unique) {
            problems.invalid("spec.versions", all, "must contain unique version names");
        }
        if (stored != 1) {
            problems.invalid("spec.versions", all, "must have exactly one version marked as storage version");
        }
        if (!versions.isEmpty() && !Tree.text(versions.getFirst(), "name").isEmpty()) {
            label("spec.version", Tree.text(versions.getFirst(), "name"), problems);
        }
    }

    private static void deprecation(ObjectNode version, String at, Problems problems) {
        if (!version.has("deprecationWarning")) {
            return;
        }
        String where = at + ".deprecationWarning";
        String warning = Tree.text(version, "deprecationWarning");
        if (!Tree.flag(version, "deprecated")) {
            problems.invalid(where, warning, "can only be set for deprecated versions");
            return;
        }
        if (warning.getBytes(StandardCharsets.UTF_8).length > MAX_DEPRECATION) {
            problems.invalid(where, warning, "must be <= 256 characters long");
        }
        if (warning.isEmpty()) {
            problems.invalid(where, warning, "must not be an empty string");
        }
        int[] hidden = warning.codePoints().filter(c -> c != ' ' && UNPRINTED.get(Character.getType(c))).limit(1)
                .toArray();
        if (hidden.length > 0) {
            int index = warning.substring(0, warning.indexOf(hidden[0])).getBytes(StandardCharsets.UTF_8).length;
            problems.invalid(where, warning, "must only contain printable UTF-8 characters; non-printable character "
                    + "found at index " + index);
        }
    }

    static void preserving(ObjectNode object, Problems problems) {
        if (Tree.flag(object, "spec.preserveUnknownFields")) {
            problems.invalid("spec.preserveUnknownFields", Tree.at(object, "spec.preserveUnknownFields"),
                    "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema"
                            + " instead");
        }
    }

    /// Shape: `at` says where the names are.
    static void names(ObjectNode definition, String at, Problems problems) {
        JsonNode names = Tree.at(definition, at);
        for (String field : List.of("plural", "singular")) {
            if (!Tree.text(names, field).isEmpty()) {
                label(at + "." + field, Tree.text(names, field), problems);
            }
        }
        for (String field : List.of("kind", "listKind")) {
            String kind = Tree.text(names, field);
            if (!kind.isEmpty() && !NameFormat.LABEL_1035.accepts(kind.toLowerCase(Locale.ROOT))) {
                problems.invalid(at + "." + field, kind, MIXED + String.join(",", NameFormat.LABEL_1035.errors(kind
                        .toLowerCase(Locale.ROOT))));
            }
        }
        list(names, at, "shortNames", problems);
        String kind = Tree.text(names, "kind");
        if (!kind.isEmpty() && kind.equals(Tree.text(names, "listKind"))) {
            problems.invalid(at + ".listKind", kind, "kind and listKind may not be the same");
        }
        list(names, at, "categories", problems);
    }

    private static void list(JsonNode names, String at, String field, Problems problems) {
        List<String> values = Tree.texts(names, field);
        for (int i = 0; i < values.size(); i++) {
            label(at + "." + field + "[" + i + "]", values.get(i), problems);
        }
    }

    private static void label(String path, String value, Problems problems) {
        if (!NameFormat.LABEL_1035.accepts(value)) {
            problems.invalid(path, value, String.join(",", NameFormat.LABEL_1035.errors(value)));
        }
    }

    /// Versions that objects in the log may have.
    private static void storedVersions(Definition definition, Problems problems) {
        List<String> stored = Tree.texts(definition.object(), "status.storedVersions");
        List<String> known = definition.versions().stream().map(version -> Tree.text(version, "name")).toList();
        String at = "status.storedVersions";
        if (stored.isEmpty()) {
            problems.invalid(at, NullNode.getInstance(), "must have at least one stored version");
            return;
        }
        Set<String> left = new HashSet<>(stored);
        for (ObjectNode version : definition.versions()) {
            String name = Tree.text(version, "name");
            if (!left.remove(name) && Tree.flag(version, "storage")) {
                problems.invalid(at, Tree.at(definition.object(), at), "must have the storage version " + name);
            }
        }
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
