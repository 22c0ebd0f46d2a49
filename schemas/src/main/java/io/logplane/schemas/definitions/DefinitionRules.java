package io.logplane.schemas.definitions;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.rules.Problems;
import io.logplane.schemas.rules.SpecRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;

/// What CustomResourceDefinitions are filled with and must fulfil.
///
/// Shape: `schemas` checks what is inside the schemas of a definition, given the one before (empty object: there is
/// none); it lives where schemas are understood. Which names a definition gets is [DefinitionNames]' decision.
/// Source: k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition, pkg/apis/apiextensions/validation.
public record DefinitionRules(BiFunction<ObjectNode, ObjectNode, List<FieldError>> schemas) implements SpecRules {
    static final String APPROVAL_MISSING = "protected groups must have approval annotation \""
            + Definition.APPROVAL + "\", see https://github.com/kubernetes/enhancements/pull/1111";
    static final String APPROVAL_BAD = "protected groups must have approval annotation \"" + Definition.APPROVAL
            + "\" with either a URL or a reason starting with \"unapproved\", "
            + "see https://github.com/kubernetes/enhancements/pull/1111";
    private static final int HTTPS = 443;

    /// Without anybody who understands schemas.
    public static final DefinitionRules PLAIN = new DefinitionRules((unused, old) -> List.of());

    @Override
    public void applyDefaults(ObjectNode object) {
        ObjectNode spec = Tree.object(object, "spec");
        ObjectNode names = Tree.object(spec, "names");
        String kind = Tree.text(names, "kind");
        if (!kind.isEmpty()) {
            Tree.setDefault(names, "singular", kind.toLowerCase(Locale.ROOT));
            Tree.setDefault(names, "listKind", kind + "List");
        }
        if (!(spec.get("conversion") instanceof ObjectNode)) {
            spec.putObject("conversion").put("strategy", "None");
        }
        if (Tree.at(spec, "conversion.webhook.clientConfig.service") instanceof ObjectNode service) {
            Tree.setDefault(service, "port", HTTPS);
        }
        if (!Tree.flag(spec, "preserveUnknownFields")) {
            spec.remove("preserveUnknownFields");
        }
    }

    @Override
    public void prepareForCreate(ObjectNode object) {
        object.remove("status");
        storeVersion(object);
    }

    @Override
    public void prepareForUpdate(ObjectNode object, ObjectNode old) {
        Tree.copy("status", old, object);
        storeVersion(object);
    }

    @Override
    public void prepareForDelete(ObjectNode object, String now) {
        ObjectNode metadata = Tree.object(object, "metadata");
        if (!Tree.texts(metadata, "finalizers").contains(Definition.FINALIZER)) {
            metadata.withArrayProperty("finalizers").add(Definition.FINALIZER);
        }
        DefinitionStatus.terminating(object, now);
    }

    /// A version that is stored from now on may be found in the log for ever, or until somebody migrates.
    private static void storeVersion(ObjectNode object) {
        String version = new Definition(object).storage().map(v -> Tree.text(v, "name")).orElse("");
        ObjectNode status = Tree.object(object, "status");
        ArrayNode stored = status.get("storedVersions") instanceof ArrayNode there
                ? there
                : status.putArray("storedVersions");
        if (!version.isEmpty() && !Tree.texts(status, "storedVersions").contains(version)) {
            stored.add(version);
        }
    }

    @Override
    public boolean allowsUnconditionalUpdate() {
        return false;
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        Problems problems = new Problems();
        Definition definition = new Definition(object);
        String required = definition.plural() + "." + definition.group();
        if (!definition.name().equals(required)) {
            problems.invalid("metadata.name", definition.name(), "must be spec.names.plural+\".\"+spec.group");
        }
        DefinitionChecks.spec(definition, problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateCreate(ObjectNode object) {
        Problems problems = new Problems();
        String said = object.path("metadata").path("annotations").path(Definition.APPROVAL).asText();
        approval(object, said, problems);
        if (Tree.flag(object, "spec.preserveUnknownFields")) {
            problems.invalid("spec.preserveUnknownFields", Tree.at(object, "spec.preserveUnknownFields"),
                    "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema"
                            + " instead");
        }
        List<FieldError> all = new ArrayList<>(problems.list());
        all.addAll(schemas.apply(object, object.objectNode()));
        return all;
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        if (new Definition(old).is(Definition.ESTABLISHED)) {
            problems.unchanged(object, old, "spec", "scope");
            problems.unchanged(object, old, "spec.names", "kind");
        }
        problems.unchanged(object, old, "spec", "group");
        problems.unchanged(object, old, "spec.names", "plural");
        DefinitionChecks.storedVersions(new Definition(object), problems);
        String said = object.path("metadata").path("annotations").path(Definition.APPROVAL).asText();
        if (!said.equals(old.path("metadata").path("annotations").path(Definition.APPROVAL).asText())) {
            approval(object, said, problems);
        }
        List<FieldError> all = new ArrayList<>(problems.list());
        all.addAll(schemas.apply(object, old));
        return all;
    }

    @Override
    public List<FieldError> validateSubresource(String subresource, ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        DefinitionChecks.storedVersions(new Definition(object), problems);
        return problems.list();
    }

    private static void approval(ObjectNode object, String said, Problems problems) {
        if (!Definition.protectedGroup(Tree.text(object, "spec.group"))) {
            return;
        }
        String field = "metadata.annotations[" + Definition.APPROVAL + "]";
        if (said.isEmpty()) {
            problems.required(field, APPROVAL_MISSING);
        } else if (!said.startsWith("unapproved") && !said.matches("https?://[^/\\s]+.*")) {
            problems.invalid(field, said, APPROVAL_BAD);
        }
    }
}
