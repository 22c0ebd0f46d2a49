package io.logplane.extension.types;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.ScalePaths;
import java.util.ArrayList;
import java.util.List;

/// What the places a Scale is read from may hold. Source: customresource/validator.go.
final class CustomScale {
    private CustomScale() {
    }

    static List<FieldError> problems(ObjectNode object, ScalePaths paths) {
        List<FieldError> all = new ArrayList<>();
        replicas(object, paths.specReplicas(), all);
        all.addAll(statusProblems(object, paths));
        return all;
    }

    static List<FieldError> statusProblems(ObjectNode object, ScalePaths paths) {
        List<FieldError> all = new ArrayList<>();
        replicas(object, paths.statusReplicas(), all);
        return all;
    }

    private static void replicas(ObjectNode object, String path, List<FieldError> all) {
        JsonNode value = Tree.at(object, path);
        if (!value.isNumber()) {
            return;
        }
        long count = value.asLong();
        if (count < 0) {
            all.add(FieldError.invalid("." + path, value.asText(), "should be a non-negative integer"));
        } else if (count > Integer.MAX_VALUE) {
            all.add(FieldError.invalid("." + path, value.asText(), "should be less than or equal to "
                    + Integer.MAX_VALUE));
        }
    }
}
