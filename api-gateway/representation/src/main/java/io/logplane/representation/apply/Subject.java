package io.logplane.representation.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.CustomType;
import io.logplane.representation.StructType;
import io.logplane.representation.decode.CustomBody;
import io.logplane.representation.decode.StructReader;
import io.logplane.schemas.model.Json;

/// The type of the object whose fields are owned.
interface Subject {

    TypedTree tree();

    /// What an object is before anybody has set anything.
    ObjectNode empty();

    /// The object as it is written. Errors: [io.logplane.representation.decode.Malformed].
    ObjectNode normalise(ObjectNode object);

    static Subject of(StructType struct) {
        return new Subject() {
            @Override
            public TypedTree tree() {
                return TableTree.of(struct);
            }

            @Override
            public ObjectNode empty() {
                return StructReader.normalise(Json.newObject(), struct);
            }

            @Override
            public ObjectNode normalise(ObjectNode object) {
                return StructReader.normalise(object, struct);
            }
        };
    }

    static Subject of(CustomType type) {
        return new Subject() {
            @Override
            public TypedTree tree() {
                return new CustomTree(type.merging());
            }

            @Override
            public ObjectNode empty() {
                return Json.newObject();
            }

            @Override
            public ObjectNode normalise(ObjectNode object) {
                ObjectNode out = object.deepCopy();
                CustomBody.coerceApplied(out, type);
                return out;
            }
        };
    }
}
