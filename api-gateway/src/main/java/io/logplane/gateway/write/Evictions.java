package io.logplane.gateway.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.request.Query;
import io.logplane.gateway.admission.Admission;
import io.logplane.gateway.admission.AdmissionRequest;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.gateway.write.Appender.Draft;
import io.logplane.gateway.write.Appender.Outcome;
import io.logplane.gateway.write.Representations.Decoded;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.LabelSelector;
import io.logplane.schemas.model.ObjectJson;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Refusal;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.ResourceTypes;
import io.logplane.state.Registry;
import io.logplane.state.StoredObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Evictions: a deletion that asks the pod's disruption budget first.
///
/// The budget's status is lowered under its revision before the pod is marked and deleted, so of two evictions at once
/// one decides anew. Source: kubernetes/pkg/registry/core/pod/storage/eviction.go.
final class Evictions {
    /// Attempts on a budget or a pod that moves; upstream gives up after some seconds, too.
    private static final int MAX_ATTEMPTS = 20;
    /// Evictions the controller has not confirmed yet; more means it does not run. Upstream's figure.
    private static final int MAX_DISRUPTED = 2_000;
    /// How long a client waits for a budget that is not counted yet. Upstream's figure.
    private static final int PROCESSING_SECONDS = 10;
    private static final String BLOCKED = "Cannot evict pod as it would violate the pod's disruption budget.";

    private final Representations representations;
    private final Updates updates;
    private final Deletes deletes;
    private final Appender appender;
    private final Admission admission;

    Evictions(Representations representations, Updates updates, Deletes deletes, Appender appender,
            Admission admission) {
        this.representations = representations;
        this.updates = updates;
        this.deletes = deletes;
        this.appender = appender;
        this.admission = admission;
    }

    /// Upstream takes the older version too, whatever else it serves of it, and fabric8 still sends it. Shape: found in
    /// JSON, YAML and the envelope of protobuf alike.
    private static String version(byte[] body) {
        return new String(body, StandardCharsets.ISO_8859_1).contains("policy/v1beta1") ? "v1beta1" : "v1";
    }

