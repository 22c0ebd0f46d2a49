package io.logplane.gateway.write;

import io.logplane.gateway.authn.User;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.schemas.record.Actor;
import io.logplane.schemas.record.Cause;
import io.logplane.schemas.types.ResourceType;
import java.util.Optional;

/// Everything about a write except its body: who, what, how, where from and why.
///
/// Shape: `requestId` becomes the change's; `cause` is set for commands.
public record WriteContext(User user, RequestInfo info, ResourceType type, WriteOptions options, Origin origin) {

    /// Where a request came from.
    public record Origin(String userAgent, String address, String requestId, Optional<Cause> cause) {
    }

    public Actor actor() {
        return new Actor(user.name(), user.groups(), origin.userAgent(), origin.address());
    }

    public WriteContext with(ResourceType otherType, RequestInfo otherInfo) {
        return new WriteContext(user, otherInfo, otherType, options, origin);
    }

    public WriteContext with(WriteOptions others) {
        return new WriteContext(user, info, type, others, origin);
    }
}
