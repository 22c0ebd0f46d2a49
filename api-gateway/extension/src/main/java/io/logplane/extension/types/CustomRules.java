package io.logplane.extension.types;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.extension.schema.CustomSchema;
import io.logplane.extension.schema.CustomSchema.Besides;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.rules.ObjectMetaRules;
import io.logplane.schemas.types.Conversion;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.Rules;
import io.logplane.schemas.types.ScalePaths;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The rules of one version of a custom type.
///
/// Objects come in the stored form; defaults are those of the stored version, and an object is judged by the schema of
/// the version it was asked for in. Shape: `versions` finds every version of the definition by apiVersion, served or
/// not.
/// Source: k8s.io/apiextensions-apiserver/pkg/registry/customresource.
public record CustomRules(CustomSchema schema, CustomSchema storageSchema, Optional<Conversion> conversion,
        Facts facts, Function<String, Optional<ResourceType>> versions) implements Rules {

    /// What the definition says besides the schema. Shape: `scale` empty without that subresource; `deprecation` ""
    /// for a version that is not deprecated; `edition` differs when the definition asks for something else.
    record Facts(boolean hasStatus, Optional<ScalePaths> scalePaths, String listName, String deprecation,
            boolean terminating, String storageVersion, Object edition) {
    }

    @Override
    public void applyDefaults(ObjectNode object) {
        List<String> unused = storageSchema.prune(object);
        storageSchema.applyDefaults(object);
    }

    @Override
    public void prepareForCreate(ObjectNode object) {
        if (facts.hasStatus) {
            object.remove("status");
            fillStatus(object);
        }
    }

    /// What upstream fills in when it reads what it wrote: without one of its own, an object has the default status.
    private void fillStatus(ObjectNode object) {
        if (!object.has("status")) {
            storageSchema.applyDefaults(object);
        }
    }

    @Override
    public void prepareForUpdate(ObjectNode object, ObjectNode old) {
        if (facts.hasStatus) {
            Tree.copy("status", old, object);
            fillStatus(object);
        }
    }

    @Override
    public void prepareForSubresource(String subresource, ObjectNode object, ObjectNode old) {
        if (!subresource.equals("status")) {
            return;
        }
        JsonNode status = object.path("status");
        JsonNode revision = object.path("metadata").path("resourceVersion");
        JsonNode managed = object.path("metadata").path("managedFields");
        ObjectNode metadata = old.path("metadata").deepCopy();
        metadata.remove(List.of("resourceVersion", "managedFields"));
        set(metadata, "resourceVersion", revision);
        set(metadata, "managedFields", managed);
        object.removeAll();
        old.properties().forEach(field -> object.set(field.getKey(), field.getValue().deepCopy()));
        object.set("metadata", metadata);
        object.remove("status");
        set(object, "status", status);
    }

    private static void set(ObjectNode object, String field, JsonNode value) {
        if (!value.isMissingNode()) {
            object.set(field, value);
        }
    }

    @Override
    public List<FieldError> validateCreate(ObjectNode object, List<FieldError> metadata) {
        return judge(object, Optional.empty(), metadata).errors();
    }

    @Override
    public List<FieldError> known(ObjectNode old) {
        return List.of();
    }

    @Override
    public Judgement judgeUpdate(String subresource, ObjectNode object, ObjectNode old, List<FieldError> metadata) {
        return subresource.equals("status")
                ? judgeStatus(served(object), served(old), metadata)
                : judge(object, Optional.of(old), metadata);
    }

    private ObjectNode served(ObjectNode object) {
        return conversion.map(known -> known.fromStorage(object)).orElse(object);
    }

    private Judgement judge(ObjectNode object, Optional<ObjectNode> old, List<FieldError> metadata) {
        ObjectNode shown = served(object);
        Besides besides = new Besides(metadata, facts.scalePaths.map(paths -> CustomScale.problems(shown, paths))
                .orElse(List.of()));
        return judgement(schema.judge(shown, old.map(this::served), besides));
    }

    private Judgement judgeStatus(ObjectNode object, ObjectNode old, List<FieldError> metadata) {
        Besides besides = new Besides(metadata, facts.scalePaths.map(paths -> CustomScale.statusProblems(object, paths))
                .orElse(List.of()));
        return judgement(schema.judgeStatus(object, old, besides));
    }

    private static Judgement judgement(CustomSchema.Findings found) {
        return new Judgement(found.errors(), found.warnings());
    }

    @Override
    public List<String> warningsOnCreate(ObjectNode object) {
        return ObjectMetaRules.warningsOfFinalizers(object, object.objectNode());
    }

    @Override
    public List<String> warningsOnUpdate(String subresource, ObjectNode object, ObjectNode old) {
        return subresource.isEmpty() ? ObjectMetaRules.warningsOfFinalizers(object, old) : List.of();
    }

    @Override
    public boolean raisesGeneration(ObjectNode object, ObjectNode old) {
        return !content(object).equals(content(old));
    }

    /// What counts as a change of the object: everything but metadata, and the status where it is written apart.
    private Map<String, JsonNode> content(ObjectNode object) {
        Map<String, JsonNode> fields = new java.util.TreeMap<>();
        object.properties().forEach(field -> {
            boolean counts = !field.getKey().equals("metadata") && !field.getKey().equals("apiVersion")
                    && !(facts.hasStatus && field.getKey().equals("status"));
            if (counts) {
                fields.put(field.getKey(), field.getValue());
            }
        });
        return fields;
    }

    @Override
    public boolean hasGeneration() {
        return true;
    }

    @Override
    public boolean allowsUnconditionalUpdate() {
        return false;
    }

    @Override
    public boolean readsServedForm() {
        return conversion.isPresent();
    }

    @Override
    public String storageVersion() {
        return facts.storageVersion;
    }

    @Override
    public boolean itemsNameTheirKind() {
        return true;
    }

    @Override
    public Optional<String> listKind() {
        return Optional.of(facts.listName);
    }

    @Override
    public ScalePaths scale() {
        return facts.scalePaths.orElse(ScalePaths.USUAL);
    }

    @Override
    public boolean closing() {
        return facts.terminating;
    }

    @Override
    public Object edition() {
        return facts.edition;
    }

    @Override
    public Optional<String> deprecation() {
        return facts.deprecation.isEmpty() ? Optional.empty() : Optional.of(facts.deprecation);
    }
}
