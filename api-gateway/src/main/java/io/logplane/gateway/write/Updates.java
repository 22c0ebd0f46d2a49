package io.logplane.gateway.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.Admission;
import io.logplane.gateway.admission.AdmissionRequest;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.write.Appender.Draft;
import io.logplane.gateway.write.Appender.Outcome;
import io.logplane.gateway.write.Representations.Decoded;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.ObjectJson;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.Rules;
import io.logplane.state.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Updates of every kind: read, change, check, append under the revision read; read again when somebody was faster.
///
/// A write that changes nothing is not appended and keeps its revision. Source: apiserver GuaranteedUpdate.
final class Updates {

    /// Where an object is put whole, by the rules of its type.
    private static final Set<String> WHOLE = Set.of("", "status");

    private final Representations representations;
    private final Appender appender;
    private final Admission admission;

    Updates(Representations representations, Appender appender, Admission admission) {
        this.representations = representations;
        this.appender = appender;
        this.admission = admission;
    }

    /// Makes the next state out of the present one. Shape: the argument has its resourceVersion and may be changed in
    /// place.
    interface Change {
        Decoded next(ObjectNode current);

        default Ownership ownership() {
            return Ownership.TAKEN;
        }
    }

    /// What a change does to metadata.managedFields.
    enum Ownership {
        /// The writer owns what it changed.
        TAKEN,
        /// The change brings them: server-side apply.
        BROUGHT,
        /// Nobody owns what the server itself sets, as in bindings and evictions.
        LEFT
    }

    /// A change in the server's own name.
    interface OwnChange extends Change {
        @Override
        default Ownership ownership() {
            return Ownership.LEFT;
        }
    }

    Written put(WriteContext context, Decoded decoded) {
        return run(context, current -> {
            ObjectNode next = decoded.object().deepCopy();
            if (ObjectMeta.of(next).path("resourceVersion").asText().isEmpty() && WHOLE.contains(context.info()
                    .subresource())
                    && !context.type().rules().allowsUnconditionalUpdate()) {
                throw Refusals.invalid(context.type().group(), context.type().plural(), context.info().name(),
                        List.of(FieldError.invalid("metadata.resourceVersion", "0",
                                "must be specified for an update")));
            }
            return new Decoded(next, decoded.warnings());
        });
    }

    Written patch(WriteContext context, byte[] patch, String contentType) {
        return run(context, current -> representations.patch(contentType, current, patch, context.type(), context
                .options().validation()));
    }

    Written apply(WriteContext context, Decoded applied, Supplier<Written> create) {
        ObjectKey key = Pipeline.key(context);
        if (appender.registry().get(key).isEmpty() && appender.newest(key).isEmpty()) {
            Identity.named(context, applied.object());
            if (!context.info().subresource().isEmpty()) {
                throw Refusals.notFound(context.type(), key.name());
            }
            String uid = ObjectMeta.of(applied.object()).path("uid").asText();
            if (!uid.isEmpty()) {
                throw Refusals.conflict(context.type().group(), context.type().plural(), key.name(),
                        "uid mismatch: the provided object specified uid " + uid
                                + ", and no existing object was found");
            }
            return create.get();
        }
        return run(context, new Change() {
            @Override
            public Decoded next(ObjectNode current) {
                return new Decoded(representations.apply(Optional.of(current), applied.object().deepCopy(),
                        new Creates.Writer(context).get(appender), context.type()), applied.warnings());
            }

            @Override
            public Ownership ownership() {
                return Ownership.BROUGHT;
            }
        });
    }

    Written finalizeNamespace(WriteContext context, Decoded decoded) {
        return run(context, current -> {
            Identity.check(context, decoded.object(), Optional.of(current));
            ObjectNode next = current.deepCopy();
            JsonNode finalizers = decoded.object().path("spec").path("finalizers");
            ObjectNode spec = next.path("spec") instanceof ObjectNode found ? found : next.putObject("spec");
            spec.remove("finalizers");
            if (finalizers.size() > 0) {
                spec.set("finalizers", finalizers);
            }
            String revision = ObjectMeta.of(decoded.object()).path("resourceVersion").asText();
            ObjectMeta.of(next).put("resourceVersion", revision);
            return new Decoded(next, decoded.warnings());
        });
    }

