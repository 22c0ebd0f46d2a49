package io.logplane.gateway.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.Admission;
import io.logplane.gateway.admission.AdmissionRequest;
import io.logplane.gateway.audit.AuditLevel;
import io.logplane.gateway.audit.AuditTrail;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.write.Representations.Decoded;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Refused;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The write pipeline as a table of contents: every write of an object, from HTTP or from a command, is one of these.
///
/// Shape: bodies come as bytes with their content type; the context says everything else. Whoever calls has
/// authenticated and
/// authorized already. Errors: [io.logplane.schemas.model.Refused].
/// Thread: any; blocks until the change has been replayed.
public final class Pipeline {
    private final Representations representations;
    private final Admission admission;
    private final Creates creates;
    private final Updates updates;
    private final ScaleUpdates scales;
    private final Deletes deletes;
    private final Pods pods;
    private final Evictions evictions;

    public Pipeline(Representations representations, Appender appender, Admission admission) {
        this.representations = representations;
        this.admission = admission;
        this.creates = new Creates(representations, appender, admission);
        this.updates = new Updates(representations, appender, admission);
        this.scales = new ScaleUpdates(representations, updates, appender);
        this.deletes = new Deletes(representations, appender, admission);
        this.pods = new Pods(representations, updates, appender, admission);
        this.evictions = new Evictions(representations, updates, deletes, appender, admission);
    }

    public Written create(WriteContext context, byte[] body, String contentType) {
        Decoded first = read(context, body, contentType);
        return warning(first, () -> creates.create(context, first, () -> representations.decode(body, contentType,
                context.type(), context.options().validation()).object()));
    }

    /// Shape: the subresource is that of the context's info: "" or one that updates generically (status, approval,
    /// ...).
    public Written put(WriteContext context, byte[] body, String contentType) {
        if (context.info().subresource().equals("scale")) {
            return scales.put(context, body, contentType);
        }
        Decoded decoded = read(context, body, contentType);
        Identity.check(context, decoded.object(), Optional.empty()); // before anybody looks whether it exists
        if (context.info().subresource().equals("finalize")) {
            return updates.finalizeNamespace(context, decoded);
        }
        return warning(decoded, () -> updates.put(context, decoded));
    }

    /// What is wrong with a body is told even when the write is refused for something else.
    private static Written warning(Decoded decoded, Supplier<Written> write) {
        try {
            return write.get();
        } catch (Refused refused) {
            throw refused.warningFirst(decoded.warnings());
        }
    }

    /// Shape: `mayCreate` is asked before an apply creates the object, and refuses when the user may not.
    public Written patch(WriteContext context, byte[] body, String contentType, Consumer<WriteContext> mayCreate) {
        if (!representations.isPatch(contentType)) {
            throw Refusals.unsupportedPatchType();
        }
        if (context.info().subresource().equals("scale")) {
            return representations.isApply(contentType)
                    ? scales.apply(context, body, contentType)
                    : scales.patch(context, body, contentType);
        }
        if (!representations.isApply(contentType)) {
            return updates.patch(context, body, contentType);
        }
        Decoded applied = representations.decode(body, contentType, context.type(), context.options().validation());
        remember(context, applied);
        return updates.apply(context, applied, () -> {
            mayCreate.accept(context);
            return creates.createApplied(context, applied);
        });
    }

    /// What is no object is not recorded as the request's.
    private Decoded read(WriteContext context, byte[] body, String contentType) {
        context.origin().trail().forgetRequest();
        Decoded decoded = representations.decode(body, contentType, context.type(), context.options().validation());
        remember(context, decoded);
        return decoded;
    }

    /// For the audit record: the whole, or what it is called.
    private static void remember(WriteContext context, Decoded decoded) {
        AuditTrail trail = context.origin().trail();
        if (trail.level().holdsRequest()) {
            ObjectNode copy = decoded.object().deepCopy();
            trail.request(() -> copy);
        } else if (trail.level() != AuditLevel.NONE) {
            ObjectNode named = Json.newObject();
            named.set("metadata", decoded.object().path("metadata").deepCopy());
            trail.request(() -> named);
        }
    }

    public Deletes.Deleted delete(WriteContext context, DeleteOptions options) {
        return deletes.delete(context, key(context), options);
    }

    /// Shape: keys of the collection as listed; that an object is gone meanwhile is no error. What hooks say to the
    /// client comes back.
    public List<String> deleteCollection(WriteContext context, List<ObjectKey> keys, DeleteOptions options) {
        return deletes.collection(context, keys, options);
    }

    /// Shape: the revision of the bound pod, and what hooks say to the client.
    public record Bound(long revision, List<String> warnings) {
    }

    public Bound bind(WriteContext context, byte[] body, String contentType) {
        return pods.bind(context, body, contentType);
    }

    /// Shape: what hooks say to the client.
    public List<String> evict(WriteContext context, byte[] body, String contentType) {
        return evictions.evict(context, body, contentType);
    }

    /// Asks the hooks before somebody is connected. Shape: `options` say their kind, and hooks may change them in
    /// place; what hooks say to the client comes back. Errors: whatever a hook refuses with.
    public List<String> connect(WriteContext context, ObjectNode options) {
        AdmissionRequest request = hooked(context, Operation.CONNECT, options, false, "");
        Updates.undoing(request, () -> admission.hooks(request));
        return request.warnings();
    }

    /// A request in a form of its own. Shape: `kind` of the options; "" for none.
    static AdmissionRequest hooked(WriteContext context, Operation operation, ObjectNode body, boolean dry,
            String kind) {
        AdmissionRequest.Asked words = context.asked(kind);
        return new AdmissionRequest(context.user(), context.type().storage(), operation, context.info().subresource(),
                body, Optional.empty(), dry).ofItsOwnKind().asked(kind.isEmpty()
                        ? new AdmissionRequest.Asked(words.info(), words.type(), Json.newObject(), words.trail())
                        : words);
    }

    public Representations representations() {
        return representations;
    }

    /// The random end of a generated name.
    public static String suffix() {
        return Creates.suffix();
    }

    static ObjectKey key(WriteContext context) {
        try {
            return context.type().key(context.info().namespace(), context.info().name());
        } catch (IllegalArgumentException notAName) {
            throw Refusals.notFound(context.type(), context.info().name());
        }
    }
}
