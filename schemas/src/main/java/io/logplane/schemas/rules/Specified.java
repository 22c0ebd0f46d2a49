package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.types.Rules;

/// Rules of a type with a spec: its generation counts the spec's versions, unless the type has none.
interface Specified extends Rules {

    @Override
    default boolean hasGeneration() {
        return true;
    }

    @Override
    default boolean raisesGeneration(ObjectNode object, ObjectNode old) {
        return hasGeneration() && !Problems.same(object.path("spec"), old.path("spec"));
    }
}
