package io.logplane.gateway.hooks;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.extension.cel.Constructed;
import io.logplane.extension.cel.JsonValues;
import io.logplane.extension.types.CustomRules;
import io.logplane.gateway.write.Scales;
import io.logplane.representation.CustomType;
import io.logplane.representation.MutationFailed;
import io.logplane.representation.StructType;
import io.logplane.representation.TypeSchemas;
import io.logplane.representation.apply.ApplyConfiguration;
import io.logplane.representation.patch.Patches;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.ResourceType;
import java.util.List;
import java.util.Optional;

/// What an expression of a mutating policy made, put into the object.
///
/// Errors: [MutationFailed]; 500 when the result is no object of its type.
/// Source: k8s.io/apiserver/pkg/admission/plugin/policy/mutating/patch.
final class PolicyPatches {
    private final Patches patches = new Patches();

    /// Shape: `object` as the request shows it; may be changed.
    ObjectNode apply(HookRequest request, ObjectNode object, Policy.Mutation mutation, Object made) {
        ResourceType type = type(request, object);
        Optional<CustomType> custom = type.rules() instanceof CustomRules rules
                ? Optional.of(rules.schema())
                : Optional.empty();
        return mutation.apply()
                ? merged(object, made, custom, type)
                : custom.map(schema -> patches.mutate(object, operations(made), schema)).orElseGet(() -> patches
                        .mutate(object, operations(made), type));
    }

    private static ResourceType type(HookRequest request, ObjectNode object) {
        if (request.isScale()) {
            return Scales.TYPE;
        }
        return request.admission().isOfItsOwnKind() ? Scales.typeOf(object) : request.type();
    }

    private static ObjectNode merged(ObjectNode object, Object made, Optional<CustomType> custom, ResourceType type) {
        inPlace(made);
        if (!(JsonValues.json(made).orElse(Json.newObject()) instanceof ObjectNode said)) {
            throw new MutationFailed("unsupported return type from ApplyConfiguration expression");
        }
        ObjectNode whole = said.deepCopy();
        whole.set("apiVersion", object.path("apiVersion"));
        whole.set("kind", object.path("kind"));
        try {
            return custom.map(schema -> ApplyConfiguration.merge(object, whole, schema)).orElseGet(
                    () -> ApplyConfiguration.merge(object, whole, struct(type)));
        } catch (MutationFailed failed) {
            throw new MutationFailed("error applying patch: " + failed.text());
        }
    }

    /// Options of a connection have no schema: nothing can be merged into them.
    private static StructType struct(ResourceType type) {
        return TypeSchemas.builtIn().of(type).orElseThrow(() -> new MutationFailed(
                "failed to convert patch object to typed object: no corresponding type for " + type.group() + "/" + type
                        .version() + ", Kind=" + type.kind()));
    }

    private static void inPlace(Object made) {
        String misplaced = Constructed.misplaced(made);
        if (!misplaced.isEmpty()) {
            throw new MutationFailed("type mismatch: " + misplaced);
        }
    }

    private static ArrayNode operations(Object made) {
        ArrayNode operations = Json.MAPPER.createArrayNode();
        for (Object one : made instanceof List<?> list ? list : List.of()) {
            if (!(one instanceof Constructed patch)) {
                throw new MutationFailed(
                        "type mismatch: JSONPatchType.expression should evaluate to array of JSONPatch");
            }
            patch.find("value").ifPresent(PolicyPatches::inPlace);
            ObjectNode operation = operations.addObject();
            operation.put("op", String.valueOf(patch.select("op")));
            operation.put("path", String.valueOf(patch.select("path")));
            patch.find("from").ifPresent(from -> operation.put("from", String.valueOf(from)));
            patch.find("value").ifPresent(value -> operation.set("value", JsonValues.json(value).orElseThrow(
                    () -> new MutationFailed("JSONPath valueExpression evaluated to a type that could not marshal to "
                            + "JSON"))));
        }
        return operations;
    }
}
