package io.logplane.schemas.definitions;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.rules.Problems;
import io.logplane.schemas.rules.SpecRules;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What CustomResourceDefinitions are filled with and must fulfil.
///
/// Shape: `schemas` lives where schemas are understood. Which names a definition gets is [DefinitionNames]' decision.
/// Source: k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition, pkg/apis/apiextensions/validation.
public record DefinitionRules(Schemas schemas) implements SpecRules {
    static final String APPROVAL_MISSING = "protected groups must have approval annotation \""
            + Definition.APPROVAL + "\", see https://github.com/kubernetes/enhancements/pull/1111";
    static final String APPROVAL_BAD = "protected groups must have approval annotation \"" + Definition.APPROVAL
            + "\" with either a URL or a reason starting with \"unapproved\", "
            + "see https://github.com/kubernetes/enhancements/pull/1111";
    private static final int HTTPS = 443;
    private static final String URL = "[a-zA-Z][a-zA-Z0-9+.-]*://[^/\\s]+.*";

    /// Without anybody who understands schemas.
    public static final DefinitionRules PLAIN = new DefinitionRules(new Schemas() {
        @Override
        public SchemaProblems problems(ObjectNode definition, ObjectNode old) {
            return SchemaProblems.NONE;
        }

        @Override
        public List<String> unknownFormats(ObjectNode definition) {
            return List.of();
        }
    });

    /// What is inside the schemas of a definition.
    public interface Schemas {
        /// Shape: `old` is the definition before; an empty object when there is none.
        SchemaProblems problems(ObjectNode definition, ObjectNode old);

        /// The formats its schemas name and nobody knows. Shape: each once.
        List<String> unknownFormats(ObjectNode definition);
    }

    /// Where upstream tells what is wrong inside. Shape: `first` before the versions; `versions` of each version behind
    /// its name, in order; `whole` of what all versions say alike, behind the names.
    public record SchemaProblems(List<FieldError> first, List<List<FieldError>> versions, List<FieldError> whole) {
        static final SchemaProblems NONE = new SchemaProblems(List.of(), List.of(), List.of());

        List<FieldError> ofVersion(int index) {
            return index < versions.size() ? versions.get(index) : List.of();
        }
    }

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
    public List<FieldError> validateCreate(ObjectNode object) {
        Problems problems = new Problems();
        Definition definition = new Definition(object);
        if (!definition.name().equals(definition.plural() + "." + definition.group())) {
            problems.invalid("metadata.name", definition.name(), "must be spec.names.plural+\".\"+spec.group");
        }
        DefinitionChecks.spec(definition, schemas.problems(object, object.objectNode()), Optional.empty(), problems);
        DefinitionChecks.status(definition, problems);
        approval(object, problems);
        DefinitionChecks.preserving(object, problems);
        return problems.list();
    }

    @Override
    public List<String> warningsOnCreate(ObjectNode object) {
        return warningsOnUpdate("", object, object.objectNode());
    }

    /// Of formats that are new here.
    @Override
    public List<String> warningsOnUpdate(String subresource, ObjectNode object, ObjectNode old) {
        List<String> known = schemas.unknownFormats(old);
        return schemas.unknownFormats(object).stream().filter(format -> !known.contains(format)).map(
                format -> "unrecognized format \"" + format + "\"").toList();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        Definition definition = new Definition(object);
        Optional<ObjectNode> served = Optional.of(old).filter(before -> new Definition(before).is(
                Definition.ESTABLISHED));
        DefinitionChecks.spec(definition, schemas.problems(object, old), served, problems);
        if (served.isPresent()) {
            problems.unchanged(object, old, "spec", "scope");
            problems.unchanged(object, old, "spec.names", "kind");
        }
        problems.unchanged(object, old, "spec", "group");
        problems.unchanged(object, old, "spec.names", "plural");
        DefinitionChecks.status(definition, problems);
        if (Approval.of(object) != Approval.of(old)) {
            approval(object, problems);
        }
        if (!Tree.flag(old, "spec.preserveUnknownFields")) {
            DefinitionChecks.preserving(object, problems);
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateSubresource(String subresource, ObjectNode object, ObjectNode old) {
        Problems problems = new Problems();
        DefinitionChecks.names(object, "status.acceptedNames", problems);
        return problems.list();
    }

    /// How the Kubernetes community stands to a definition.
    private enum Approval {
        MISSING, BYPASSED, GIVEN, INVALID;

        static Approval of(ObjectNode object) {
            String said = said(object);
            return said.isEmpty()
                    ? MISSING
                    : said.startsWith("unapproved") ? BYPASSED : said.matches(URL) ? GIVEN : INVALID;
        }
    }

    private static String said(ObjectNode object) {
        return object.path("metadata").path("annotations").path(Definition.APPROVAL).asText();
    }

    private static void approval(ObjectNode object, Problems problems) {
        if (!Definition.protectedGroup(Tree.text(object, "spec.group"))) {
            return;
        }
        String field = "metadata.annotations[" + Definition.APPROVAL + "]";
        switch (Approval.of(object)) {
            case MISSING -> problems.required(field, APPROVAL_MISSING);
            case INVALID -> problems.invalid(field, said(object), APPROVAL_BAD);
            case BYPASSED, GIVEN -> {
            }
        }
    }
}
