package io.logplane.extension.types;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.extension.schema.CustomSchema;
import io.logplane.schemas.types.Conversion;
import io.logplane.schemas.types.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// One version of a custom type against whatever is stored.
///
/// What is stored may be of an older storage version, or older than the schema: reading fills in defaults and drops
/// what the schema does not know any more, as upstream's reading does.
/// Shape: `stored` is the type objects are stored as; it is asked for late: the stored version may be this one;
/// `schemas` those of all versions by apiVersion.
record VersionConversion(Supplier<ResourceType> stored, Supplier<CustomSchema> storageSchema, String apiVersion,
        CustomSchema schema, Map<String, CustomSchema> schemas, Converter converter) implements Conversion {

    @Override
    public ResourceType storage() {
        return stored.get();
    }

    @Override
    public ObjectNode present(ObjectNode object) {
        return all(List.of(object), stored.get().apiVersion(), storageSchema.get()).getFirst();
    }

    @Override
    public ObjectNode toStorage(ObjectNode object) {
        return present(object);
    }

    @Override
    public ObjectNode fromStorage(ObjectNode object) {
        return allFromStorage(List.of(object)).getFirst();
    }

    @Override
    public List<ObjectNode> allFromStorage(List<ObjectNode> objects) {
        return all(objects, apiVersion, schema);
    }

    /// Everything that is of another version in one go. Shape: defaults are those of the version an object is of, not
    /// of the one it is converted to.
    private List<ObjectNode> all(List<ObjectNode> objects, String wanted, CustomSchema form) {
        List<ObjectNode> others = objects.stream().filter(object -> !is(object, wanted)).map(this::filled).toList();
        List<ObjectNode> converted = others.isEmpty() ? List.of() : converter.convert(others, wanted);
        List<ObjectNode> result = new ArrayList<>(objects.size());
        int next = 0;
        for (ObjectNode object : objects) {
            boolean same = is(object, wanted);
            ObjectNode whole = same ? object.deepCopy() : converted.get(next++);
            List<String> unused = form.prune(whole);
            form.dropNulls(whole);
            if (same) {
                form.applyDefaults(whole);
            }
            result.add(whole);
        }
        return result;
    }

    private ObjectNode filled(ObjectNode object) {
        ObjectNode whole = object.deepCopy();
        CustomSchema own = schemas.get(object.path("apiVersion").asText());
        if (own != null) {
            own.applyDefaults(whole);
        }
        return whole;
    }

    private static boolean is(ObjectNode object, String apiVersion) {
        return object.path("apiVersion").asText().equals(apiVersion);
    }
}
