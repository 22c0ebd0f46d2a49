package io.logplane.gateway.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.AdmissionRequest;
import io.logplane.gateway.audit.AuditTrail;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.record.Actor;
import io.logplane.schemas.record.Cause;
import io.logplane.schemas.types.ResourceType;
import java.util.Optional;
import java.util.UUID;

/// Everything about a write except its body: who, what, how, where from and why.
///
/// Shape: `requestId` becomes the change's; `cause` is set for commands.
public record WriteContext(User user, RequestInfo info, ResourceType type, WriteOptions options, Origin origin) {

    /// Where a request came from. Shape: `trail` gathers what its audit record says.
    public record Origin(String userAgent, String address, String requestId, Optional<Cause> cause, AuditTrail trail) {
        /// Of a write nobody audits: the gateway's own, or a command's.
        public Origin(String userAgent, String address, String requestId, Optional<Cause> cause) {
            this(userAgent, address, requestId, cause, new AuditTrail());
        }
    }

    /// A write of the gateway's own, which nobody asked for. Shape: `manager` owns the fields; empty for none.
    public static WriteContext own(User self, RequestInfo info, ResourceType type, String manager) {
        return new WriteContext(self, info, type, new WriteOptions(false, manager, WriteOptions.PLAIN.validation(),
                false), new Origin("logplane", "", UUID.randomUUID().toString(), Optional.empty()));
    }

    public Actor actor() {
        return new Actor(user.name(), user.groups(), origin.userAgent(), origin.address(), origin.trail()
                .impersonator());
    }

    /// What was asked for, as admission hooks hear it: a patch is an update to them.
    AdmissionRequest.Asked asked(String kind) {
        ObjectNode words = Json.newObject();
        words.put("kind", kind);
        words.put("apiVersion", "meta.k8s.io/v1");
        if (options.dryRun()) {
            words.putArray("dryRun").add("All");
        }
        if (!options.said().fieldManager().isEmpty()) {
            words.put("fieldManager", options.said().fieldManager());
        }
        if (!options.said().fieldValidation().isEmpty()) {
            words.put("fieldValidation", options.said().fieldValidation());
        }
        return new AdmissionRequest.Asked(info, type, words, origin.trail());
    }

    /// As the other, for what is to be deleted.
    AdmissionRequest.Asked asked(DeleteOptions how) {
        return new AdmissionRequest.Asked(info, type, how.described(options.dryRun()), origin.trail());
    }

    public WriteContext with(ResourceType otherType, RequestInfo otherInfo) {
        return new WriteContext(user, otherInfo, otherType, options, origin);
    }

    public WriteContext with(WriteOptions others) {
        return new WriteContext(user, info, type, others, origin);
    }
}
