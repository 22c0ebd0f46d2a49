package io.logplane.gateway.commands;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.hooks.Hooks;
import io.logplane.gateway.hooks.PolicyTypeCheck;
import io.logplane.gateway.read.StateFeed;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.gateway.write.Pipeline;
import io.logplane.gateway.write.WriteContext;
import io.logplane.gateway.write.WriteOptions;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.ResourceTypes;
import io.logplane.schemas.types.TypeCatalogue;
import io.logplane.state.Registry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes into the status of every ValidatingAdmissionPolicy what the types of its objects say of its rules, once for
/// each generation.
///
/// In the gateway, because here are CEL and the types. Several gateways come to the same: who is second changes
/// nothing. Thread: one virtual thread and that of its feed; close ends them.
/// Source: k8s.io/kubernetes/pkg/controller/validatingadmissionpolicystatus.
public final class PolicyStatusKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyStatusKeeper.class);
    private static final ResourceType TYPE = ResourceTypes.require(Hooks.GROUP, "validatingadmissionpolicies");
    private static final String SELF = "validatingadmissionpolicy-status-controller";
    private static final String APPLY = "application/apply-patch+yaml";
    /// A conflict, and too many changes: what another attempt may get past.
    private static final Set<Integer> PASSING = Set.of(409, 429);
    private static final int SERVER_FAULT = 500;
    private static final Duration AGAIN = Duration.ofMillis(500);

    private final Registry registry;
    private final Pipeline pipeline;
    private final Supplier<TypeCatalogue> types;
    /// Names, each once.
    private final BlockingQueue<String> waiting = new LinkedBlockingQueue<>();
    private final StateFeed feed;
    private final Thread thread;

    private PolicyStatusKeeper(Registry registry, Pipeline pipeline, Supplier<TypeCatalogue> types) {
        this.registry = registry;
        this.pipeline = pipeline;
        this.types = types;
        this.feed = new StateFeed(registry, TYPE.group(), List.of(TYPE.plural()), new Changed());
        this.thread = Thread.ofVirtual().name("policy-status").unstarted(this::run);
    }

    public static PolicyStatusKeeper start(Registry registry, Pipeline pipeline, Supplier<TypeCatalogue> types)
            throws InterruptedException {
        PolicyStatusKeeper keeper = new PolicyStatusKeeper(registry, pipeline, types);
        keeper.feed.start();
        keeper.thread.start();
        return keeper;
    }

    private final class Changed implements StateFeed.Sink {
        @Override
        public void put(String resource, ObjectNode object) {
            String name = Tree.text(object, "metadata.name");
            if (isNew(object) && !waiting.contains(name)) {
                waiting.add(name);
            }
        }

        @Override
        public void remove(String resource, String namespace, String name) {
            // whoever is gone is not found
        }
    }

    private static boolean isNew(ObjectNode policy) {
        return Tree.number(policy, "metadata.generation") > Tree.number(policy, "status.observedGeneration");
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                attempt(waiting.take());
            } catch (InterruptedException stopping) {
                return;
            }
        }
    }

    private void attempt(String name) {
        try {
            registry.get(TYPE.key("", name)).map(stored -> Json.object(stored.json())).filter(
                    PolicyStatusKeeper::isNew).ifPresent(this::describe);
        } catch (Refused refused) {
            LOG.debug("the policy {} waits: {}", name, refused.refusal().message());
            if (refused.refusal().code() >= SERVER_FAULT || PASSING.contains(refused.refusal().code())) {
                LockSupport.parkNanos(AGAIN.toNanos());
                waiting.add(name);
            }
        } catch (RuntimeException fault) {
            LOG.error("the policy {} was not looked at", name, fault);
        }
    }

    private void describe(ObjectNode policy) {
        ObjectNode wanted = Json.newObject().put("apiVersion", TYPE.apiVersion()).put("kind", TYPE.kind());
        String name = Tree.text(policy, "metadata.name");
        wanted.putObject("metadata").put("name", name).put("uid", Tree.text(policy, "metadata.uid"));
        ObjectNode status = wanted.putObject("status").put("observedGeneration", Tree.number(policy,
                "metadata.generation"));
        ObjectNode checking = status.putObject("typeChecking");
        List<PolicyTypeCheck.Warning> warnings = PolicyTypeCheck.warnings(policy.path("spec"), types.get());
        for (PolicyTypeCheck.Warning warning : warnings) {
            checking.withArray("expressionWarnings").addObject().put("fieldRef", warning.fieldRef()).put("warning",
                    warning.text());
        }
        if (warnings.isEmpty() && Tree.has(policy, "status.typeChecking.expressionWarnings")) {
            // To take its last warning away would take away typeChecking itself, which says that there was a check.
            checking.putArray("expressionWarnings");
        }
        RequestInfo info = new RequestInfo(true, "", "patch", TYPE.group(), TYPE.version(), TYPE.plural(), "status",
                "", name, false);
        WriteContext context = WriteContext.own(User.named("system:serviceaccount:kube-system:" + SELF), info, TYPE,
                SELF).with(new WriteOptions(false, SELF, WriteOptions.PLAIN.validation(), true));
        pipeline.patch(context, Json.bytes(wanted), APPLY, unused -> {
            throw Refusals.notFound(TYPE, name);
        });
    }

    @Override
    public void close() {
        thread.interrupt();
        feed.close();
    }
}
