package io.logplane.extension.types;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.GoText;
import io.logplane.schemas.model.GoValue;
import io.logplane.schemas.types.ScalePaths;
import java.util.ArrayList;
import java.util.List;

/// What the places a Scale is read from may hold. Source: customresource/validator.go.
final class CustomScale {
    private final ObjectNode object;
    private final List<FieldError> all = new ArrayList<>();

    private CustomScale(ObjectNode object) {
        this.object = object;
    }

    static List<FieldError> problems(ObjectNode object, ScalePaths paths) {
        CustomScale scale = new CustomScale(object);
        scale.replicas(paths.specReplicas());
        scale.status(paths);
        return scale.all;
    }

    static List<FieldError> statusProblems(ObjectNode object, ScalePaths paths) {
        CustomScale scale = new CustomScale(object);
        scale.status(paths);
        return scale.all;
    }

    private void status(ScalePaths paths) {
        replicas(paths.statusReplicas());
        if (!paths.selector().isEmpty()) {
            find(paths.selector(), "string", GoText.quote(""));
        }
    }

    private void replicas(String path) {
        long count = find(path, "int64", "0").longValue();
        if (count < 0) {
            all.add(FieldError.invalid("." + path, Long.toString(count), "should be a non-negative integer"));
        } else if (count > Integer.MAX_VALUE) {
            all.add(FieldError.invalid("." + path, Long.toString(count), "should be less than or equal to "
                    + Integer.MAX_VALUE));
        }
    }

    /// What stands at a path; a problem where it is of another type. Shape: missing or not `wanted`, it counts as 0.
    private JsonNode find(String path, String wanted, String zero) {
        JsonNode at = object;
        String walked = "";
        for (String field : path.split("\\.", -1)) {
            walked += "." + field;
            if (at.isMissingNode() || at.isNull()) {
                return object.missingNode();
            }
            if (!at.isObject()) {
                return wrong(path, zero, walked, at, "map[string]interface{}");
            }
            at = at.path(field);
        }
        return at.isMissingNode() || GoValue.type(at).equals(wanted) ? at : wrong(path, zero, walked, at, wanted);
    }

    private JsonNode wrong(String path, String zero, String walked, JsonNode found, String wanted) {
        all.add(FieldError.invalid("." + path, zero, walked + " accessor error: " + GoValue.text(found)
                + " is of the type " + GoValue.type(found) + ", expected " + wanted));
        return object.missingNode();
    }
}
