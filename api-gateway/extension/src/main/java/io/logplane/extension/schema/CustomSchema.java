package io.logplane.extension.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.CustomType;
import io.logplane.representation.MergeType;
import io.logplane.representation.StructType.Gvk;
import io.logplane.schemas.model.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The schema of one version of a custom resource, read once.
///
/// Order in the write pipeline: [#prune] and [#applyDefaults] when a body is read, [#validate] when it is written.
/// Thread: any; immutable.
/// Source: k8s.io/apiextensions-apiserver/pkg/apiserver, k8s.io/apiextensions-apiserver/pkg/registry/customresource.
public final class CustomSchema implements CustomType {
    private static final String STATUS = "status";
    private final Structural schema;
    private final MergeType merging;
    private volatile @Nullable Optional<RuleTree> rules;

    private CustomSchema(Structural schema) {
        this.schema = schema;
        this.merging = MergeTypes.ofResource(schema);
    }

    /// Shape: `spec.versions[].schema.openAPIV3Schema`; one that is missing allows nothing but metadata.
    public static CustomSchema of(JsonNode openAPIV3Schema) {
        return new CustomSchema(openAPIV3Schema.isObject() ? new Structural(openAPIV3Schema) : Structural.NOTHING);
    }

    @Override
    public List<String> prune(ObjectNode object) {
        return Pruning.prune(object, schema);
    }

    @Override
    public void dropNulls(ObjectNode object) {
        Defaulting.dropNulls(object, Optional.of(schema));
    }

    @Override
    public List<String> readEmbedded(ObjectNode object) {
        return EmbeddedObjects.read(object, schema);
    }

    @Override
    public void applyDefaults(ObjectNode object) {
        Defaulting.apply(object, schema);
    }

    @Override
    public MergeType merging() {
        return merging;
    }

    @Override
    public ObjectNode publishedList(Gvk kind, String list, String plural, boolean three) {
        return Publication.list(kind, list, plural, three);
    }

    @Override
    public ObjectNode published(Gvk kind, boolean three) {
        return Publication.definition(schema, kind, three);
    }

    /// What a schema finds in an object. Shape: warnings are what is wrong with values that did not change.
    public record Findings(List<FieldError> errors, List<String> warnings) {
    }

    /// What is wrong with an object besides its schema. Shape: `metadata` is told elsewhere, it only keeps rules from
    /// being run; `scale` is what a Scale would be read from, told between values and what is inside of them.
    public record Besides(List<FieldError> metadata, List<FieldError> scale) {
        static final Besides NOTHING = new Besides(List.of(), List.of());
    }

    /// Everything wrong with an object by its schema; metadata of the object itself is judged elsewhere.
    ///
    /// Shape: `old` is what it replaces, empty on create; what did not change is not judged anew.
    public List<FieldError> validate(ObjectNode object, Optional<ObjectNode> old) {
        return judge(object, old, Besides.NOTHING).errors();
    }

    /// As [#validate], with texts for `Warning` headers.
    public Findings judge(ObjectNode object, Optional<ObjectNode> old, Besides besides) {
        Optional<Correlated> correlated = old.map(before -> new Correlated(before, object, schema));
        List<FieldError> errors = new ArrayList<>(Values.check(object, schema, correlated));
        errors.addAll(besides.scale);
        errors.addAll(EmbeddedObjects.check(object, schema));
        return judge(object, old, correlated, errors, Problems.blocking(besides.metadata));
    }

    /// As [#judge] for a write of the status alone: the rest need not have the form that is wanted now, but every rule
    /// is run.
    public Findings judgeStatus(ObjectNode object, ObjectNode old, Besides besides) {
        Correlated correlated = new Correlated(old, object, schema);
        List<FieldError> errors = new ArrayList<>();
        schema.member(STATUS).filter(part -> object.has(STATUS)).ifPresent(part -> errors.addAll(Values
                .checkPart(object.path(STATUS), part, STATUS, correlated.member(STATUS))));
        errors.addAll(besides.scale);
        return judge(object, Optional.of(old), Optional.of(correlated), errors, Problems.blocking(besides.metadata));
    }

    private Findings judge(ObjectNode object, Optional<ObjectNode> old, Optional<Correlated> correlated,
            List<FieldError> errors, boolean blocked) {
        if (old.isEmpty() || ListTypes.check(old.get(), schema).isEmpty()) {
            errors.addAll(ListTypes.check(object, schema));
        }
        Optional<RuleTree> compiled = rules();
        if (compiled.isEmpty()) {
            return new Findings(List.copyOf(errors), List.of());
        }
        if (blocked || Problems.blocking(errors)) {
            errors.add(FieldError.invalid(Problems.NOWHERE, "null",
                    "some validation rules were not checked because the object was invalid; correct the existing "
                            + "errors to complete validation"));
            return new Findings(List.copyOf(errors), List.of());
        }
        RuleRun.Findings found = RuleRun.run(compiled.get(), object, correlated);
        errors.addAll(found.errors());
        return new Findings(List.copyOf(errors), found.warnings());
    }

    /// Compiled when they are first needed: most gateways never write most types.
    private Optional<RuleTree> rules() {
        Optional<RuleTree> known = rules;
        if (known == null) {
            known = RuleTree.of(schema);
            rules = known;
        }
        return known;
    }
}
