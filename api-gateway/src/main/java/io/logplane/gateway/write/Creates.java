package io.logplane.gateway.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.Admission;
import io.logplane.gateway.admission.AdmissionRequest;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.write.Appender.Draft;
import io.logplane.gateway.write.Appender.Outcome;
import io.logplane.gateway.write.Representations.Decoded;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.Rules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Creates: the key must not exist; a generated name that does is drawn anew.
///
/// Chance (uid, time, name suffix) enters here and is written into the change.
final class Creates {
    /// Names drawn before giving up; upstream's figure.
    private static final int MAX_NAME_ATTEMPTS = 8;
    /// Decisions made anew because something they rest on moved; more means a storm, and the client had better wait.
    private static final int MAX_RACES = 10;
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private static final int SUFFIX = 5;
    /// Of a number of 64 bits.
    private static final int MAX_DIGITS = 20;

    private final Representations representations;
    private final Appender appender;
    private final Admission admission;

    Creates(Representations representations, Appender appender, Admission admission) {
        this.representations = representations;
        this.appender = appender;
        this.admission = admission;
    }

    /// Shape: `again` gives the same object afresh, for a decision made anew.
    Written create(WriteContext context, Decoded first, Supplier<ObjectNode> again) {
        List<String> warnings = new ArrayList<>(first.warnings());
        ObjectNode object = first.object();
        int names = 0;
        for (int races = 0; races < MAX_RACES;) {
            Optional<Written> written = attempt(context, object, warnings, true);
            if (written.isPresent()) {
                return written.get();
            }
            boolean generated = generated(object) && context.info().name().isEmpty();
            String taken = ObjectMeta.of(object).path("name").asText();
            object = again.get();
            boolean drawn = generated && ObjectMeta.of(object).path("name").asText().isEmpty();
            if (drawn && ++names >= MAX_NAME_ATTEMPTS
                    || generated && !drawn && appender.newest(key(context, taken)).isPresent()) {
                throw taken(context.type(), key(context, taken), true);
            }
            races += drawn ? 0 : 1;
        }
        throw Refusals.tooManyRequests("too many concurrent changes around this object, try again");
    }

    /// Creates what server-side apply has put together, managedFields included.
    Written createApplied(WriteContext context, Decoded applied) {
        for (int races = 0; races < MAX_RACES; races++) {
            ObjectNode wanted = applied.object().deepCopy();
            ObjectMeta.of(wanted).put("name", context.info().name());
            if (!context.options().dryRun()) {
                ObjectMeta.of(wanted).remove("resourceVersion"); // that there is none such is known
            }
            if (context.type().namespaced()) {
                ObjectMeta.of(wanted).put("namespace", context.info().namespace());
            }
            ObjectNode object = representations.apply(Optional.empty(), wanted, new Writer(context).get(appender),
                    context.type());
            Optional<Written> written = attempt(context, object, new ArrayList<>(applied.warnings()), false);
            if (written.isPresent()) {
                return written.get();
            }
        }
        throw Refusals.tooManyRequests("too many concurrent changes around this object, try again");
    }

    /// Empty: something the decision rests on moved, or a generated name was taken.
    private Optional<Written> attempt(WriteContext context, ObjectNode object, List<String> warnings, boolean manage) {
        ResourceType type = context.type();
        if (type.rules().closing()) {
            throw Refusals.closing(type);
        }
        boolean named = !ObjectMeta.of(object).path("name").asText().isEmpty();
        String said = ObjectMeta.of(object).path("resourceVersion").asText();
        prepare(context, object, manage, warnings);
        AdmissionRequest request = new AdmissionRequest(context.user(), type.storage(), Operation.CREATE, "", object,
                Optional
                        .empty(),
                context.options().dryRun())
                .asked(context.asked("CreateOptions"))
                .settling(() -> type.rules().applyDefaults(object), () -> reset(type
                        .rules(), object, warnings))
                .hiding(() -> hide(context, object, !named));
        Updates.undoing(request, () -> {
            admission.admit(request);
            validate(type, object, admission.judge(request));
            type.rules().warningsOnCreate(object).forEach(request::warn);
            admission.validate(request);
        });
        warnings.addAll(request.warnings());
        ObjectKey key = key(context, ObjectMeta.of(object).path("name").asText());
        byte[] json = Appender.canonical(object);
        if (context.options().dryRun()) {
            if (appender.newest(key).isPresent()) {
                throw taken(type, key, generated(object));
            }
            return Optional.of(new Written(201, revised(json, said), 0, warnings));
        }
        unversioned(said);
        return switch (appender.append(new Draft(key, false, json, 0, request.reads(), "create"), context)) {
            case Outcome.Done(long revision) -> {
                request.done(false);
                yield Optional.of(new Written(201, json, revision, warnings));
            }
            case Outcome.Raced(ObjectKey moved, long _) -> {
                request.undo();
                if (moved.equals(key) && !generated(object)) {
                    throw taken(type, key, false);
                }
                yield Optional.empty();
            }
        };
    }

