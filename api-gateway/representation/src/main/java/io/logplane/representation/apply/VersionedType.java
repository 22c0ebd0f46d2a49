package io.logplane.representation.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.CustomType;
import io.logplane.representation.StructType;
import io.logplane.representation.TypeSchemas;
import io.logplane.schemas.types.Conversion;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.ResourceTypes;
import java.util.Optional;
import java.util.function.Function;

/// A type in one of its versions, and the way to the others: who owns a field is settled in the version it was set in.
///
/// Shape: `custom` is the schema of a type outside the field table; `others` finds the same type by apiVersion, empty
/// for a version that is gone. Errors: `others` refuses where a version that is gone refuses the write.
/// Thread: any; immutable.
public record VersionedType(ResourceType type, Optional<CustomType> custom,
        Function<String, Optional<VersionedType>> others) {

    /// A built-in type.
    public static VersionedType of(ResourceType type) {
        return new VersionedType(type, Optional.empty(), apiVersion -> ResourceTypes.byKind(apiVersion, type.kind())
                .filter(other -> other.storage().qualifiedName().equals(type.storage().qualifiedName()))
                .map(VersionedType::of));
    }

    Optional<VersionedType> in(String apiVersion) {
        return apiVersion.equals(type.apiVersion()) ? Optional.of(this) : others.apply(apiVersion);
    }

    /// Empty for a type nobody describes: its fields have no owners.
    Optional<Subject> described() {
        if (custom.isPresent()) {
            return Optional.of(Subject.of(custom.get()));
        }
        Optional<StructType> struct = TypeSchemas.builtIn().of(type);
        return struct.map(Subject::of);
    }

    Subject subject() {
        return described().orElseThrow(() -> new IllegalStateException("no fields known of " + type.qualifiedName()));
    }

    /// An object of `from` in this version; itself when that is the same. What does not exist yet has no version.
    ObjectNode show(ObjectNode object, VersionedType from) {
        if (from.type.apiVersion().equals(type.apiVersion())) {
            return object;
        }
        if (!object.has("kind")) {
            return subject().empty();
        }
        if (custom.isPresent() && type.conversion().isPresent()) {
            return type.served(object); // takes any version: one conversion, not two
        }
        ObjectNode plain = from.subject().normalise(object);
        Optional<Conversion> back = from.type.conversion();
        return subject().normalise(type.served(back.map(conversion -> conversion.toStorage(plain)).orElse(plain)));
    }
}