    /// The loop itself.
    Written run(WriteContext context, Change change) {
        ObjectKey key = Pipeline.key(context);
        return Attempts.run(context, key, appender, Result::revision, current -> attempt(context, key, current, change))
                .answer();
    }

    /// What is answered, and the revision of what was appended: the present one when nothing was.
    private record Result(Written answer, long revision) {
        Result(Written answer) {
            this(answer, answer.revision());
        }
    }

    private Optional<Result> attempt(WriteContext context, ObjectKey key, StoredObject current, Change change) {
        ResourceType type = context.type();
        ObjectNode stored = ObjectJson.parse(current.json(), current.revision());
        ObjectNode old = type.present(stored);
        Decoded decoded = change.next(old.deepCopy());
        ObjectNode next = decoded.object();
        boolean patched = context.info().verb().equals("patch"); // then a foreign uid is a change, not a condition
        Identity.check(context, next, patched ? Optional.empty() : Optional.of(old));
        List<FieldError> immutable = Identity.immutable(next, old);
        if (stale(context, key, next, current)) {
            return Optional.empty();
        }
        prepare(context, next, old);
        if (change.ownership() == Ownership.TAKEN) {
            own(context, next, old);
        }
        AdmissionRequest request = new AdmissionRequest(context.user(), type.storage(), Operation.UPDATE, context.info()
                .subresource(), next, Optional.of(old), context.options().dryRun()).asked(context.asked(
                        "UpdateOptions"))
                .settling(() -> type.rules().applyDefaults(next), () -> prepare(context, next, old))
                .hiding(() -> {
                    ObjectMeta.keep(List.of("generation"), ObjectMeta.of(next), ObjectMeta.of(old));
                    return () -> ObjectMeta.raise(next, old, type, counts(context));
                });
        List<String> warnings = new ArrayList<>(decoded.warnings());
        try {
            undoing(request, () -> {
                admission.admit(request);
                revise(next, current.revision());
                List<FieldError> known = Stream.of(immutable, admission.judge(request)).flatMap(List::stream).toList();
                validate(context, next, old, known).forEach(request::warn);
                admission.validate(request);
            });
        } catch (Refused refused) {
            throw refused.warningFirst(warnings);
        }
        warnings.addAll(request.warnings());
        boolean applied = change.ownership() == Ownership.BROUGHT;
        if (!applied && Identity.unchanged(next, old) && sameVersion(stored, old)
                && !appender.registry().wouldRewrite(key)) {
            request.undo();
            return Optional.of(new Result(new Written(200, current.json(), current.revision(), warnings)));
        }
        byte[] json = Appender.canonical(next);
        boolean same = applied && (java.util.Arrays.equals(json, current.json()) || sameVersion(stored, old) && Identity
                .onlyTimesDiffer(next, old));
        if (same && !appender.registry().wouldRewrite(key)) {
            return Optional.of(new Result(new Written(200, current.json(), current.revision(), warnings)));
        }
        if (context.options().dryRun()) {
            return Optional.of(new Result(new Written(200, json, current.revision(), warnings)));
        }
        boolean last = finished(next); // then it goes as it was, and the client sees what it made of it
        Draft draft = new Draft(key, last, last ? current.json() : json, current.revision(), request.reads(), verb(
                context));
        return switch (appender.append(draft, context)) {
            case Outcome.Done(long revision) -> {
                request.done(draft.remove());
                yield Optional.of(new Result(new Written(200, json, last ? current.revision() : revision, warnings),
                        revision));
            }
            case Outcome.Raced(ObjectKey _, long _) -> {
                request.undo();
                yield Optional.empty();
            }
        };
    }

    /// Whoever said nothing of a revision meant the one that is there: those who judge the write see it.
    private static void revise(ObjectNode next, long revision) {
        if (ObjectMeta.of(next).path("resourceVersion").asText().isEmpty()) {
            ObjectMeta.of(next).put("resourceVersion", Long.toString(revision));
        }
    }

    /// Gives the writer what it changes, before admission changes more: that is nobody's. Source: apiserver's update
    /// and patch handlers.
    private void own(WriteContext context, ObjectNode next, ObjectNode old) {
        if (!Identity.asksNothing(next, old)) {
            representations.manage(Optional.of(old), next, new Creates.Writer(context).get(appender), context.type());
            return;
        }
        JsonNode kept = ObjectMeta.of(old).get("managedFields");
        if (kept != null && !ObjectMeta.of(next).has("managedFields")) {
            ObjectMeta.of(next).set("managedFields", kept);
        }
    }

