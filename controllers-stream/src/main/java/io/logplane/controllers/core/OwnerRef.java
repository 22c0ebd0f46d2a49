package io.logplane.controllers.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;

/// One entry of metadata.ownerReferences. Source: metav1.OwnerReference.
public record OwnerRef(String apiVersion, String kind, String name, String uid, boolean controller,
        boolean blocksDeletion) {

    static OwnerRef of(JsonNode json) {
        return new OwnerRef(json.path("apiVersion").asText(), json.path("kind").asText(), json.path("name").asText(),
                json.path("uid").asText(), json.path("controller").asBoolean(false),
                json.path("blockOwnerDeletion").asBoolean(false));
    }

    /// A reference that makes `owner` the controller of its bearer and lets foreground deletion wait for it.
    public static OwnerRef controllerOf(Entry owner) {
        return new OwnerRef(owner.meta().apiVersion(), owner.meta().kind(), owner.key().name(), owner.meta().uid(),
                true,
                true);
    }

    public OwnerRef withoutBlocking() {
        return new OwnerRef(apiVersion, kind, name, uid, controller, false);
    }

    public ObjectNode json() {
        ObjectNode json = Json.newObject();
        json.put("apiVersion", apiVersion).put("kind", kind).put("name", name).put("uid", uid);
        if (controller) {
            json.put("controller", true);
        }
        if (blocksDeletion) {
            json.put("blockOwnerDeletion", true);
        }
        return json;
    }
}
