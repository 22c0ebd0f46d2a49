package io.logplane.extension.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.CustomType;
import io.logplane.representation.MergeType;
import io.logplane.schemas.model.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The schema of one version of a custom resource, read once.
///
/// Order in the write pipeline: [#prune] and [#applyDefaults] when a body is read, [#validate] when it is written.
/// Thread: any; immutable.
/// Source: k8s.io/apiextensions-apiserver/pkg/apiserver, k8s.io/apiextensions-apiserver/pkg/registry/customresource.
public final class CustomSchema implements CustomType {
    private final Structural schema;
    private final MergeType merging;

    private CustomSchema(Structural schema) {
        this.schema = schema;
        this.merging = MergeTypes.ofResource(schema);
    }

    /// Shape: `spec.versions[].schema.openAPIV3Schema`; one that is missing allows nothing but metadata.
    public static CustomSchema of(JsonNode openAPIV3Schema) {
        return new CustomSchema(openAPIV3Schema.isObject() ? new Structural(openAPIV3Schema) : Structural.NOTHING);
    }

    /// Shape: besides what is unknown, nulls go that may not be and have no default; nothing is said of them.
    @Override
    public List<String> prune(ObjectNode object) {
        List<String> unknown = Pruning.prune(object, schema);
        Defaulting.dropNulls(object, Optional.of(schema));
        return unknown;
    }

    @Override
    public void applyDefaults(ObjectNode object) {
        Defaulting.apply(object, schema);
    }

    @Override
    public MergeType merging() {
        return merging;
    }

    /// Everything wrong with an object by its schema; metadata of the object itself is judged elsewhere.
    ///
    /// Shape: `old` is what it replaces, empty on create; what did not change is not judged anew.
    public List<FieldError> validate(ObjectNode object, Optional<ObjectNode> old) {
        Optional<Correlated> correlated = old.map(before -> new Correlated(before, object, schema));
        return new ArrayList<>(Values.check(object, schema, correlated));
    }
}
