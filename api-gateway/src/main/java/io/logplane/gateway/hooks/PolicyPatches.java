package io.logplane.gateway.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
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
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// What an expression of a mutating policy made, put into the object.
///
/// Errors: [MutationFailed]; 500 when the result is no object of its type.
/// Source: k8s.io/apiserver/pkg/admission/plugin/policy/mutating/patch.
final class PolicyPatches {
    private static final String UNWRITABLE = "JSONPath valueExpression evaluated to a type that could not marshal to "
            + "JSON";
    private static final long MAX_SAFE = (1L << 53) - 1;
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
        if (!(JsonValues.json(made).map(PolicyPatches::zeros).orElse(Json.newObject()) instanceof ObjectNode said)) {
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

    /// Upstream merges its constant for null, which is 0.
    private static JsonNode zeros(JsonNode node) {
        return replaced(node, one -> one.isNull(), one -> IntNode.valueOf(0));
    }

    /// Numbers that a double cannot hold are written as texts there.
    private static JsonNode safe(JsonNode node) {
        return replaced(node, one -> one.isIntegralNumber() && (!one.canConvertToLong() || Math.abs(one
                .longValue()) > MAX_SAFE), one -> TextNode.valueOf(one.asText()));
    }

    private static JsonNode replaced(JsonNode node, Predicate<JsonNode> which, UnaryOperator<JsonNode> with) {
        if (which.test(node)) {
            return with.apply(node);
        }
        if (node.isArray()) {
            ArrayNode array = Json.MAPPER.createArrayNode();
            node.forEach(element -> array.add(replaced(element, which, with)));
            return array;
        }
        if (node.isObject()) {
            ObjectNode object = Json.newObject();
            node.properties().forEach(member -> object.set(member.getKey(), replaced(member.getValue(), which, with)));
            return object;
        }
        return node;
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
            patch.find("value").ifPresent(value -> operation.set("value", JsonValues.json(value).map(
                    PolicyPatches::safe).orElseThrow(
                            () -> new MutationFailed(UNWRITABLE + (JsonValues.isType(value)
                                    ? ": type conversion not supported for 'type'"
                                    : "")))));
        }
        return operations;
    }
}
