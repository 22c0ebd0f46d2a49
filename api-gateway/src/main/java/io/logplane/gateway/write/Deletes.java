package io.logplane.gateway.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.Admission;
import io.logplane.gateway.admission.AdmissionRequest;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.write.Appender.Draft;
import io.logplane.gateway.write.Appender.Outcome;
import io.logplane.schemas.definitions.Definition;
import io.logplane.schemas.model.ObjectJson;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.types.ResourceType;
import io.logplane.state.StoredObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Deletes: at once, or in steps when there is grace or a finalizer.
///
/// Source: k8s.io/apiserver/pkg/registry/rest/delete.go and generic/registry/store.go.
final class Deletes {
    private static final String FOREGROUND = "foregroundDeletion";
    private static final String ORPHAN = "orphan";
    /// Types whose children stay when nothing is said about them: what their first versions did, kept ever since.
    /// Source: DefaultGarbageCollectionPolicy of k8s.io/kubernetes/pkg/registry/{batch/job,core/replicationcontroller}.
    private static final Set<String> ORPHANING = Set.of("jobs.batch", "replicationcontrollers");
    private static final String JOB_WARNING = "child pods are preserved by default when jobs are deleted; set "
            + "propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning";

    private final Representations representations;
    private final Appender appender;
    private final Admission admission;

    Deletes(Representations representations, Appender appender, Admission admission) {
        this.representations = representations;
        this.appender = appender;
        this.admission = admission;
    }

    /// Shape: `gone` false: the object still exists, waiting for grace or finalizers.
    public record Deleted(boolean gone, Written object) {
    }

    Deleted delete(WriteContext context, ObjectKey key, DeleteOptions options) {
        return Attempts.run(context, key, appender, deleted -> deleted.object().revision(), current -> attempt(context,
                current, options));
    }

    /// Shape: what the client is warned of.
    List<String> collection(WriteContext context, List<ObjectKey> keys, DeleteOptions options) {
        List<String> warnings = new ArrayList<>();
        for (ObjectKey key : keys) {
            try {
                warnings.addAll(delete(context, key, options).object().warnings());
            } catch (Refused gone) {
                if (gone.refusal().code() != 404) {
                    throw gone.warning(warnings);
                }
            }
        }
        return warnings;
    }

    private Optional<Deleted> attempt(WriteContext context, StoredObject current, DeleteOptions options) {
        ResourceType type = context.type();
        ObjectNode object = type.present(ObjectJson.parse(current.json(), current.revision()));
        checkPreconditions(type, current, object, options);
        AdmissionRequest request = new AdmissionRequest(context.user(), type.storage(), Operation.DELETE, context.info()
                .subresource(), object, Optional.of(object), options.dryRun() || context.options().dryRun())
                .asked(context.asked(options));
        Updates.undoing(request, () -> {
            admission.admit(request);
            admission.validate(request);
        });
        boolean held = mark(type, object, options);
        byte[] json = Appender.canonical(object);
        boolean unchanged = held && java.util.Arrays.equals(json, current.json());
        if (options.dryRun() || context.options().dryRun() || unchanged) {
            return Optional.of(
                    new Deleted(!held, new Written(200, json, current.revision(), warnings(type, options, request))));
        }
        Draft draft = new Draft(current.key(), !held, json, current.revision(), request.reads(), context.info().verb()
                .equals("deletecollection") ? "deletecollection" : "delete");
        return switch (appender.append(draft, context)) {
            case Outcome.Done(long revision) -> {
                request.done(!held);
                yield Optional
                        .of(new Deleted(!held, new Written(200, json, revision, warnings(type, options, request))));
            }
            case Outcome.Raced(ObjectKey _, long _) -> Optional.empty();
        };
    }