    /// Objects of an older stored version are written anew even when nothing else changes: so they migrate.
    private static boolean sameVersion(ObjectNode stored, ObjectNode old) {
        return stored.path("apiVersion").equals(old.path("apiVersion"));
    }

    /// What admission set aside is given back when the write is refused; what it warned of is told all the same.
    static void undoing(AdmissionRequest request, Runnable checks) {
        try {
            checks.run();
        } catch (Refused refused) {
            request.undo();
            throw refused.warning(request.warnings());
        } catch (RuntimeException fault) {
            request.undo();
            throw fault;
        }
    }

    private static String verb(WriteContext context) {
        return switch (context.info().verb()) {
            case "create" -> context.info().subresource().equals("binding") ? "bind" : "update";
            default -> context.info().verb();
        };
    }

    private void prepare(WriteContext context, ObjectNode next, ObjectNode old) {
        ResourceType type = context.type();
        String subresource = context.info().subresource();
        type.rules().applyDefaults(next);
        if (subresource.isEmpty()) {
            type.rules().prepareForUpdate(next, old);
        } else if (Scales.generic(subresource)) {
            type.rules().prepareForSubresource(subresource, next, old);
            ObjectMeta.keep(type.rules().keepsOfMetadata(subresource), ObjectMeta.of(next), ObjectMeta.of(old));
        }
        type.rules().stamp(subresource, next, old, ObjectMeta.time(appender.clock().instant()));
        ObjectMeta.keepFrom(next, old, type, counts(context));
    }

    /// A pod's node is not counted as a change of its spec, nor is what comes with a status.
    private static boolean counts(WriteContext context) {
        String subresource = context.info().subresource();
        return !subresource.equals("binding") && !subresource.equals("status");
    }

    /// Shape: `known` is what has been found already; texts for `Warning` headers. Errors: 422 with everything that is
    /// wrong.
    private static List<String> validate(WriteContext context, ObjectNode next, ObjectNode old,
            List<FieldError> known) {
        ResourceType type = context.type();
        String subresource = context.info().subresource();
        Rules.Judgement found = subresource.equals("scale")
                ? type.judge(next, old)
                : Scales.generic(subresource) ? type.judge(subresource, next, old) : type.judgeMetadata(next, old);
        if (!found.errors().isEmpty() || !known.isEmpty()) {
            String name = ObjectMeta.of(next).path("name").asText(context.info().name());
            throw Refusals
                    .invalid(type.group(), type.kind(), name, Stream.concat(known.stream(), found.errors().stream())
                            .toList())
                    .warning(found.warnings());
        }
        String part = subresource.equals("scale") ? "" : subresource;
        return Stream.concat(found.warnings().stream(), type.rules().warningsOnUpdate(part, next, old).stream())
                .toList();
    }

    /// True when the client knows a newer revision than this gateway does: read again. Errors: 409 when it knows an
    /// older one.
    private boolean stale(WriteContext context, ObjectKey key, ObjectNode next, StoredObject current) {
        String text = ObjectMeta.of(next).path("resourceVersion").asText();
        if (text.isEmpty() || text.equals(Long.toString(current.revision()))) {
            return false;
        }
        long wanted;
        try {
            wanted = Long.parseLong(text);
        } catch (NumberFormatException malformed) {
            throw Refusals.unclassified("strconv.ParseUint: parsing " + Refusals.quoted(text) + ": invalid syntax");
        }
        if (wanted == 0) {
            return false;
        }
        if (wanted > current.revision()) {
            appender.settle(key);
            Optional<StoredObject> newer = appender.registry().get(key);
            if (newer.isPresent() && newer.get().revision() == wanted) {
                return true;
            }
        }
        throw Refusals.modified(context.type(), context.info().name());
    }

    /// Being deleted, and nobody holds it back any more.
    static boolean finished(ObjectNode object) {
        ObjectNode metadata = ObjectMeta.of(object);
        return metadata.has("deletionTimestamp") && metadata.path("finalizers").isEmpty()
                && metadata.path("deletionGracePeriodSeconds").asLong() == 0
                && !(object.path("kind").asText().equals("Namespace")
                        && object.path("spec").path("finalizers").size() > 0);
    }
}