    /// A revision belongs to what is stored already. Errors: 500, where something is to be stored.
    private static void unversioned(String said) {
        if (said.matches("\\d+") && !said.matches("0+") && said.length() <= MAX_DIGITS) {
            throw Refusals.unclassified("resourceVersion should not be set on objects to be created");
        }
    }

    /// What would be created, with the revision that was said of it.
    private static byte[] revised(byte[] json, String said) {
        if (said.isEmpty()) {
            return json;
        }
        ObjectNode object = Json.object(json);
        ObjectMeta.of(object).put("resourceVersion", said);
        return Json.bytes(object);
    }

    private static Runnable hide(WriteContext context, ObjectNode object, boolean generated) {
        Runnable shown = ObjectMeta.hide(object, context.type(), generated, Creates::suffix);
        return () -> {
            shown.run();
            inNamespace(context, object);
        };
    }

    /// What admission hooks may not decide.
    private void reset(Rules rules, ObjectNode object, List<String> warnings) {
        warnings.addAll(rules.warningsBeforeCreate(object));
        rules.prepareForCreate(object);
        rules.stamp("", object, object.objectNode(), ObjectMeta.time(appender.clock().instant()));
    }

    private Refused taken(ResourceType type, ObjectKey key, boolean generated) {
        Refused refused = generated
                ? Refusals.noUniqueName(type, key.name())
                : Refusals.alreadyExists(type, key.name());
        boolean leaving = appender.newest(key).filter(found -> ObjectMeta.of(Json.object(found.json())).has(
                "deletionTimestamp")).isPresent();
        return leaving ? Refusals.beingDeleted(refused) : refused;
    }

    private static ObjectKey key(WriteContext context, String name) {
        return context.type().key(context.info().namespace(), name);
    }

    private static boolean generated(ObjectNode object) {
        return !ObjectMeta.of(object).path("generateName").asText().isEmpty();
    }

    /// The client owns what it sent and the defaults of that, but not what rules and admission put in. Source:
    /// apiserver's create handler.
    private void prepare(WriteContext context, ObjectNode object, boolean manage, List<String> warnings) {
        ResourceType type = context.type();
        ObjectNode metadata = ObjectMeta.of(object);
        inNamespace(context, object);
        String base = metadata.path("generateName").asText();
        if (metadata.path("name").asText().isEmpty() && !base.isEmpty()) { // before the rules: some copy it to labels
            metadata.put("name", ObjectMeta.generated(base, suffix()));
        }
        type.rules().applyDefaults(object);
        ObjectMeta.stampCreate(object, type, UUID.randomUUID().toString(), appender.clock().instant());
        if (manage) {
            representations.manage(Optional.empty(), object, new Writer(context).get(appender), type);
        }
        reset(type.rules(), object, warnings);
    }

    /// Errors: 400 for an object of another namespace.
    private static void inNamespace(WriteContext context, ObjectNode object) {
        ObjectNode metadata = ObjectMeta.of(object);
        if (!context.type().namespaced()) {
            metadata.remove("namespace");
            return;
        }
        String namespace = metadata.path("namespace").asText();
        if (!namespace.isEmpty() && !namespace.equals(context.info().namespace())) {
            throw Refusals.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
        metadata.put("namespace", context.info().namespace());
    }

    /// Shape: `known` is what has been found already.
    private static void validate(ResourceType type, ObjectNode object, List<FieldError> known) {
        List<FieldError> errors = Stream.concat(known.stream(), type.problems(object).stream()).toList();
        if (!errors.isEmpty()) {
            throw Refusals.invalid(type.group(), type.kind(), ObjectMeta.of(object).path("name").asText(), errors);
        }
    }

    static String suffix() {
        StringBuilder text = new StringBuilder(SUFFIX);
        for (int i = 0; i < SUFFIX; i++) {
            text.append(ALPHABET.charAt(ThreadLocalRandom.current().nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    /// Who owns the fields of this write.
    record Writer(WriteContext context) {
        Representations.Writer get(Appender appender) {
            return new Representations.Writer(context.options().fieldManager(), context.options().force(), context
                    .info().subresource(), appender.clock().instant());
        }
    }
}