    /// Writes into the object what its deletion means. True: it still exists afterwards.
    private boolean mark(ResourceType type, ObjectNode object, DeleteOptions options) {
        Instant now = appender.clock().instant();
        if (!ObjectMeta.of(object).has("deletionTimestamp")) {
            type.rules().prepareForDelete(object, ObjectMeta.time(now));
        }
        List<String> finalizers = finalizers(type, object, options);
        ObjectMeta.setFinalizers(object, finalizers);
        ObjectNode metadata = ObjectMeta.of(object);
        boolean namespace = type.group().isEmpty() && type.plural().equals("namespaces");
        boolean held = !finalizers.isEmpty() || namespace && object.path("spec").path("finalizers").size() > 0;
        long grace = grace(type, object, options);
        if (metadata.has("deletionTimestamp")) {
            return again(object, options, grace, held);
        }
        if (!held && grace == 0) {
            return false;
        }
        metadata.put("deletionTimestamp", ObjectMeta.time(now.plusSeconds(grace)));
        boolean definition = type.qualifiedName().equals(Definition.PLURAL + "." + Definition.GROUP);
        if (!namespace && !definition) {
            metadata.put("deletionGracePeriodSeconds", grace);
        }
        if (metadata.path("generation").asLong() > 0 && !definition && !namespace) {
            metadata.put("generation", metadata.path("generation").asLong() + 1);
        }
        if (namespace) {
            ObjectNode status = object.path("status") instanceof ObjectNode found ? found : object.putObject("status");
            status.put("phase", "Terminating");
        }
        return true;
    }

    /// A second delete: grace may only get shorter.
    private static boolean again(ObjectNode object, DeleteOptions options, long grace, boolean held) {
        ObjectNode metadata = ObjectMeta.of(object);
        long before = metadata.path("deletionGracePeriodSeconds").asLong();
        if (before == 0) {
            return held;
        }
        if (options.graceSeconds().isEmpty() && grace > 0 || grace >= before) {
            return true;
        }
        Instant asked = Instant.parse(metadata.path("deletionTimestamp").asText()).minusSeconds(before);
        metadata.put("deletionTimestamp", ObjectMeta.time(asked.plusSeconds(grace)));
        metadata.put("deletionGracePeriodSeconds", grace);
        return held || grace > 0;
    }

    private static long grace(ResourceType type, ObjectNode object, DeleteOptions options) {
        long usual = type.rules().defaultGraceSeconds(object);
        if (usual == 0 && !type.plural().equals("pods")) {
            return 0;
        }
        boolean unscheduled = object.path("spec").path("nodeName").asText().isEmpty();
        String phase = object.path("status").path("phase").asText();
        if (unscheduled || phase.equals("Succeeded") || phase.equals("Failed")) {
            return 0;
        }
        long grace = options.graceSeconds().orElse(usual);
        return grace < 0 ? 1 : grace;
    }

    private static List<String> finalizers(ResourceType type, ObjectNode object, DeleteOptions options) {
        List<String> finalizers = new ArrayList<>(ObjectMeta.texts(ObjectMeta.of(object).path("finalizers")));
        boolean orphan = options.propagation().equals("Orphan") || options.orphanDependents().orElse(false);
        boolean foreground = options.propagation().equals("Foreground");
        if (options.cascades()) {
            finalizers.removeIf(f -> f.equals(ORPHAN) || f.equals(FOREGROUND));
        } else {
            orphan = ORPHANING.contains(type.qualifiedName()) && !finalizers.contains(ORPHAN) && !finalizers.contains(
                    FOREGROUND);
        }
        if (orphan) {
            finalizers.add(ORPHAN);
        }
        if (foreground) {
            finalizers.add(FOREGROUND);
        }
        return finalizers;
    }

    /// What the client is told about a deletion that leaves more behind than it may expect.
    private static List<String> warnings(ResourceType type, DeleteOptions options, AdmissionRequest request) {
        List<String> warnings = new ArrayList<>(request.warnings());
        if (type.qualifiedName().equals("jobs.batch") && !options.cascades()) {
            warnings.add(JOB_WARNING);
        }
        return warnings;
    }

    static void checkPreconditions(ResourceType type, StoredObject current, ObjectNode object,
            DeleteOptions options) {
        String uid = ObjectMeta.of(object).path("uid").asText();
        if (options.uid().isPresent() && !options.uid().get().equals(uid)) {
            throw Refusals.conflict(type.group(), type.kind(), current.key().name(), "the UID in the precondition ("
                    + options.uid().get() + ") does not match the UID in record (" + uid
                    + "). The object might have been deleted and then recreated");
        }
        String revision = Long.toString(current.revision());
        if (options.resourceVersion().isPresent() && !options.resourceVersion().get().equals(revision)) {
            throw Refusals.conflict(type.group(), type.kind(), current.key().name(),
                    "the ResourceVersion in the precondition (" + options.resourceVersion().get()
                            + ") does not match the ResourceVersion in record (" + revision
                            + "). The object might have been modified");
        }
    }

    Representations representations() {
        return representations;
    }
}