    /// Shape: what hooks say to the client.
    List<String> evict(WriteContext context, byte[] body, String contentType) {
        ObjectNode eviction = representations.decodeKind(body, contentType, "policy", version(body), "Eviction");
        String name = Tree.text(eviction, "metadata.name");
        if (!name.isEmpty() && !name.equals(context.info().name())) {
            throw Refusals.badRequest("name in URL does not match name in Eviction object");
        }
        eviction.put("kind", "Eviction").put("apiVersion", "policy/v1");
        AdmissionRequest request = Pipeline.hooked(context, Operation.CREATE, eviction, context.options().dryRun(),
                "CreateOptions");
        Updates.undoing(request, () -> admission.hooks(request));
        DeleteOptions options = DeleteOptions.of(eviction.path("deleteOptions") instanceof ObjectNode found
                ? Optional.of(found)
                : Optional.empty(), Query.EMPTY);
        boolean dry = options.dryRun() || context.options().dryRun();
        boolean mayMove = options.resourceVersion().isEmpty();
        boolean granted = false;
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            StoredObject stored = pod(context);
            ObjectNode pod = ObjectJson.parse(stored.json(), stored.revision());
            Deletes.checkPreconditions(context.type(), stored, pod, options);
            if (!granted) {
                granted = free(pod) || granted(context, pod, dry);
            }
            try {
                delete(context, stored, pod, options, dry);
                return request.warnings();
            } catch (Refused moved) {
                boolean again = moved.refusal().code() == 409 && mayMove;
                if (!again || attempt == MAX_ATTEMPTS - 1) {
                    throw moved;
                }
            }
        }
        throw new IllegalStateException("the last attempt ends with an answer or a refusal");
    }

    private StoredObject pod(WriteContext context) {
        ObjectKey key = Pipeline.key(context);
        return Optional.<StoredObject>empty().or(() -> appender.newest(key)).orElseThrow(() -> Refusals.notFound(
                context.type(), key.name()));
    }

    /// Nobody counts on such a pod.
    private static boolean free(ObjectNode pod) {
        String phase = Tree.text(pod, "status.phase");
        return phase.equals("Succeeded") || phase.equals("Failed") || phase.equals("Pending") || phase.isEmpty() || Tree
                .has(pod, "metadata.deletionTimestamp");
    }

    private static boolean ready(ObjectNode pod) {
        return Tree.objects(pod, "status.conditions").stream().anyMatch(one -> Tree.text(one, "type").equals("Ready")
                && Tree.text(one, "status").equals("True"));
    }

    /// Errors: 429 when the budget forbids it.
    private boolean granted(WriteContext context, ObjectNode pod, boolean dry) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            List<StoredObject> budgets = budgets(context.info().namespace(), pod);
            if (budgets.isEmpty()) {
                return true;
            }
            if (budgets.size() > 1) {
                throw Refusals.unclassified("This pod has more than one PodDisruptionBudget, which the eviction "
                        + "subresource does not support.");
            }
            StoredObject stored = budgets.getFirst();
            ObjectNode budget = Json.object(stored.json());
            if (!ready(pod) && unhealthyMayGo(budget)) {
                return true;
            }
            spend(budget, Tree.text(pod, "metadata.name"));
            if (dry || write(context, stored, budget)) {
                return true;
            }
            appender.settle(stored.key());
        }
        throw blocked("", 0, "");
    }

    private static boolean unhealthyMayGo(ObjectNode budget) {
        long healthy = Tree.number(budget, "status.currentHealthy");
        long desired = Tree.number(budget, "status.desiredHealthy");
        return Tree.text(budget, "spec.unhealthyPodEvictionPolicy").equals("AlwaysAllow")
                || healthy >= desired && desired > 0;
    }

    private void spend(ObjectNode budget, String pod) {
        String name = Tree.text(budget, "metadata.name");
        ObjectNode status = Tree.object(budget, "status");
        long allowed = Tree.number(status, "disruptionsAllowed");
        if (Tree.number(status, "observedGeneration") < Tree.number(budget, "metadata.generation")) {
            throw blocked("The disruption budget " + name + " is still being processed by the server.",
                    PROCESSING_SECONDS, "");
        }
        if (allowed < 0) {
            throw Refusals.forbidden("policy", "poddisruptionbudget", name, "pdb disruptions allowed is negative");
        }
        if (status.path("disruptedPods").size() > MAX_DISRUPTED) {
            throw Refusals.forbidden("policy", "poddisruptionbudget", name,
                    "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
        }
        if (allowed == 0) {
            throw blocked("The disruption budget " + name + " needs " + Tree.number(status, "desiredHealthy")
                    + " healthy pods and has " + Tree.number(status, "currentHealthy") + " currently", 0, "");
        }
        Tree.put(status, "disruptionsAllowed", allowed - 1);
        if (allowed == 1) {
            insufficient(budget, status);
        }
        Tree.object(status, "disruptedPods").put(pod, ObjectMeta.time(appender.clock().instant()));
    }

    private void insufficient(ObjectNode budget, ObjectNode status) {
        for (ObjectNode condition : Tree.objects(status, "conditions")) {
            if (Tree.text(condition, "type").equals("DisruptionAllowed") && !Tree.text(condition, "status").equals(
                    "False")) {
                condition.put("status", "False");
                condition.put("reason", "InsufficientPods");
                condition.put("lastTransitionTime", ObjectMeta.time(appender.clock().instant()));
                Tree.put(condition, "observedGeneration", Tree.number(budget, "metadata.generation"));
            }
        }
    }

    private boolean write(WriteContext context, StoredObject stored, ObjectNode budget) {
        ResourceType type = ResourceTypes.require("policy", "poddisruptionbudgets");
        RequestInfo info = new RequestInfo(true, "", "update", type.group(), type.version(), type.plural(), "status",
                stored.key().apiNamespace(), stored.key().name(), false);
        Draft draft = new Draft(stored.key(), false, Appender.canonical(budget), stored.revision(), List.of(),
                "update");
        return switch (appender.append(draft, context.with(type, info))) {
            case Outcome.Done(long _) -> true;
            case Outcome.Raced(ObjectKey _, long _) -> false;
        };
    }

    /// Marks why the pod goes, then deletes what was marked.
    private void delete(WriteContext context, StoredObject stored, ObjectNode pod, DeleteOptions options, boolean dry) {
        DeleteOptions exact = options;
        if (!dry && !Tree.has(pod, "metadata.deletionTimestamp")) {
            String uid = Tree.text(pod, "metadata.uid");
            Updates.OwnChange marked = current -> {
                Deletes.checkPreconditions(context.type(), stored, current, options.withUid(Optional.of(uid)));
                mark(current);
                return new Decoded(current, List.of());
            };
            long revision = updates.run(context, marked).revision();
            exact = new DeleteOptions(options.graceSeconds(), options.propagation(), options.orphanDependents(),
                    Optional.of(uid), Optional.of(Long.toString(revision)), false);
        }
        Deletes.Deleted unused = deletes.delete(context, stored.key(), exact);
    }

    private void mark(ObjectNode pod) {
        ObjectNode status = Tree.object(pod, "status");
        List<ObjectNode> kept = new ArrayList<>(Tree.objects(status, "conditions"));
        kept.removeIf(one -> Tree.text(one, "type").equals("DisruptionTarget"));
        var conditions = status.putArray("conditions");
        kept.forEach(conditions::add);
        ObjectNode condition = conditions.addObject();
        condition.putNull("lastProbeTime");
        condition.put("lastTransitionTime", ObjectMeta.time(appender.clock().instant()));
        condition.put("message", "Eviction API: evicting");
        condition.put("reason", "EvictionByEvictionAPI");
        condition.put("status", "True");
        condition.put("type", "DisruptionTarget");
    }

    private List<StoredObject> budgets(String namespace, ObjectNode pod) {
        List<StoredObject> found = new ArrayList<>();
        String prefix = ObjectKey.prefix("policy", "poddisruptionbudgets", namespace);
        Registry registry = appender.registry();
        try (Registry.Scan budgets = registry.scan(prefix, registry.revision(Topics.REGISTRY), "")) {
            while (budgets.hasNext()) {
                StoredObject budget = budgets.next();
                LabelSelector selector = LabelSelector.ofObject(Json.object(budget.json()).path("spec").path(
                        "selector"));
                if (selector.matches(pod.path("metadata").path("labels"))) {
                    found.add(budget);
                }
            }
        }
        return found;
    }

    private static Refused blocked(String why, int retrySeconds, String field) {
        Refusal.Details details = new Refusal.Details("", "", "", "", why.isEmpty()
                ? List.of()
                : List.of(new Refusal.Cause("DisruptionBudget", why, field)),
                retrySeconds == 0
                        ? OptionalInt.empty()
                        : OptionalInt.of(retrySeconds));
        return new Refused(Refusal.of(429, "TooManyRequests", BLOCKED, details));
    }
}
