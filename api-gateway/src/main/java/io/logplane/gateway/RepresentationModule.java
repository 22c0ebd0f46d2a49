package io.logplane.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.extension.schema.CustomSchema;
import io.logplane.extension.types.CustomRules;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.write.Representations;
import io.logplane.representation.StructType;
import io.logplane.representation.TypeSchemas;
import io.logplane.representation.apply.ManagedFields;
import io.logplane.representation.apply.ScaleOwners;
import io.logplane.representation.apply.ServerSideApply;
import io.logplane.representation.apply.VersionedType;
import io.logplane.representation.decode.CustomBody;
import io.logplane.representation.decode.Decoder;
import io.logplane.representation.decode.FieldValidation;
import io.logplane.representation.decode.Malformed;
import io.logplane.representation.decode.StructReader;
import io.logplane.representation.patch.PatchType;
import io.logplane.representation.patch.Patches;
import io.logplane.schemas.types.ResourceType;
import java.util.Optional;

/// The module representation behind the pipeline's door. Thread: any.
final class RepresentationModule implements Representations {
    private final Decoder decoder = new Decoder();
    private final Patches patches = new Patches();

    @Override
    public Decoded decode(byte[] body, String contentType, ResourceType type, Validation validation) {
        if (isApply(contentType)) {
            return decoded(decoder.decodeApply(body, mode(validation)));
        }
        Optional<CustomSchema> custom = custom(type);
        return stored(type, custom.isPresent()
                ? CustomBody.decode(body, contentType, type, custom.get(), mode(validation))
                : decoder.decode(body, contentType, type, mode(validation)));
    }

    @Override
    public ObjectNode decodeKind(byte[] body, String contentType, String group, String version, String kind) {
        return decoder.decodeKind(body, contentType, group, version, kind, FieldValidation.IGNORE).object();
    }

    @Override
    public Decoded patch(String contentType, ObjectNode original, byte[] patch, ResourceType type,
            Validation validation) {
        PatchType kind = PatchType.ofContentType(contentType).orElseThrow();
        Optional<CustomSchema> custom = custom(type);
        return stored(type, custom.isPresent()
                ? patches.apply(kind, type.served(original), patch, custom.get(), mode(validation))
                : patches.apply(kind, type.served(original), patch, type, mode(validation)));
    }

    @Override
    public boolean isApply(String contentType) {
        return PatchType.ofContentType(contentType).equals(Optional.of(PatchType.APPLY));
    }

    @Override
    public boolean isPatch(String contentType) {
        return PatchType.ofContentType(contentType).isPresent();
    }

    @Override
    public ObjectNode apply(Optional<ObjectNode> live, ObjectNode applied, Writer writer, ResourceType type) {
        return stored(type, ServerSideApply.apply(live.map(type::served), applied, owner(writer), versioned(type)));
    }

    @Override
    public void manage(Optional<ObjectNode> live, ObjectNode updated, Writer writer, ResourceType type) {
        if (type.conversion().isEmpty()) {
            ManagedFields.update(live, updated, owner(writer), versioned(type));
            return;
        }
        ObjectNode served = type.served(updated);
        ManagedFields.update(live.map(type::served), served, owner(writer), versioned(type));
        ObjectNode metadata = updated.withObjectProperty("metadata");
        if (served.path("metadata").has("managedFields")) {
            metadata.set("managedFields", served.path("metadata").path("managedFields"));
        } else {
            metadata.remove("managedFields");
        }
    }

    @Override
    public void showOwners(ObjectNode object, ObjectNode scale, ResourceType type) {
        ScaleOwners.show(object, scale, type);
    }

    @Override
    public void settleOwners(ObjectNode scale, ObjectNode object, ResourceType type) {
        ScaleOwners.settle(scale, object, type);
    }

    private static ManagedFields.Writer owner(Writer writer) {
        return new ManagedFields.Writer(writer.manager(), writer.force(), writer.subresource(), writer.now());
    }

    /// The schema of a custom type; empty for what the field table describes.
    private static Optional<CustomSchema> custom(ResourceType type) {
        return type.rules() instanceof CustomRules rules ? Optional.of(rules.schema()) : Optional.empty();
    }

    private static VersionedType versioned(ResourceType type) {
        return type.rules() instanceof CustomRules rules ? versioned(type, rules) : VersionedType.of(type);
    }

    /// Who owns fields in a version the definition has not got any more stands in the way of every apply, as upstream.
    private static VersionedType versioned(ResourceType type, CustomRules rules) {
        return new VersionedType(type, Optional.of(rules.schema()), apiVersion -> Optional.of(versioned(rules.versions()
                .apply(apiVersion).orElseThrow(() -> Refusals.unclassified(
                        "request to convert CR to an invalid group/version: " + apiVersion)))));
    }

    private static Decoded stored(ResourceType type, io.logplane.representation.decode.Decoded decoded) {
        return new Decoded(stored(type, decoded.object()), decoded.warnings());
    }

    /// Errors: 400 when what travelled in annotations does not make an object.
    private static ObjectNode stored(ResourceType type, ObjectNode object) {
        if (type.conversion().isEmpty()) {
            return object;
        }
        ObjectNode stored = type.conversion().get().toStorage(object);
        Optional<StructType> struct = TypeSchemas.builtIn().of(type.storage());
        try {
            return struct.isPresent() ? StructReader.normalise(stored, struct.get()) : stored;
        } catch (Malformed malformed) {
            throw Refusals.badRequest("unable to convert to " + type.storage().apiVersion() + ": " + malformed.text());
        }
    }

    private static Decoded decoded(io.logplane.representation.decode.Decoded decoded) {
        return new Decoded(decoded.object(), decoded.warnings());
    }

    private static FieldValidation mode(Validation validation) {
        return switch (validation) {
            case IGNORE -> FieldValidation.IGNORE;
            case WARN -> FieldValidation.WARN;
            case STRICT -> FieldValidation.STRICT;
        };
    }
}
