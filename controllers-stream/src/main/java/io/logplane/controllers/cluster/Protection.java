package io.logplane.controllers.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Action;
import io.logplane.controllers.core.Entry;
import io.logplane.controllers.core.Notes;
import io.logplane.controllers.core.Plan;
import io.logplane.schemas.model.Json;
import java.util.List;

/// Taking one finalizer off.
final class Protection {
    private Protection() {
    }

    static Plan release(Entry seen, String finalizer) {
        if (!seen.meta().finalizers().contains(finalizer)) {
            return Plan.NOTHING;
        }
        ObjectNode patch = Json.newObject();
        ArrayNode kept = patch.putObject("metadata").putArray("finalizers");
        seen.meta().finalizers().stream().filter(one -> !one.equals(finalizer)).forEach(kept::add);
        return Plan.of(List.of(Action.patch(seen, "", patch, Notes.NONE)));
    }
}
