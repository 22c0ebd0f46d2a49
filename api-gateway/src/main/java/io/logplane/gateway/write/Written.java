package io.logplane.gateway.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.ObjectJson;
import java.util.List;

/// What a write answers: the object as it is now.
///
/// Shape: `json` is canonical; `revision` 0 means there is none (a dry-run create) and none is shown.
public record Written(int code, byte[] json, long revision, List<String> warnings) {

    public Written {
        warnings = List.copyOf(warnings);
    }

    public ObjectNode object() {
        return revision == 0 ? io.logplane.schemas.model.Json.object(json) : ObjectJson.parse(json, revision);
    }

    public byte[] bytes() {
        return revision == 0 ? json : ObjectJson.withRevision(json, revision);
    }
}
