package io.logplane.gateway.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.write.Representations.Decoded;
import io.logplane.gateway.write.Updates.Change;
import io.logplane.gateway.write.Updates.Ownership;
import io.logplane.schemas.types.ResourceType;
import java.util.Optional;
import java.util.function.Function;

/// Changes of the subresource `scale`: made on the Scale as the object has it, then carried over with their owners.
final class ScaleUpdates {
    private final Representations representations;
    private final Updates updates;
    private final Appender appender;

    ScaleUpdates(Representations representations, Updates updates, Appender appender) {
        this.representations = representations;
        this.updates = updates;
        this.appender = appender;
    }

    Written put(WriteContext context, byte[] body, String contentType) {
        Decoded scale = representations.decode(body, contentType, Scales.TYPE, context.options().validation());
        Identity.check(context, scale.object(), Optional.empty());
        return run(context, before -> owned(context, before, new Decoded(scale.object().deepCopy(), scale.warnings())));
    }

    Written patch(WriteContext context, byte[] body, String contentType) {
        return run(context, before -> owned(context, before, representations.patch(contentType, before.deepCopy(), body,
                Scales.TYPE, context.options().validation())));
    }

    Written apply(WriteContext context, byte[] body, String contentType) {
        Decoded applied = representations.decode(body, contentType, Scales.TYPE, context.options().validation());
        return run(context, before -> new Decoded(representations.apply(Optional.of(before), applied.object()
                .deepCopy(), writer(context), Scales.TYPE), applied.warnings()));
    }

    private Decoded owned(WriteContext context, ObjectNode before, Decoded wanted) {
        representations.manage(Optional.of(before), wanted.object(), writer(context), Scales.TYPE);
        return wanted;
    }

    private Representations.Writer writer(WriteContext context) {
        return new Creates.Writer(context).get(appender);
    }

    /// Shape: `change` gets the present Scale and gives the wanted one, both with their owners. The answer is a Scale.
    private Written run(WriteContext context, Function<ObjectNode, Decoded> change) {
        ResourceType type = context.type();
        Written written = updates.run(context, new Change() {
            @Override
            public Decoded next(ObjectNode current) {
                ObjectNode before = Scales.before(current, type);
                representations.showOwners(current, before, type);
                Decoded decoded = change.apply(before);
                ObjectNode wanted = decoded.object();
                Scales.check(wanted, type);
                Identity.check(context, wanted, Optional.of(current));
                ObjectNode next = Scales.with(current.deepCopy(), wanted.path("spec").path("replicas").asInt(), type);
                representations.settleOwners(wanted, next, type);
                ObjectMeta.of(next).put("resourceVersion", ObjectMeta.of(wanted).path("resourceVersion").asText());
                return new Decoded(next, decoded.warnings());
            }

            @Override
            public Ownership ownership() {
                return Ownership.BROUGHT;
            }
        });
        ObjectNode scale = Scales.of(written.object(), type);
        return new Written(200, Appender.canonical(scale), written.revision(), written.warnings());
    }
}
