package io.logplane.schemas.versions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.Conversion;
import io.logplane.schemas.types.ResourceType;
import java.util.List;

/// events.k8s.io/v1 Event, stored as the Event of the core group: other names for the same fields.
///
/// Source: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/
public record EventVersion(ResourceType storage) implements Conversion {
    private static final Renamed FIELDS = Renamed.of("""
            metadata eventTime series reportingController=reportingComponent reportingInstance action reason
            regarding=involvedObject related note=message type deprecatedSource=source
            deprecatedFirstTimestamp=firstTimestamp deprecatedLastTimestamp=lastTimestamp deprecatedCount=count""");
    /// Texts that events.k8s.io/v1 leaves out when they are empty and the core group shows.
    private static final List<String> SHORT = List.of("reportingController", "reportingInstance");

    @Override
    public ObjectNode toStorage(ObjectNode object) {
        ObjectNode out = Json.newObject().put("kind", "Event").put("apiVersion", storage.apiVersion());
        out.setAll(FIELDS.toStored(object));
        return out;
    }

    @Override
    public ObjectNode fromStorage(ObjectNode object) {
        ObjectNode out = Json.newObject().put("kind", "Event").put("apiVersion", "events.k8s.io/v1");
        out.setAll(FIELDS.toServed(object));
        for (String field : SHORT) {
            JsonNode value = out.path(field);
            if (value.isTextual() && value.asText().isEmpty()) {
                out.remove(field);
            }
        }
        return out;
    }
}
