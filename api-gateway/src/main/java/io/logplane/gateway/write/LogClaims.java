package io.logplane.gateway.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.Claims;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.gateway.write.Appender.Draft;
import io.logplane.gateway.write.Appender.Outcome;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.Rules;
import io.logplane.state.StoredObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Claims as changes of the log. Thread: any.
public final class LogClaims implements Claims {
    private static final User SELF = new User("system:apiserver", "", List.of(User.MASTERS), Map.of());
    private final Appender appender;

    public LogClaims(Appender appender) {
        this.appender = appender;
    }

    @Override
    public boolean claim(ObjectKey key, String kind, String apiVersion, ObjectNode object) {
        ObjectNode claim = Json.newObject();
        claim.put("kind", kind);
        claim.put("apiVersion", apiVersion);
        ObjectNode metadata = claim.putObject("metadata");
        metadata.put("name", key.name());
        metadata.put("uid", UUID.randomUUID().toString());
        metadata.put("creationTimestamp", ObjectMeta.time(appender.clock().instant()));
        if (kind.equals("IPAddress")) {
            ObjectNode labels = metadata.putObject("labels");
            labels.put("ipaddress.kubernetes.io/ip-family", "IPv4");
            labels.put("ipaddress.kubernetes.io/managed-by", "ipallocator.k8s.io");
        }
        metadata.put("generation", 1);
        claim.setAll(object);
        Draft draft = new Draft(key, false, Appender.canonical(claim), 0, List.of(), "create");
        return switch (appender.append(draft, context(key, "create"))) {
            case Outcome.Done(long _) -> true;
            case Outcome.Raced(ObjectKey _, long _) -> false;
        };
    }

    @Override
    public boolean free(ObjectKey key) {
        return appender.registry().get(key).isEmpty();
    }

    @Override
    public void release(ObjectKey key) {
        Optional<StoredObject> claim = appender.registry().get(key);
        if (claim.isPresent()) {
            Draft draft = new Draft(key, true, claim.get().json(), claim.get().revision(), List.of(), "delete");
            Outcome unused = appender.append(draft, context(key, "delete"));
        }
    }

    static WriteContext context(ObjectKey key, String verb) {
        RequestInfo info = new RequestInfo(true, "", verb, key.apiGroup(), "v1", key.resource(), "", "", key.name(),
                false);
        ResourceType type = new ResourceType(key.apiGroup(), "v1", "", key.resource(), "", List.of(), List.of(), false,
                Set.of(), List.of(), List.of(), List.of(), Rules.NONE);
        return WriteContext.own(SELF, info, type, "");
    }
}
